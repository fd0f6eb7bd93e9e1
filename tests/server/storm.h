/* Random creates, updates and deletes of configmaps, from several threads at once. */
#ifndef TESTS_SERVER_STORM_H
#define TESTS_SERVER_STORM_H

/* Prints the seed, and answers it: K8SC_SEED, when set, else one of its own. */
unsigned storm_seed(void);
/* Begins: so many writes that succeed, in the test's namespace. A write that finds no server is tried again. */
void storm_begin(int writes);
/* How many have succeeded by now. */
int storm_done(void);
int storm_is_over(void);
/* No more writes than those that are on their way. */
void storm_cancel(void);
/* Waits for the threads, and fails where a write failed in a way that no restart of the server explains. */
void storm_end(void);

#endif
