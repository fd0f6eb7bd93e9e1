/* A relay between a client and the API server, which can be cut: then what the client misses is up to the test. TLS
 * goes through it. */
#ifndef TESTS_SERVER_RELAY_H
#define TESTS_SERVER_RELAY_H

#include <stddef.h>

/* Listens on loopback and passes connections on to this port; the answer is the port it listens on. */
int relay_start(int target_port);
/* The port that it listens on. */
int relay_port(void);
/* Ends all connections and refuses new ones; returns when that is done. */
void relay_cut(void);
/* Listens again, on the same port. */
void relay_mend(void);
/* Resets the connections there are; new ones work. */
void relay_reset(void);
/* Ends each connection there is after so many more bytes to the client (at least 1), wherever in a line that is; new
 * ones work. */
void relay_end_after(size_t bytes);
/* Keeps the connections but passes nothing on, until mended: bytes that come meanwhile are passed on then. */
void relay_stall(void);
/* What the connections there are send is taken, and passed on to nobody, for ever; new ones work. */
void relay_swallow(void);
/* The connections there are do not even acknowledge what they are sent, as behind a firewall that drops it; new ones
 * work. */
void relay_go_deaf(void);
/* Connections that were ever accepted. */
int relay_accepted(void);
void relay_stop(void);

#endif
