#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include "clock.h"

#include <time.h>

#include "expect.h"

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void pause_ms(int64_t ms)
{
    const struct timespec pause = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
}

void fail_as_late(const char *file, int line, int64_t ms, const char *condition)
{
    print_error("still not after %d ms: %s\n    %s\n", (int)ms, condition, err ? k8sc_error_message(err) : "");
    _fail(file, line);
}
