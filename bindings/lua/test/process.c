/* fork() and waiting, which Lua has not: fork() answers 0 in the child, wait(pid, seconds) what
 * became of it. */
#define _GNU_SOURCE
#include <lauxlib.h>
#include <lua.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int process_fork(lua_State *L)
{
    pid_t pid = fork();
    if (pid < 0) return luaL_error(L, "fork failed");
    lua_pushinteger(L, pid);
    return 1;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int push(lua_State *L, const char *what, int number)
{
    lua_pushstring(L, what);
    lua_pushinteger(L, number);
    return 2;
}

/* "exit" and the status, "signal" and its number, or "timeout": then it is killed. */
static int process_wait(lua_State *L)
{
    pid_t pid = (pid_t)luaL_checkinteger(L, 1);
    double deadline = now() + luaL_checknumber(L, 2);
    const struct timespec pause = {0, 2000000};
    int status;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (now() >= deadline) {
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return push(L, "timeout", 0);
        }
        nanosleep(&pause, NULL);
    }
    if (WIFSIGNALED(status)) return push(L, "signal", WTERMSIG(status));
    return push(L, "exit", WEXITSTATUS(status));
}

static int process_now(lua_State *L)
{
    lua_pushnumber(L, now());
    return 1;
}

__attribute__((visibility("default"))) int luaopen_test_process(lua_State *L)
{
    lua_createtable(L, 0, 3);
    lua_pushcfunction(L, process_fork);
    lua_setfield(L, -2, "fork");
    lua_pushcfunction(L, process_wait);
    lua_setfield(L, -2, "wait");
    lua_pushcfunction(L, process_now);
    lua_setfield(L, -2, "now");
    return 1;
}
