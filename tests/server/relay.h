/* A relay between a client and the API server, which can be cut: then what the client misses is up to the test. TLS goes through it. */
#ifndef TESTS_SERVER_RELAY_H
#define TESTS_SERVER_RELAY_H

/* Listens on loopback and passes connections on to this port; the answer is the port it listens on. */
int relay_start(int target_port);
/* Ends all connections and refuses new ones; returns when that is done. */
void relay_cut(void);
/* Listens again, on the same port. */
void relay_mend(void);
/* Keeps the connections but passes nothing on, until mended: bytes that come meanwhile are passed on then. */
void relay_stall(void);
/* Connections that were ever accepted. */
int relay_accepted(void);
void relay_stop(void);

#endif
