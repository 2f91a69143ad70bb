// Starting the child that tries a plugin.
#define _GNU_SOURCE
#include "PluginBoundary.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

static int spawn(const char *program, char *const *arguments, pid_t *child, int output)
{
    static char *no_environment[] = {NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, defaults;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed) return failed;
    if ((failed = posix_spawnattr_init(&attributes))) {
        posix_spawn_file_actions_destroy(&actions);
        return failed;
    }
    sigemptyset(&none);
    sigfillset(&defaults);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK
                                              | POSIX_SPAWN_SETSIGDEF);
    if (!(failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0))
        && !(failed = posix_spawn_file_actions_adddup2(&actions, output, 1))
        && !(failed = posix_spawn_file_actions_adddup2(&actions, output, 2))
        && !(failed = posix_spawn_file_actions_addclosefrom_np(&actions, 3)))
        failed = posix_spawn(child, program, &actions, &attributes, arguments, no_environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failed;
}

int plugin_probe_spawn(const char *program, char *const *arguments, pid_t *child, int *output)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    int failed = spawn(program, arguments, child, ends[1]);
    close(ends[1]);
    if (failed) close(ends[0]);
    else *output = ends[0];
    return failed;
}

bool plugin_probe_ended(pid_t child, bool kills, int *status)
{
    if (!kills) {
        siginfo_t info = {0};
        int waited = waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT);
        if (waited != 0 || info.si_pid != child) return false;
    }
    /* Before it is reaped: until then nobody else can have its number. */
    kill(-child, SIGKILL);
    while (waitpid(child, status, 0) < 0 && errno == EINTR) {}
    return true;
}
