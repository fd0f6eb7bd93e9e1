/* The library leaves the process as it was: signals, locale, directory, environment, umask and output. Its threads take
 * no signals. */
#include <dlfcn.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "process.h"

extern char **environ;

/* How often anything in this process has set a signal's action, if only for a moment. Takes the C library's place. */
static int actions_set;

int sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
    int (*real)(int, const struct sigaction *, struct sigaction *);
    *(void **)&real = dlsym(RTLD_NEXT, "sigaction");
    if (action) __atomic_add_fetch(&actions_set, 1, __ATOMIC_SEQ_CST);
    return real(number, action, before);
}

typedef struct picture {
    struct sigaction actions[65];
    sigset_t mask;
    char locale[256], directory[1024], environment[16384];
    mode_t umask;
} picture;

static void take_picture(picture *it)
{
    char **variable;
    int number;
    memset(it, 0, sizeof *it);
    for (number = 1; number < 65; number++) sigaction(number, NULL, &it->actions[number]);
    pthread_sigmask(SIG_SETMASK, NULL, &it->mask);
    snprintf(it->locale, sizeof it->locale, "%s", setlocale(LC_ALL, NULL));
    assert_non_null(getcwd(it->directory, sizeof it->directory));
    for (variable = environ; *variable; variable++) {
        size_t at = strlen(it->environment);
        snprintf(it->environment + at, sizeof it->environment - at, "%s\n", *variable);
    }
    it->umask = umask(0);
    umask(it->umask);
}

static void expect_same(const picture *a, const picture *b)
{
    int number;
    for (number = 1; number < 65; number++) {
        if (a->actions[number].sa_handler != b->actions[number].sa_handler ||
            a->actions[number].sa_flags != b->actions[number].sa_flags)
            fail_msg("the action of signal %d was changed", number);
        if (sigismember(&a->mask, number) != sigismember(&b->mask, number))
            fail_msg("signal %d was blocked or unblocked", number);
    }
    assert_string_equal(a->locale, b->locale);
    assert_string_equal(a->directory, b->directory);
    assert_string_equal(a->environment, b->environment);
    assert_int_equal(a->umask, b->umask);
}

/* A bit of everything, against a port that refuses. */
static void use_the_library(void)
{
    k8sc_client *client = client_for(1);
    k8sc_resource *resource;
    k8sc_object *object;
    k8sc_config *config;
    k8sc_error *err;
    counted handler = {0, 0, 0};
    k8sc_informer *informer;
    assert_int_equal(k8sc_config_parse("{", 1, NULL, &config, &err), K8SC_E_PARSE);
    k8sc_error_free(err);
    assert_int_equal(k8sc_object_parse_yaml("a: 1.5\nb: [1]\n", 14, &object, NULL), K8SC_OK);
    k8sc_object_unref(object);
    assert_int_equal(k8sc_client_resource(client, "", "v1", "pods", "default", &resource, NULL), K8SC_OK);
    assert_int_equal(k8sc_resource_get(resource, "a", NULL, &object, NULL) == K8SC_OK, 0);
    assert_int_equal(k8sc_informer_new(client, "", "v1", "pods", NULL, &informer, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_add_handler(informer, count_call, &handler, count_destroy, NULL, NULL), K8SC_OK);
    assert_int_equal(k8sc_informer_start(informer, NULL), K8SC_OK);
    while (!handler.calls) {
        assert_int_equal(k8sc_queue_wait(k8sc_client_queue(client), 10000, NULL, NULL), K8SC_OK);
        assert_int_equal(k8sc_queue_dispatch(k8sc_client_queue(client), 0, NULL, NULL), K8SC_OK);
    }
    assert_int_equal(k8sc_queue_start_thread(k8sc_client_queue(client), NULL), K8SC_OK);
    assert_int_equal(k8sc_client_close(client, -1, NULL), K8SC_OK);
    k8sc_informer_unref(informer);
    k8sc_resource_unref(resource);
    k8sc_client_unref(client);
}

static void process_is_untouched(void **state)
{
    static picture before, after;
    (void)state;
    take_picture(&before);
    use_the_library();
    take_picture(&after);
    expect_same(&before, &after);
}

/* Not for a moment either: another thread may just then rely on it. */
static void signal_actions_are_not_borrowed(void **state)
{
    k8sc_client *idle = client_for(1);
    int before = threads(), set = __atomic_load_n(&actions_set, __ATOMIC_SEQ_CST);
    struct sigaction ignore;
    (void)state;
    use_the_library();
    k8sc_client_close(idle, -1, NULL); /* that has sent nothing */
    k8sc_client_unref(idle);
    expect_counts(before - 1, descriptors(), "after the last client");
    assert_int_equal(__atomic_load_n(&actions_set, __ATOMIC_SEQ_CST), set);
    /* It would have been seen. */
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_DFL;
    sigaction(SIGUSR2, &ignore, NULL);
    assert_int_equal(__atomic_load_n(&actions_set, __ATOMIC_SEQ_CST), set + 1);
}

/* A comma as the decimal separator must change neither what is read nor what is written. */
static void locale_of_the_host(void **state)
{
    static const char json[] = "{\"a\":1.5}";
    k8sc_object *object;
    k8sc_draft *draft;
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8")) setlocale(LC_ALL, "C.UTF-8");
    assert_int_equal(k8sc_object_parse_json(json, sizeof json - 1, &object, NULL), K8SC_OK);
    assert_true(k8sc_object_number(object, "/a", 0) == 1.5);
    assert_int_equal(k8sc_object_edit(object, &draft, NULL), K8SC_OK);
    assert_int_equal(k8sc_draft_set_number(draft, "/b", 2.25, NULL), K8SC_OK);
    k8sc_object_unref(object);
    assert_int_equal(k8sc_draft_freeze(draft, &object, NULL), K8SC_OK);
    assert_string_equal(k8sc_object_json(object, NULL), "{\"a\":1.5,\"b\":2.25}");
    k8sc_draft_free(draft);
    k8sc_object_unref(object);
    setlocale(LC_ALL, "C");
}

static void nothing_is_printed(void **state)
{
    char path[] = "/tmp/k8sc-quiet-XXXXXX";
    int file = mkstemp(path), out = dup(1), err = dup(2);
    struct stat written;
    (void)state;
    assert_true(file >= 0 && out >= 0 && err >= 0);
    unlink(path);
    fflush(NULL);
    dup2(file, 1);
    dup2(file, 2);
    use_the_library();
    fflush(NULL);
    dup2(out, 1);
    dup2(err, 2);
    assert_int_equal(fstat(file, &written), 0);
    close(file);
    close(out);
    close(err);
    assert_int_equal(written.st_size, 0);
}

/* All that can be blocked is: the two that cannot, and the two that the C library keeps for itself, are not in the
 * mask. */
static void threads_block_all_signals(void **state)
{
    /* A sanitizer has a thread of its own, older than these. */
    int before = threads(), seen = 0, others = 0;
    k8sc_client *client = client_for(1);
    DIR *tasks;
    struct dirent *task;
    (void)state;
    assert_int_equal(k8sc_queue_start_thread(k8sc_client_queue(client), NULL), K8SC_OK);
    tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    while ((task = readdir(tasks))) {
        char path[300], line[256];
        FILE *status;
        int number;
        if (task->d_name[0] == '.' || atoi(task->d_name) == (int)getpid()) continue;
        snprintf(path, sizeof path, "/proc/self/task/%s/status", task->d_name);
        status = fopen(path, "r");
        assert_non_null(status);
        while (fgets(line, sizeof line, status)) {
            unsigned long long mask;
            if (sscanf(line, "SigBlk: %llx", &mask) != 1) continue;
            if (++seen < before) break;
            others++;
            for (number = 1; number <= 64; number++) {
                if (number == SIGKILL || number == SIGSTOP || number == 32 || number == 33) continue;
                if (!(mask >> (number - 1) & 1)) fail_msg("a thread takes signal %d", number);
            }
        }
        fclose(status);
    }
    closedir(tasks);
    assert_int_equal(others, 2);
    k8sc_client_close(client, -1, NULL);
    k8sc_client_unref(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(process_is_untouched),      cmocka_unit_test(signal_actions_are_not_borrowed),
        cmocka_unit_test(locale_of_the_host),        cmocka_unit_test(nothing_is_printed),
        cmocka_unit_test(threads_block_all_signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
