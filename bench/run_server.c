#define _GNU_SOURCE
#include "run_server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static int path_beside(char *path, size_t size, const char *name)
{
    char *slash;
    ssize_t len = readlink("/proc/self/exe", path, size - 1);
    if (len < 0) return -1;
    path[len] = '\0';
    slash = strrchr(path, '/');
    if (!slash || (size_t)(slash + 1 - path) + strlen(name) >= size) return -1;
    strcpy(slash + 1, name);
    return 0;
}

int run_server_start(struct run_server *server, unsigned pods)
{
    char path[4096], count[16];
    int out[2];
    FILE *answer;
    server->pid = -1;
    snprintf(count, sizeof count, "%u", pods);
    if (path_beside(path, sizeof path, "replay_server") < 0 || pipe2(out, O_CLOEXEC) < 0) {
        perror("replay_server");
        return -1;
    }
    server->pid = fork();
    if (server->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(out[1], 1);
        execl(path, path, "--pods", count, (char *)NULL);
        perror(path);
        _exit(127);
    }
    close(out[1]);
    /* The server prints its URL once it listens. */
    answer = fdopen(out[0], "r");
    if (server->pid < 0 || !answer || !fgets(server->url, sizeof server->url, answer)) {
        fputs("the replay server did not start\n", stderr);
        if (answer) fclose(answer);
        run_server_stop(server);
        return -1;
    }
    server->url[strcspn(server->url, "\n")] = '\0';
    fclose(answer);
    return 0;
}

void run_server_stop(struct run_server *server)
{
    if (server->pid <= 0) return;
    kill(server->pid, SIGTERM);
    waitpid(server->pid, NULL, 0);
    server->pid = -1;
}
