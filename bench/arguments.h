/* The command line that all the measured programs share; each looks at what it needs. */
#ifndef BENCH_ARGUMENTS_H
#define BENCH_ARGUMENTS_H

struct arguments {
    const char *server; /* NULL: run one */
    unsigned pods;
    unsigned events;
    unsigned rate; /* events a second; 0: as many as can be read */
    unsigned rounds;
    unsigned informers;
    unsigned seconds;
    int keep_managed_fields;
    int no_compression;
};

/* 0, or -1 after a message on stderr. */
int arguments_parse(struct arguments *out, int argc, char **argv);

#endif
