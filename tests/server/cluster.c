/* The cluster that a program's tests run on. The script `cluster` does the work. */
#include "support.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

char cluster_dir[64];
int cluster_port;
char cluster_url[64];

static const char *arguments;
static pid_t guardian;
static int guardian_leash;

static int script(const char *command)
{
    char line[1024];
    snprintf(line, sizeof line, "'%s' %s '%s' >&2", CLUSTER_SCRIPT, command, cluster_dir);
    return system(line);
}

/* A process that removes the cluster once this one has ended, in whatever way: what it reads from then ends. */
static int start_guardian(void)
{
    int ends[2];
    char byte;
    if (pipe2(ends, O_CLOEXEC)) return -1;
    guardian = fork();
    if (guardian < 0) return -1;
    if (guardian == 0) {
        int null = open("/dev/null", O_RDWR);
        setsid();
        dup2(null, 0), dup2(null, 1), dup2(null, 2);
        close(ends[1]);
        while (read(ends[0], &byte, 1) < 0) {
        }
        execl(CLUSTER_SCRIPT, "cluster", "clean", cluster_dir, (char *)NULL);
        _exit(1);
    }
    close(ends[0]);
    guardian_leash = ends[1];
    return 0;
}

static int read_port(void)
{
    char path[128];
    FILE *file;
    snprintf(path, sizeof path, "%s/ports", cluster_dir);
    file = fopen(path, "r");
    if (!file) return -1;
    if (fscanf(file, "apiserver=%d", &cluster_port) != 1) cluster_port = 0;
    fclose(file);
    snprintf(cluster_url, sizeof cluster_url, "https://127.0.0.1:%d", cluster_port);
    return cluster_port ? 0 : -1;
}

static int start(void **state)
{
    (void)state;
    strcpy(cluster_dir, "/tmp/k8sc-server-XXXXXX");
    if (!mkdtemp(cluster_dir) || start_guardian()) return -1;
    if (setenv("K8SC_APISERVER_ARGS", arguments, 1) || script("start") || read_port()) return -1;
    return unsetenv("K8SC_APISERVER_ARGS");
}

static int stop(void **state)
{
    int status;
    (void)state;
    close(guardian_leash);
    return waitpid(guardian, &status, 0) == guardian && status == 0 ? 0 : -1;
}

/* Whether there are binaries, which the script is then told about. The tool says on stderr what it lacks. */
static int have_server(void)
{
    char dir[512] = "";
    FILE *tool;
    if (getenv("K8SC_APISERVER_DIR")) return 1;
    tool = popen("'" APISERVER_TOOL "'", "r");
    if (!tool) return 0;
    if (fgets(dir, sizeof dir, tool)) dir[strcspn(dir, "\n")] = '\0';
    return pclose(tool) == 0 && *dir && setenv("K8SC_APISERVER_DIR", dir, 1) == 0;
}

static int is_set(const char *name, const char *value)
{
    const char *present = getenv(name);
    return present && strcmp(present, value) == 0;
}

int run_on_cluster(const char *apiserver_arguments, const struct CMUnitTest *tests, size_t count)
{
    if (!have_server()) {
        fprintf(
            stderr,
            "\n*** NO REAL API SERVER: none of these %zu tests was run. See what tools/kube-apiserver says. ***\n\n",
            count);
        if (is_set("CI", "true") || is_set("K8SC_REQUIRE_APISERVER", "1")) {
            printf("1..1\nnot ok 1 - there is a real API server\n");
            return 1;
        }
        printf("1..0 # SKIP no real API server\n");
        return 77;
    }
    arguments = apiserver_arguments;
    return _cmocka_run_group_tests("server", tests, count, start, stop) == 0 ? 0 : 1;
}

void kill_apiserver(void) { assert_int_equal(script("kill-apiserver"), 0); }
void start_apiserver(void) { assert_int_equal(script("start-apiserver"), 0); }
void compact_etcd(void) { assert_int_equal(script("compact"), 0); }

char *cluster_file(const char *name)
{
    static char contents[8][16384];
    static int next;
    char path[256], *content = contents[next++ % 8];
    size_t size;
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", cluster_dir, name);
    file = fopen(path, "r");
    if (!file) fail_msg("cannot read %s", path);
    size = fread(content, 1, sizeof contents[0] - 1, file);
    fclose(file);
    content[size] = '\0';
    return content;
}

void in_cluster_dir(const char *command)
{
    char line[2048];
    snprintf(line, sizeof line, "cd '%s' && { %s; } >command.out 2>&1", cluster_dir, command);
    if (system(line)) fail_msg("%s: %s", command, cluster_file("command.out"));
}
