// What a worker gives up before it loads the plugin. Each step is tried, whatever became of the
// others: a kernel or a container may refuse some, and the host says which.
#define _GNU_SOURCE
#include "WorkerChannel.h"
#include "filter.h"
#include "memory.h"

#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOBODY = 65534, FILES_MAX = 64, TASKS_MAX = 1024 };

static bool limit(int resource, rlim_t value)
{
    return setrlimit(resource, &(struct rlimit){value, value}) == 0;
}

/* Before all else that the change of user resets. A host that is no root cannot change to another
 * user, and need not: what its user may read the plugin could read in process, too. */
static uint32_t change_user(void)
{
    if (geteuid() != 0) return WORKER_OTHER_USER;
    bool changed = setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0
        && setresuid(NOBODY, NOBODY, NOBODY) == 0;
    return changed ? WORKER_OWN_USER : 0;
}

/* Pages of private writable memory, which RLIMIT_DATA counts. */
static rlim_t data_now(void)
{
    unsigned long total, resident, shared, text, library, data = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) return 0;
    if (fscanf(file, "%lu %lu %lu %lu %lu %lu", &total, &resident, &shared, &text, &library, &data)
        != 6)
        data = 0;
    fclose(file);
    return (rlim_t)data * (rlim_t)sysconf(_SC_PAGESIZE);
}

static uint32_t bound(uint64_t memory_bytes)
{
    bool held = limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, FILES_MAX)
        && limit(RLIMIT_NPROC, TASKS_MAX);
    rlim_t data = data_now();
    if (memory_bytes) held = held && data > 0 && limit(RLIMIT_DATA, data + memory_bytes);
    return held ? WORKER_BOUNDED : 0;
}

/* Dies with the host's thread that started it; a host that is gone already will not say so. */
static void live_no_longer_than(pid_t host)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != host) _exit(1);
}

uint32_t worker_confine(uint64_t memory_bytes, pid_t host)
{
    live_no_longer_than(host);
    if (chdir("/") != 0) _exit(1);
    umask(077);
    /* The guard's own thread, while threads and memory are still free. */
    if (!plugin_boundary_prepare_thread()) _exit(1);
    uint32_t held = change_user();
    live_no_longer_than(host);
    held |= bound(memory_bytes);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) held |= WORKER_UNPRIVILEGED;
    if (worker_filter_calls()) held |= WORKER_FILTERED;
    return held;
}
