#include "arguments.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int arguments_parse(struct arguments *out, int argc, char **argv)
{
    int i;
    memset(out, 0, sizeof *out);
    out->pods = 10000;
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            out->json = 1;
        else if (strcmp(argv[i], "--keep-managed-fields") == 0)
            out->keep_managed_fields = 1;
        else if (strcmp(argv[i], "--server") == 0 && i + 1 < argc)
            out->server = argv[++i];
        else if (strcmp(argv[i], "--pods") == 0 && i + 1 < argc && strtoul(argv[i + 1], NULL, 10) > 0)
            out->pods = (unsigned)strtoul(argv[++i], NULL, 10);
        else {
            fprintf(stderr, "usage: %s [--server URL] [--pods N] [--keep-managed-fields] [--json]\n", argv[0]);
            return -1;
        }
    }
    return 0;
}
