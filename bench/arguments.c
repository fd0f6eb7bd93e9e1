#include "arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int arguments_parse(struct arguments *out, int argc, char **argv)
{
    const struct arguments defaults = {NULL, 10000, 100000, 0, 100, 50, 60, 0, 0};
    const struct {
        const char *name;
        unsigned *value;
    } numbers[] = {{"--pods", &out->pods},     {"--events", &out->events},       {"--rate", &out->rate},
                   {"--rounds", &out->rounds}, {"--informers", &out->informers}, {"--seconds", &out->seconds}};
    size_t n;
    int i;
    *out = defaults;
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--keep-managed-fields") == 0) {
            out->keep_managed_fields = 1;
            continue;
        }
        if (strcmp(argv[i], "--no-compression") == 0) {
            out->no_compression = 1;
            continue;
        }
        if (strcmp(argv[i], "--server") == 0 && i + 1 < argc) {
            out->server = argv[++i];
            continue;
        }
        for (n = 0; n < sizeof numbers / sizeof *numbers && strcmp(argv[i], numbers[n].name) != 0; n++) {
        }
        if (n == sizeof numbers / sizeof *numbers || i + 1 == argc || strtoul(argv[i + 1], NULL, 10) == 0) {
            fprintf(stderr,
                    "usage: %s [--server URL] [--keep-managed-fields] [--no-compression] "
                    "[--pods|--events|--rate|--rounds|--informers|--seconds N]...\n",
                    argv[0]);
            return -1;
        }
        *numbers[n].value = (unsigned)strtoul(argv[++i], NULL, 10);
    }
    return 0;
}
