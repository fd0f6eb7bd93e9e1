/* Prints a PodList: make_pods N > file */
#include <stdlib.h>

#include "pods.h"

int main(int argc, char **argv)
{
    char *end;
    unsigned long count = argc == 2 ? strtoul(argv[1], &end, 10) : 0;
    if (argc != 2 || *end || end == argv[1] || argv[1][0] == '-' || count > 10000000) {
        fputs("usage: make_pods N\n", stderr);
        return 2;
    }
    pod_list_write(stdout, (unsigned)count);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("make_pods");
        return 1;
    }
    return 0;
}
