// Starting the child that tries a plugin.
#define _GNU_SOURCE
#include "PluginBoundary.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child, which has this process's memory until it runs the program: it calls the system and
 * writes nothing but its own stack. Comes back with what failed. The order to die with the thread
 * that started it stays across exec; who had died before it was given is no longer the parent. */
static int become(const char *program, char *const *arguments, int output, pid_t parent)
{
    /* Or what the plugin says last would stand before a page of registers. */
    static char *environment[] = {"SWIFT_BACKTRACE=enable=no", NULL};
    struct sigaction defaults = {.sa_handler = SIG_DFL};
    sigset_t none;
    for (int number = 1; number < NSIG; number++) sigaction(number, &defaults, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return errno;
    if (getppid() != parent) return ESRCH;
    if (setpgid(0, 0) != 0) return errno;
    int input = open("/dev/null", O_RDONLY);
    if (input < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0 || dup2(input, 0) < 0) return errno;
    if (close_range(3, ~0U, 0) != 0) return errno;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(program, arguments, environment);
    return errno;
}

/* A frame of its own, which is still there when the child has gone on: what the child says of its
 * failure comes back through it. The parent's thread waits until then. */
__attribute__((noinline)) static int spawn(
    const char *program, char *const *arguments, pid_t *child, int output)
{
    volatile int failed = 0;
    pid_t parent = getpid(), started = vfork();
    if (started == 0) {
        failed = become(program, arguments, output, parent);
        _exit(127);
    }
    if (started < 0) return errno;
    if (failed) {
        while (waitpid(started, NULL, 0) < 0 && errno == EINTR) {}
        return failed;
    }
    *child = started;
    return 0;
}

int plugin_probe_spawn(const char *program, char *const *arguments, pid_t *child, int *output)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    /* No handler of this process may run in the child. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = spawn(program, arguments, child, ends[1]);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
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
