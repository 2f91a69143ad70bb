// What a worker gives up before it loads the plugin. Each step is tried, whatever became of the
// others: a kernel or a container may refuse some, and the host says which.
#define _GNU_SOURCE
#include "WorkerChannel.h"
#include "filter.h"
#include "memory.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534, FILES_MAX = 64, TASKS_MAX = 1024, STACK_BYTES = 8 << 20 };

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

/* Pages of private writable memory, which RLIMIT_DATA counts. Asked before files are closed. */
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

static bool limit_stack(void)
{
    struct rlimit now;
    if (getrlimit(RLIMIT_STACK, &now) != 0) return false;
    return limit(RLIMIT_STACK, now.rlim_max < STACK_BYTES ? now.rlim_max : STACK_BYTES);
}

static uint32_t bound(uint64_t memory_bytes, rlim_t data)
{
    bool held = limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, FILES_MAX)
        && limit(RLIMIT_NPROC, TASKS_MAX) && limit_stack();
    if (memory_bytes) held = held && data > 0 && limit(RLIMIT_DATA, data + memory_bytes);
    return held ? WORKER_BOUNDED : 0;
}

/* ---- files ------------------------------------------------------------------------------- */
/* As the newest kernel knows it; an older one is given as much as it knows. */
struct ruleset { uint64_t files, network, scopes; };

/* Libraries, and where they are listed: the loader reads them. */
static void allow_libraries(int ruleset)
{
    static const char *const places[] = {
        "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct landlock_path_beneath_attr rule = {
            .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
            .parent_fd = open(places[i], O_PATH | O_CLOEXEC)};
        if (rule.parent_fd < 0) continue;
        syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
        close(rule.parent_fd);
    }
}

/* Nothing else is opened from here on, and nobody else's memory is looked into or signalled. For
 * this thread and those it makes: before there is another. */
static bool close_files(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return false;
    struct ruleset all = {.files = (UINT64_C(1) << 13) - 1, .network = 3, .scopes = 3};
    if (version >= 2) all.files |= UINT64_C(1) << 13; /* links into other folders */
    if (version >= 3) all.files |= UINT64_C(1) << 14; /* truncating */
    if (version >= 5) all.files |= UINT64_C(1) << 15; /* commands to devices */
    size_t known = version >= 6 ? sizeof all : version >= 4 ? 16 : 8;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, known, 0);
    if (ruleset < 0) return false;
    allow_libraries(ruleset);
    bool held = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return held;
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
    rlim_t data = data_now();
    uint32_t held = 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) held |= WORKER_UNPRIVILEGED;
    if (close_files()) held |= WORKER_CLOSED;
    /* The guard's own thread, while threads and memory are still free. */
    if (!plugin_boundary_prepare_thread()) _exit(1);
    held |= change_user();
    live_no_longer_than(host);
    held |= bound(memory_bytes, data);
    if (worker_filter_calls()) held |= WORKER_FILTERED;
    return held;
}
