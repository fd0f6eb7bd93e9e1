/*
 * Nothing is lost, whatever happens: a few hundred lives, each from another seed, many at once since most of each is
 * waiting.
 *
 *   K8SC_SEED=n    the life of this seed alone, to repeat what went wrong
 *   K8SC_SEEDS=n   so many lives
 */
#include "chaos.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Sanitizers make the same life many times as expensive. */
#if defined(__SANITIZE_THREAD__)
enum { usual_lives = 24, at_once = 4 };
#elif defined(__SANITIZE_ADDRESS__)
enum { usual_lives = 48, at_once = 8 };
#else
enum { usual_lives = 200, at_once = 20 };
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t next_seed;
static long left;
static int failures;
static char *first_words[3];
static struct totals all;

static int never_again(int round, void *unused)
{
    (void)round, (void)unused;
    return 0;
}

static void *live_on(void *unused)
{
    (void)unused;
    for (;;) {
        struct totals totals = {0, 0, 0, 0};
        pthread_mutex_lock(&lock);
        uint64_t seed = next_seed++;
        int over = left-- <= 0;
        pthread_mutex_unlock(&lock);
        if (over) return NULL;
        char *words = chaos_live(seed, never_again, NULL, &totals);
        pthread_mutex_lock(&lock);
        all.mishaps += totals.mishaps, all.writes += totals.writes, all.events += totals.events,
            all.inferred += totals.inferred;
        if (words && failures < 3)
            first_words[failures] = words;
        else
            free(words);
        if (words) failures++;
        pthread_mutex_unlock(&lock);
    }
}

static void whatever_happens_the_caches_end_right(void **state)
{
    const char *one = getenv("K8SC_SEED"), *number = getenv("K8SC_SEEDS");
    long count = number ? strtol(number, NULL, 10) : one ? 1 : usual_lives;
    pthread_t threads[at_once];
    (void)state;
    left = count;
    next_seed = one ? strtoull(one, NULL, 10) : ((uint64_t)time(NULL) << 20) + (uint64_t)getpid() % 4096 * 256;
    print_message("# %ld lives from seed %llu; K8SC_SEED=n repeats one\n", count, (unsigned long long)next_seed);
    for (int i = 0; i < at_once; i++)
        if (pthread_create(&threads[i], NULL, live_on, NULL) != 0) fail_msg("no thread to be had");
    for (int i = 0; i < at_once; i++) pthread_join(threads[i], NULL);
    print_message("# %lld writes, %lld mishaps, %lld events, %lld inferred deletions\n", (long long)all.writes,
                  (long long)all.mishaps, (long long)all.events, (long long)all.inferred);
    for (int i = 0; i < failures && i < 3; i++) {
        fprintf(stderr, "%s\n", first_words[i]); /* longer than what cmocka prints */
        free(first_words[i]);
    }
    if (failures) fail_msg("%d of %ld lives went wrong", failures, count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whatever_happens_the_caches_end_right)};
    return cmocka_run_group_tests_name("chaos", tests, NULL, NULL);
}
