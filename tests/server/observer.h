/* Informers that watch a storm in the test's namespace, each with a ledger: one of all configmaps, one of those on the
 * left side. */
#ifndef TESTS_SERVER_OBSERVER_H
#define TESTS_SERVER_OBSERVER_H

#include "ledger.h"

struct observer {
    struct ledger all, left;
    k8sc_lister *lister, *left_lister;
};

extern struct observer observer;

/* Begins, with what an earlier test left forgotten. The events come through the queue of the test's client. */
void observe_through(k8sc_client *through);
/* Dispatches until ledgers, listers and the server's lists say the same, and no event was out of order on the way. */
void observe_until_settled(void);

#endif
