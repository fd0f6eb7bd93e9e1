/* Informers that watch a storm in the test's namespace, each with an oracle: one of all configmaps, one of those on the
 * left side. */
#ifndef TESTS_SERVER_OBSERVER_H
#define TESTS_SERVER_OBSERVER_H

#include "../support/oracle.h"

struct observer {
    struct oracle all, left;
    k8sc_lister *lister, *left_lister;
};

extern struct observer observer;

/* Begins, with what an earlier test left forgotten. The events come through the queue of the test's client. */
void observe_through(k8sc_client *through);
/* Dispatches until oracles, listers and the server's lists say the same, and no event was out of order on the way. */
void observe_until_settled(void);

#endif
