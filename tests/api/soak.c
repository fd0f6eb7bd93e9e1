/*
 * Informers for hours: what a process needs must not grow.
 *
 *   soak [SECONDS]      60 by default; K8SC_SEED repeats a run's choices
 *
 * A few long lives under chaos, each with rounds of storm and calm, go on until the end, and short ones come and go
 * beside them. Memory, threads and descriptors are noted all along; a line of JSON for each sample. It fails where a
 * life goes wrong, or where the second half of the time needs more than the first did: by 10 % and 8 MiB of memory, by
 * 10 % and 4 MiB of what is allocated of it, or by a few threads or descriptors. The first sixth is left out: caches
 * and pools fill. Compared are the averages, since storms make single samples jump.
 */
#include "chaos.h"

#include <dirent.h>
#include <malloc.h>

enum { long_lives = 3, samples = 120, most_more = 8 };

static int64_t begin_ms, seconds = 60;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t seed;
static int failures;
static long rounds, short_lives;
static struct totals all;

static struct sample {
    double memory_kb, heap_kb, threads, descriptors;
} taken[samples];

static int is_over(void) { return now_ms() - begin_ms >= seconds * 1000; }

static int more_rounds(int round, void *unused)
{
    (void)round, (void)unused;
    pthread_mutex_lock(&lock);
    rounds++;
    pthread_mutex_unlock(&lock);
    return !is_over();
}

static int no_more(int round, void *unused)
{
    (void)round, (void)unused;
    return 0;
}

static void live_one(int is_long)
{
    struct totals totals = {0, 0, 0, 0};
    pthread_mutex_lock(&lock);
    uint64_t own = seed++;
    pthread_mutex_unlock(&lock);
    char *words = chaos_live(own, is_long ? more_rounds : no_more, NULL, &totals);
    pthread_mutex_lock(&lock);
    if (words) fprintf(stderr, "%s\n", words);
    failures += words != NULL;
    short_lives += !is_long;
    all.mishaps += totals.mishaps, all.writes += totals.writes, all.events += totals.events,
        all.inferred += totals.inferred;
    pthread_mutex_unlock(&lock);
    free(words);
}

static void *live_long(void *unused)
{
    (void)unused;
    live_one(1);
    return NULL;
}

static void *live_again(void *unused)
{
    (void)unused;
    while (!is_over()) live_one(0);
    return NULL;
}

static double status_number(const char *name)
{
    char line[256];
    long number = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0) number = strtol(line + strlen(name), NULL, 10);
    if (file) fclose(file);
    return (double)number;
}

static double descriptors(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir && readdir(dir)) count++;
    if (dir) closedir(dir);
    return count;
}

static struct sample average(int from, int to)
{
    struct sample sum = {0, 0, 0, 0};
    for (int i = from; i < to; i++)
        sum.memory_kb += taken[i].memory_kb, sum.heap_kb += taken[i].heap_kb, sum.threads += taken[i].threads,
            sum.descriptors += taken[i].descriptors;
    int n = to - from;
    return (struct sample){sum.memory_kb / n, sum.heap_kb / n, sum.threads / n, sum.descriptors / n};
}

static int has_grown(const char *what, double before, double after, double most)
{
    printf("{\"%s\":{\"first\":%.1f,\"second\":%.1f,\"most\":%.1f}}\n", what, before, after, most);
    if (after > most)
        fprintf(stderr, "soak: %s grow: %.1f, then %.1f, where %.1f is the most\n", what, before, after, most);
    return after > most;
}

static int judge(void)
{
    int first = samples / 6, half = first + (samples - first) / 2;
    struct sample before = average(first, half), after = average(half, samples);
    int grown = has_grown("memory_kb", before.memory_kb, after.memory_kb, before.memory_kb * 1.1 + 8192);
    grown += has_grown("heap_kb", before.heap_kb, after.heap_kb, before.heap_kb * 1.1 + 4096);
    grown += has_grown("threads", before.threads, after.threads, before.threads * 1.1 + most_more);
    grown += has_grown("descriptors", before.descriptors, after.descriptors, before.descriptors * 1.1 + most_more);
    return grown;
}

int main(int argc, char **argv)
{
    pthread_t threads[long_lives + 1];
    const char *given = getenv("K8SC_SEED");
    if (argc > 1) seconds = strtoll(argv[1], NULL, 10);
    if (argc > 2 || seconds < 10) {
        fprintf(stderr, "usage: soak [SECONDS, at least 10]\n");
        return 2;
    }
    seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL) << 20;
    printf("{\"seed\":%llu,\"seconds\":%lld}\n", (unsigned long long)seed, (long long)seconds);
    begin_ms = now_ms();
    for (int i = 0; i <= long_lives; i++)
        if (pthread_create(&threads[i], NULL, i < long_lives ? live_long : live_again, NULL) != 0) return 1;
    for (int i = 0; i < samples; i++) {
        pause_ms(begin_ms + seconds * 1000 * (i + 1) / samples - now_ms());
        struct mallinfo2 heap = mallinfo2();
        taken[i] = (struct sample){status_number("VmRSS:"), (double)(heap.uordblks + heap.hblkhd) / 1024,
                                   status_number("Threads:"), descriptors()};
        printf("{\"at_s\":%.0f,\"memory_kb\":%.0f,\"heap_kb\":%.0f,\"threads\":%.0f,\"descriptors\":%.0f}\n",
               (double)(now_ms() - begin_ms) / 1000, taken[i].memory_kb, taken[i].heap_kb, taken[i].threads,
               taken[i].descriptors);
        fflush(stdout);
    }
    for (int i = 0; i <= long_lives; i++) pthread_join(threads[i], NULL);
    printf("{\"rounds\":%ld,\"short_lives\":%ld,\"writes\":%lld,\"mishaps\":%lld,\"events\":%lld,\"failures\":%d}\n",
           rounds, short_lives, (long long)all.writes, (long long)all.mishaps, (long long)all.events, failures);
    return judge() || failures ? 1 : 0;
}
