/* The pods that the replay server has, as it sends them: in JSON and, where they were converted, in protobuf. */
#ifndef BENCH_REPLAY_PODS_H
#define BENCH_REPLAY_PODS_H

#include <stddef.h>
#include <stdint.h>

struct replay_text {
    char *data;
    size_t size;
};

/* One encoding of all pods. */
struct replay_pods {
    unsigned count;
    struct replay_text list;  /* the body of a list */
    struct replay_text *pods; /* within it */
    int protobuf;
};

/* Longer than what replay_frame adds to a pod. */
enum { replay_frame_head = 160 };

/* 0, or -1 with errno. */
int replay_pods_make(struct replay_pods *out, unsigned count);
/* The messages that `peer_client_go convert` has written; -1 with errno ERANGE where they are not `count` pods of
 * bench/pods.c. */
int replay_pods_read(struct replay_pods *out, unsigned count, const char *path);
/* Writes a frame of a watch, MODIFIED, with a pod that has this resourceVersion and this time in its annotation;
 * answers its size. */
size_t replay_frame(const struct replay_pods *pods, unsigned number, unsigned version, int64_t sent, char *out);
/* Writes a BOOKMARK. `kind` and `api_version` count in JSON alone. */
size_t replay_bookmark(int protobuf, const char *kind, const char *api_version, unsigned version, char out[512]);

#endif
