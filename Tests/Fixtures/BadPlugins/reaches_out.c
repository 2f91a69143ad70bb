/* Tries what a worker may not do, and reports each errno as a timer: 0 where it was let. */
#define _GNU_SOURCE
#define ON_PROCESS attempt_all(((struct instance *)p->self)->host);
#include <errno.h>
#include <fcntl.h>
#include <keel/keel.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const keel_host *told;

static void report(uint64_t id, long answer)
{
    told->timer(told, id, answer < 0 ? errno : 0);
}

static void attempt_all(const keel_host *host)
{
    char *const none[] = {NULL};
    told = host;
    report(1, socket(AF_INET, SOCK_STREAM, 0));
    report(2, socket(AF_UNIX, SOCK_STREAM, 0));
    report(3, open("/tmp/keel-worker-wrote", O_WRONLY | O_CREAT, 0600));
    report(4, open("/dev/null", O_RDWR));
    report(5, execve("/bin/true", none, none));
    long child = syscall(SYS_fork);
    if (child == 0) _exit(0);
    report(6, child);
    report(7, ptrace(PTRACE_ATTACH, getppid(), 0, 0));
    report(8, kill(getppid(), 0));
    report(9, mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
                      == MAP_FAILED ? -1 : 0);
    report(10, prctl(PR_SET_PDEATHSIG, 0));
    report(11, syscall(SYS_tgkill, getppid(), getppid(), 0));
    report(12, unlink("/tmp/keel-worker-wrote"));
    report(13, setrlimit(RLIMIT_DATA, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}));
    int folder = open("/usr/lib", O_PATH);
    report(14, fcntl(folder, F_SETOWN, getppid()));
    report(15, fcntl(folder, F_SETSIG, SIGKILL));
    report(16, fcntl(folder, F_SETLEASE, F_RDLCK));
    report(17, fcntl(folder, F_NOTIFY, DN_ACCESS));
    report(18, mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0) == MAP_FAILED ? -1 : 0);
    /* Closed to it where the kernel can close files. */
    report(20, open("/proc/self/environ", O_RDONLY));
    report(21, open("/etc/hostname", O_RDONLY));
    /* What it may: have memory, and know its descriptors. */
    report(30, fcntl(folder, F_GETFD));
    report(31, mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
                      ? -1 : 0);
}
#include "base.h"
