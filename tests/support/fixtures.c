#include "fixtures.h"

#include "expect.h"

static struct {
    void *handle;
    void (*release)(void *);
} tracked[4096];
static size_t tracked_count;

void *track(void *handle, void (*release)(void *))
{
    assert_true(tracked_count < sizeof tracked / sizeof *tracked);
    tracked[tracked_count].handle = handle;
    tracked[tracked_count++].release = release;
    return handle;
}

void release_tracked(void)
{
    while (tracked_count > 0) {
        tracked_count--;
        tracked[tracked_count].release(tracked[tracked_count].handle);
    }
}
