/* Prints a PodList, or one pod on each line: make_pods N [--lines] > file */
#include <stdlib.h>
#include <string.h>

#include "pods.h"

int main(int argc, char **argv)
{
    char *end;
    int lines = argc == 3 && strcmp(argv[2], "--lines") == 0;
    unsigned long i, count = argc >= 2 ? strtoul(argv[1], &end, 10) : 0;
    if (argc != 2 + lines || *end || end == argv[1] || argv[1][0] == '-' || count > 10000000) {
        fputs("usage: make_pods N [--lines]\n", stderr);
        return 2;
    }
    if (!lines) pod_list_write(stdout, (unsigned)count);
    for (i = 0; lines && i < count; i++) {
        pod_write(stdout, (unsigned)i);
        putchar('\n');
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("make_pods");
        return 1;
    }
    return 0;
}
