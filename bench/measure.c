#define _POSIX_C_SOURCE 200809L
#include "measure.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static struct timespec began;

/* One line of /proc/self/status. The peak that getrusage knows is inherited across exec, and so is not this program's own. */
static double status_mb(const char *name)
{
    char line[256];
    long kb = 0;
    size_t len = strlen(name);
    FILE *file = fopen("/proc/self/status", "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file))
        if (strncmp(line, name, len) == 0 && line[len] == ':' && sscanf(line + len + 1, "%ld", &kb) == 1) break;
    fclose(file);
    return (double)kb / 1024;
}

static double seconds(const struct timeval *time) { return (double)time->tv_sec + (double)time->tv_usec / 1e6; }

void measure_begin(void) { clock_gettime(CLOCK_MONOTONIC, &began); }

void measure_now(struct measure *out)
{
    struct timespec now;
    struct rusage usage;
    clock_gettime(CLOCK_MONOTONIC, &now);
    getrusage(RUSAGE_SELF, &usage);
    out->cpu_s = seconds(&usage.ru_utime) + seconds(&usage.ru_stime);
    out->wall_s = (double)(now.tv_sec - began.tv_sec) + (double)(now.tv_nsec - began.tv_nsec) / 1e9;
    out->peak_rss_mb = status_mb("VmHWM");
    out->rss_mb = measure_rss_mb();
}

double measure_rss_mb(void) { return status_mb("VmRSS"); }

void measure_print(const char *name, unsigned pods, const struct measure *measure, int json)
{
    if (json)
        printf("{\"name\":\"%s\",\"pods\":%u,\"cpu_s\":%.3f,\"wall_s\":%.3f,\"peak_rss_mb\":%.1f,\"rss_mb\":%.1f}\n", name, pods,
               measure->cpu_s, measure->wall_s, measure->peak_rss_mb, measure->rss_mb);
    else
        printf("%s, %u pods\n  CPU        %8.3f s\n  wall       %8.3f s\n  peak RSS   %8.1f MB\n  RSS        %8.1f MB\n", name, pods,
               measure->cpu_s, measure->wall_s, measure->peak_rss_mb, measure->rss_mb);
}
