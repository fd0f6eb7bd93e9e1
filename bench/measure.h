/* What a benchmark has cost its process so far, and the words in which it says so. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

struct measure {
    double cpu_s;       /* user and system time of all threads, from the start of the process */
    double wall_s;      /* from measure_begin() */
    double peak_rss_mb; /* VmHWM */
    double rss_mb;      /* VmRSS */
};

void measure_begin(void);
void measure_now(struct measure *out);
/* The resident set alone, for a look after the work is done. */
double measure_rss_mb(void);
/* As one line of JSON, or as one line for each figure. */
void measure_print(const char *name, unsigned pods, const struct measure *measure, int json);

#endif
