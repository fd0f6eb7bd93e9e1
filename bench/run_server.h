/* Runs the replay server as a process of its own, so that its costs are not the client's. */
#ifndef BENCH_RUN_SERVER_H
#define BENCH_RUN_SERVER_H

struct run_server {
    int pid;
    char url[64];
};

/* Starts the replay_server that lies beside this program. 0, or -1 after a message on stderr. */
int run_server_start(struct run_server *server, unsigned pods);
void run_server_stop(struct run_server *server);

#endif
