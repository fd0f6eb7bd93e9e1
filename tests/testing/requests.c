#include "support.h"

size_t collect(char *data, size_t size, size_t count, void *to)
{
    struct buffer *buffer = to;
    buffer->data = realloc(buffer->data, buffer->len + size * count + 1);
    assert_non_null(buffer->data);
    memcpy(buffer->data + buffer->len, data, size * count);
    buffer->len += size * count;
    buffer->data[buffer->len] = '\0';
    return size * count;
}

struct answer answer;

void forget_answer(void)
{
    json_decref(answer.json);
    free(answer.body.data);
    free(answer.headers.data);
    memset(&answer, 0, sizeof answer);
}

int over_http2(void) { return getenv("K8SC_TEST_HTTP2") != NULL; }

CURL *handle;
const char *token;
const char *more_headers[4];

struct curl_slist *aim(CURL *curl, const char *path, const char *content_type)
{
    char url[4096], header[1024];
    struct curl_slist *headers = NULL;
    snprintf(url, sizeof url, "%s%s", k8sc_testing_server_url(server), path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 20000L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)(over_http2() ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    if (k8sc_testing_server_ca_pem(server)) {
        struct curl_blob ca = {(void *)k8sc_testing_server_ca_pem(server), strlen(k8sc_testing_server_ca_pem(server)),
                               CURL_BLOB_COPY};
        curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &ca);
    }
    if (content_type) {
        snprintf(header, sizeof header, "Content-Type: %s", content_type);
        headers = curl_slist_append(headers, header);
    }
    if (token) {
        snprintf(header, sizeof header, "Authorization: Bearer %s", token);
        headers = curl_slist_append(headers, header);
    }
    for (size_t i = 0; i < 4 && more_headers[i]; ++i) headers = curl_slist_append(headers, more_headers[i]);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    return headers;
}

/* "content-type:" to "Content-Type:". */
static void spell_names(char *headers)
{
    int in_name = 1, first = 1;
    for (; headers && *headers; headers++) {
        if (in_name && first && *headers >= 'a' && *headers <= 'z') *headers = (char)(*headers - 'a' + 'A');
        if (*headers == ':') in_name = 0;
        if (*headers == '\n') in_name = 1;
        first = *headers == '-' || *headers == '\n';
    }
}

long request(const char *method, const char *path, const char *content_type, const char *body)
{
    forget_answer();
    curl_easy_reset(handle);
    struct curl_slist *headers = aim(handle, path, content_type);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method);
    if (body) curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, collect);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &answer.headers);
    answer.result = curl_easy_perform(handle);
    curl_slist_free_all(headers);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.code);
    spell_names(answer.headers.data);
    if (answer.body.data) answer.json = json_loadb(answer.body.data, answer.body.len, JSON_DECODE_ANY, NULL);
    return answer.code;
}

long get(const char *path) { return request("GET", path, NULL, NULL); }
long post(const char *path, const char *body) { return request("POST", path, JSON_TYPE, body); }
long put(const char *path, const char *body) { return request("PUT", path, JSON_TYPE, body); }
long patch(const char *path, const char *type, const char *body) { return request("PATCH", path, type, body); }
long delete (const char *path, const char *body) { return request("DELETE", path, body ? JSON_TYPE : NULL, body); }

json_t *at(json_t *value, const char *path)
{
    char copy[256], *rest = NULL;
    snprintf(copy, sizeof copy, "%s", path);
    for (char *step = strtok_r(copy, ".", &rest); step && value; step = strtok_r(NULL, ".", &rest))
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(step)) : json_object_get(value, step);
    return value;
}

const char *text(const char *path)
{
    const char *found = json_string_value(at(answer.json, path));
    return found ? found : "(none)";
}

int64_t number(const char *path) { return (int64_t)json_integer_value(at(answer.json, path)); }

void assert_cut(void)
{
    /* Of HTTP/2 curl says what the connection died of. */
    if (over_http2())
        assert_int_not_equal(answer.result, CURLE_OK);
    else
        assert_int_equal(answer.result, CURLE_PARTIAL_FILE);
}

void assert_status(long code, const char *reason, const char *message)
{
    assert_int_equal(answer.code, code);
    assert_text("kind", "Status");
    assert_text("apiVersion", "v1");
    assert_text("status", "Failure");
    assert_text("reason", reason);
    assert_text("message", message);
    assert_int_equal(number("code"), code);
}

const char *names(void)
{
    static char joined[4096];
    size_t i;
    json_t *item;
    joined[0] = '\0';
    json_array_foreach(at(answer.json, "items"), i, item)
    {
        if (i > 0) strcat(joined, ",");
        strcat(joined, json_string_value(at(item, "metadata.name")));
    }
    return joined;
}
