/* Makes pods that look like a cluster's: the same ones each time, for the same number. */
#ifndef BENCH_PODS_H
#define BENCH_PODS_H

#include <stdio.h>

/* Writes one pod as an item of a list, as the API server encodes it: compact, the members in the order of the Go types,
 * without kind and apiVersion. About 8.5 KB, of which managedFields are 3.8. */
void pod_write(FILE *out, unsigned number);

/* Writes a whole PodList; or what goes before its pods, and what goes after them. */
void pod_list_write(FILE *out, unsigned count);
void pod_list_begin(FILE *out, unsigned count);
void pod_list_end(FILE *out);

/* The annotation for the time at which an event was sent: twenty digits, zeros in a list. */
#define POD_SENT "bench.example.com/sent"

/* The resourceVersion of a pod: of seven digits for all that a benchmark makes, so that a replayed event can be given
 * another. */
unsigned pod_version(unsigned number);
/* The resourceVersion of the list: above that of each of its pods. */
unsigned pod_list_version(unsigned count);

#endif
