/*
 * The same list, got in the plain way of C: libcurl into one buffer, jansson into one document. No cache, no handler,
 * no watch: less than an informer does.
 *
 *   peer_jansson [--server URL] [--pods N]
 */
#define _POSIX_C_SOURCE 200809L
#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "measure.h"
#include "run_server.h"

struct body {
    char *data;
    size_t size, capacity;
};

static size_t on_data(char *data, size_t size, size_t count, void *user_data)
{
    struct body *body = user_data;
    size *= count;
    if (body->size + size > body->capacity) {
        size_t capacity = (body->size + size) * 2;
        char *larger = realloc(body->data, capacity);
        if (!larger) return 0;
        body->data = larger;
        body->capacity = capacity;
    }
    memcpy(body->data + body->size, data, size);
    body->size += size;
    return size;
}

static int run(const char *server, unsigned pods)
{
    int64_t began = measure_now_ns();
    char url[256];
    struct body body = {NULL, 0, 0};
    json_error_t error;
    json_t *list = NULL;
    CURL *easy = curl_easy_init();
    CURLcode code;
    int failed = 1;
    if (!easy) return 1;
    snprintf(url, sizeof url, "%s/api/v1/pods?resourceVersion=0", server);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    code = curl_easy_perform(easy);
    curl_easy_cleanup(easy);
    if (code != CURLE_OK) {
        fprintf(stderr, "peer_jansson: %s\n", curl_easy_strerror(code));
    } else if (!(list = json_loadb(body.data, body.size, 0, &error))) {
        fprintf(stderr, "peer_jansson: %s\n", error.text);
    } else if (json_array_size(json_object_get(list, "items")) != pods) {
        fputs("peer_jansson: not the expected number of pods\n", stderr);
    } else {
        free(body.data);
        body.data = NULL;
        printf("{\"cpu_s\":%.3f,\"wall_s\":%.3f,\"peak_rss_mb\":%.1f,\"rss_mb\":%.1f}\n", measure_cpu_s(),
               (double)(measure_now_ns() - began) / 1e9, measure_peak_rss_mb(), measure_rss_mb());
        failed = 0;
    }
    json_decref(list);
    free(body.data);
    return failed;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    struct run_server server = {0, ""};
    int failed;
    if (arguments_parse(&arguments, argc, argv) < 0) return 2;
    if (!arguments.server && run_server_start(&server, arguments.pods) < 0) return EXIT_FAILURE;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    failed = run(arguments.server ? arguments.server : server.url, arguments.pods);
    curl_global_cleanup();
    run_server_stop(&server);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
