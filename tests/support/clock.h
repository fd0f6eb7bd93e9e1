/* Time, and waiting until something is so. */
#ifndef TESTS_SUPPORT_CLOCK_H
#define TESTS_SUPPORT_CLOCK_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of the monotonic clock. */
int64_t now_ms(void);
void pause_ms(int64_t ms);

/* Longer than anything here takes on a machine that is not broken. */
#define PATIENCE_MS 40000

/* Repeats the step until the condition holds. Fails the test, at the caller's line, after so many milliseconds. */
#define AWAIT_WITHIN(ms, condition, step) \
    do { \
        const int64_t limit_ms_ = (ms), began_ms_ = now_ms(); \
        while (!(condition)) { \
            if (now_ms() - began_ms_ > limit_ms_) fail_as_late(__FILE__, __LINE__, limit_ms_, #condition); \
            step; \
        } \
    } while (0)
/* Waits, and dispatches nothing. */
#define AWAIT(condition) AWAIT_WITHIN(PATIENCE_MS, condition, pause_ms(1))

void fail_as_late(const char *file, int line, int64_t ms, const char *condition);

#ifdef __cplusplus
}
#endif

#endif
