#define _POSIX_C_SOURCE 200809L
#include "measure.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

/* One line of /proc/self/status. The peak that getrusage knows is inherited across exec, and so is not this program's
 * own. */
static long status_number(const char *name)
{
    char line[256];
    long number = 0;
    size_t len = strlen(name);
    FILE *file = fopen("/proc/self/status", "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file))
        if (strncmp(line, name, len) == 0 && line[len] == ':' && sscanf(line + len + 1, "%ld", &number) == 1) break;
    fclose(file);
    return number;
}

static double seconds(const struct timeval *time) { return (double)time->tv_sec + (double)time->tv_usec / 1e6; }

double measure_cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return seconds(&usage.ru_utime) + seconds(&usage.ru_stime);
}

int64_t measure_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

double measure_rss_mb(void) { return (double)status_number("VmRSS") / 1024; }

double measure_peak_rss_mb(void) { return (double)status_number("VmHWM") / 1024; }

int measure_threads(void) { return (int)status_number("Threads"); }

int measure_descriptors(int *connections)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;
    int count = 0;
    *connections = 0;
    if (!dir) return 0;
    while ((entry = readdir(dir))) {
        struct sockaddr_storage peer;
        socklen_t size = sizeof peer;
        if (entry->d_name[0] == '.') continue;
        count++;
        if (getpeername(atoi(entry->d_name), (struct sockaddr *)&peer, &size) == 0 && peer.ss_family == AF_INET)
            ++*connections;
    }
    closedir(dir);
    return count - 1; /* without the one that reads the directory */
}

void measure_rest(void)
{
    const struct timespec rest = {0, 500 * 1000 * 1000};
    nanosleep(&rest, NULL);
}
