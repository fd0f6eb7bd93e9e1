/* What a benchmark has cost its process so far. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdint.h>

/* User and system time of all threads, from the start of the process. */
double measure_cpu_s(void);
/* CLOCK_MONOTONIC, as the replay server stamps its events. */
int64_t measure_now_ns(void);
/* VmRSS and VmHWM. */
double measure_rss_mb(void);
double measure_peak_rss_mb(void);
int measure_threads(void);
/* Descriptors that are open; those among them that are connected to a peer over IPv4. */
int measure_descriptors(int *connections);
/* So that what is freed at the end of the work, and what is unused, shows. */
void measure_rest(void);

#endif
