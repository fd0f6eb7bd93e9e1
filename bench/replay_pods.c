#define _GNU_SOURCE
#include "replay_pods.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pods.h"

/* Protobuf as Kubernetes uses it: a magic number, then runtime.Unknown with apiVersion, kind and the message itself.
 * The fields are all of the kind that begins with a length, and numbers below 16: one byte each. */
enum { field_1 = 1 << 3 | 2, field_2 = 2 << 3 | 2, field_6 = 6 << 3 | 2 };

static char *put_size(char *out, size_t size)
{
    for (; size > 0x7f; size >>= 7) *out++ = (char)(size | 0x80);
    *out++ = (char)size;
    return out;
}

static char *put_head(char *out, int field, size_t size)
{
    *out++ = (char)field;
    return put_size(out, size);
}

static char *put(char *out, int field, const char *data, size_t size)
{
    out = put_head(out, field, size);
    memcpy(out, data, size);
    return out + size;
}

/* All that goes before a message of `size` bytes. */
static char *put_envelope(char *out, const char *kind, size_t size)
{
    memcpy(out, "k8s", 4);
    out = put_head(out + 4, field_1, 2 + 2 + 2 + strlen(kind));
    out = put(out, field_1, "v1", 2);
    out = put(out, field_2, kind, strlen(kind));
    return put_head(out, field_2, size);
}

/* A frame: its length in four bytes, then WatchEvent with a RawExtension. Only the heads; the pod itself goes after it.
 */
static char *put_event(char *out, const char *type, size_t size)
{
    char envelope[64], event[64], *end;
    size_t inner = (size_t)(put_envelope(envelope, "Pod", size) - envelope), total;
    end = put(event, field_1, type, strlen(type));
    end = put_head(end, field_2, (size_t)(put_head(event + 48, field_1, inner + size) - (event + 48)) + inner + size);
    end = put_head(end, field_1, inner + size);
    total = (size_t)(end - event) + inner + size;
    *out++ = (char)(total >> 24);
    *out++ = (char)(total >> 16);
    *out++ = (char)(total >> 8);
    *out++ = (char)total;
    memcpy(out, event, (size_t)(end - event));
    out += end - event;
    memcpy(out, envelope, inner);
    return out + inner;
}

int replay_pods_make(struct replay_pods *out, unsigned count)
{
    struct replay_text *pods = malloc(count * sizeof *pods);
    FILE *file;
    unsigned i;
    memset(out, 0, sizeof *out);
    file = open_memstream(&out->list.data, &out->list.size);
    if (!pods || !file) return -1;
    pod_list_begin(file, count);
    for (i = 0; i < count; i++) {
        if (i) fputc(',', file);
        fflush(file);
        pods[i].size = out->list.size;
        pod_write(file, i);
        fflush(file);
        pods[i].size = out->list.size - pods[i].size;
    }
    pod_list_end(file);
    if (fclose(file) != 0) return -1;
    /* The buffer no longer moves: the first pod is behind the list's head, and a comma lies between two. */
    for (i = 0; i < count; i++)
        pods[i].data = i ? pods[i - 1].data + pods[i - 1].size + 1 : strchr(out->list.data, '[') + 1;
    out->count = count;
    out->pods = pods;
    return 0;
}

int replay_pods_read(struct replay_pods *out, unsigned count, const char *path)
{
    FILE *file = fopen(path, "r");
    struct replay_text *pods = malloc(count * sizeof *pods), body;
    char head[128], meta[32], version[16], *end;
    unsigned char size[4];
    unsigned i;
    memset(out, 0, sizeof *out);
    if (!pods || !file || fseek(file, 0, SEEK_END) < 0) return -1;
    /* A head in a list is at most as long as the four bytes of the file and two more. */
    if (!(body.data = end = malloc((size_t)ftell(file) + count * 2 + sizeof meta))) return -1;
    rewind(file);
    snprintf(version, sizeof version, "%u", pod_list_version(count));
    end = put(end, field_1, meta, (size_t)(put(meta, field_2, version, strlen(version)) - meta));
    for (i = 0; i < count && fread(size, 1, 4, file) == 4; i++) {
        pods[i].size = (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
        pods[i].data = end = put_head(end, field_2, pods[i].size);
        if (fread(end, 1, pods[i].size, file) != pods[i].size) break;
        end += pods[i].size;
    }
    if (i < count || getc(file) != EOF) {
        errno = ERANGE;
        return -1;
    }
    fclose(file);
    body.size = (size_t)(end - body.data);
    /* The head's length is known now, so the body moves behind it. */
    end = put_envelope(head, "PodList", body.size);
    out->list.size = (size_t)(end - head) + body.size;
    if (!(out->list.data = malloc(out->list.size))) return -1;
    memcpy(out->list.data, head, (size_t)(end - head));
    memcpy(out->list.data + (end - head), body.data, body.size);
    for (i = 0; i < count; i++) pods[i].data += out->list.data + (end - head) - body.data;
    free(body.data);
    out->count = count;
    out->pods = pods;
    out->protobuf = 1;
    return 0;
}

/* Overwrites the digits behind `before`, which is early in a pod. */
static void set_digits(char *pod, size_t size, const char *before, size_t before_size, const char *digits)
{
    char *at = memmem(pod, size, before, before_size);
    if (at) memcpy(at + before_size, digits, strlen(digits));
}

size_t replay_frame(const struct replay_pods *pods, unsigned number, unsigned version, int64_t sent, char *out)
{
    static const char event[] = "{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\",";
    static const char json_version[] = "\"resourceVersion\":\"", json_sent[] = "\"" POD_SENT "\":\"";
    static const char protobuf_version[] = "\x32\x07", protobuf_sent[] = POD_SENT "\x12\x14";
    const struct replay_text *pod = &pods->pods[number];
    char old[24], digits[24], *end;
    snprintf(digits, sizeof digits, "%07u", version);
    if (pods->protobuf) {
        char *object = put_event(out, "MODIFIED", pod->size);
        memcpy(object, pod->data, pod->size);
        /* The two bytes alone might be in some other place; together with the digits they are not. */
        snprintf(old, sizeof old, "%s%07u", protobuf_version, pod_version(number));
        if ((end = memmem(object, pod->size, old, strlen(old)))) memcpy(end + 2, digits, 7);
        snprintf(digits, sizeof digits, "%020" PRId64, sent);
        set_digits(object, pod->size, protobuf_sent, sizeof protobuf_sent - 1, digits);
        return (size_t)(object - out) + pod->size;
    }
    memcpy(out, event, sizeof event - 1);
    end = out + sizeof event - 1;
    memcpy(end, pod->data + 1, pod->size - 1); /* without its brace */
    set_digits(end, pod->size - 1, json_version, sizeof json_version - 1, digits);
    snprintf(digits, sizeof digits, "%020" PRId64, sent);
    set_digits(end, pod->size - 1, json_sent, sizeof json_sent - 1, digits);
    memcpy(end + pod->size - 1, "}\n", 2);
    return sizeof event - 1 + pod->size - 1 + 2;
}

size_t replay_bookmark(int protobuf, const char *kind, const char *api_version, unsigned version, char out[512])
{
    char pod[32], digits[16];
    if (protobuf) {
        char meta[16], *end;
        snprintf(digits, sizeof digits, "%u", version);
        end = put(meta, field_6, digits, strlen(digits));
        end = put(pod, field_1, meta, (size_t)(end - meta));
        memcpy(put_event(out, "BOOKMARK", (size_t)(end - pod)), pod, (size_t)(end - pod));
        return (size_t)(put_event(out, "BOOKMARK", (size_t)(end - pod)) - out) + (size_t)(end - pod);
    }
    return (size_t)snprintf(
        out, 512,
        "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":"
        "\"%u\",\"creationTimestamp\":null}}}\n",
        kind, api_version, version);
}
