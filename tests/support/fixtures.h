/* What is released when the running test is over. */
#ifndef TESTS_SUPPORT_FIXTURES_H
#define TESTS_SUPPORT_FIXTURES_H

/* Answers the handle, and releases it at the end of the test: what was made last goes first. */
void *track(void *handle, void (*release)(void *));
/* For the teardown. */
void release_tracked(void);

#endif
