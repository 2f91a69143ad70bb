// A list of system calls that a plugin and the C library below it need to compute: memory, threads
// of its own process, time, and reading files. Whatever is not in it answers EPERM: no socket, no
// program, no other process, nothing opened for writing.
#define _GNU_SOURCE
#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
static const uint32_t ARCHITECTURE = AUDIT_ARCH_X86_64;
static const uint32_t FIRST_FOREIGN = 0x40000000; /* the calls of x32 */
#elif defined(__aarch64__)
static const uint32_t ARCHITECTURE = AUDIT_ARCH_AARCH64;
static const uint32_t FIRST_FOREIGN = UINT32_MAX;
#else
#error "the filter knows x86-64 and aarch64"
#endif

static const uint32_t allowed[] = {
    SYS_read, SYS_readv, SYS_pread64, SYS_write, SYS_writev, SYS_close, SYS_fstat, SYS_newfstatat,
    SYS_lseek, SYS_faccessat, SYS_readlinkat, SYS_getdents64, SYS_statx,
    SYS_munmap, SYS_mprotect, SYS_mremap, SYS_madvise, SYS_brk,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack,
    SYS_futex, SYS_set_robust_list, SYS_rseq, SYS_set_tid_address, SYS_membarrier,
    SYS_sched_yield, SYS_sched_getaffinity, SYS_getcpu, SYS_restart_syscall,
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday,
    SYS_getpid, SYS_gettid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid,
    SYS_getrandom, SYS_getrusage, SYS_sysinfo, SYS_uname, SYS_ppoll, SYS_exit, SYS_exit_group,
#if defined(__x86_64__)
    SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_poll, SYS_pause, SYS_time,
#endif
};

enum { INSTRUCTIONS_MAX = 256 };
struct program { struct sock_filter code[INSTRUCTIONS_MAX]; uint16_t length; };

static void add(struct program *p, uint16_t code, uint32_t k, uint8_t yes, uint8_t no)
{
    p->code[p->length++] = (struct sock_filter){code, yes, no, k};
}

static void load(struct program *p, size_t offset)
{
    add(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void answer(struct program *p, uint32_t verdict)
{
    add(p, BPF_RET | BPF_K, verdict, 0, 0);
}

static const uint32_t refused = SECCOMP_RET_ERRNO | EPERM;

/* The low word of an argument: flags and small numbers are no larger. */
static void load_argument(struct program *p, int index)
{
    load(p, offsetof(struct seccomp_data, args) + 8 * (size_t)index);
}

/* A call that is allowed where none, or where all, of these bits of an argument are set. */
static void allow_without(struct program *p, uint32_t number, int argument, uint32_t bits)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4);
    load_argument(p, argument);
    add(p, BPF_JMP | BPF_JSET | BPF_K, bits, 1, 0);
    answer(p, SECCOMP_RET_ALLOW);
    answer(p, refused);
}

static void allow_with(struct program *p, uint32_t number, int argument, uint32_t bit)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4);
    load_argument(p, argument);
    add(p, BPF_JMP | BPF_JSET | BPF_K, bit, 0, 1);
    answer(p, SECCOMP_RET_ALLOW);
    answer(p, refused);
}

static void allow_equal(struct program *p, uint32_t number, int argument, uint32_t value)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4);
    load_argument(p, argument);
    add(p, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
    answer(p, SECCOMP_RET_ALLOW);
    answer(p, refused);
}

/* A call that is allowed where an argument is one of these. */
static void allow_among(
    struct program *p, uint32_t number, int argument, const uint32_t *values, uint8_t count)
{
    add(p, BPF_JMP | BPF_JEQ | BPF_K, number, 0, (uint8_t)(count + 3));
    load_argument(p, argument);
    for (uint8_t i = 0; i < count; i++)
        add(p, BPF_JMP | BPF_JEQ | BPF_K, values[i], (uint8_t)(count - i), 0);
    answer(p, refused);
    answer(p, SECCOMP_RET_ALLOW);
}

static void build(struct program *p)
{
    const uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
    load(p, offsetof(struct seccomp_data, arch));
    add(p, BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    answer(p, SECCOMP_RET_KILL_PROCESS);
    load(p, offsetof(struct seccomp_data, nr));
    add(p, BPF_JMP | BPF_JGE | BPF_K, FIRST_FOREIGN, 0, 1);
    answer(p, SECCOMP_RET_KILL_PROCESS);
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        add(p, BPF_JMP | BPF_JEQ | BPF_K, allowed[i], 0, 1);
        answer(p, SECCOMP_RET_ALLOW);
    }
    allow_without(p, SYS_openat, 2, writing);
#if defined(__x86_64__)
    allow_without(p, SYS_open, 1, writing);
#endif
    /* Memory that is shared, or that counts as a stack, escapes the bound on memory. */
    allow_without(p, SYS_mmap, 3, MAP_SHARED | MAP_GROWSDOWN);
    /* Others of its commands have the kernel send signals, or hold up who opens a file. */
    const uint32_t commands[] = {F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC};
    allow_among(p, SYS_fcntl, 1, commands, sizeof commands / sizeof *commands);
    /* Threads, no processes. The C library falls back to clone, whose flags can be seen. */
    allow_with(p, SYS_clone, 0, CLONE_THREAD);
    add(p, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
    answer(p, SECCOMP_RET_ERRNO | ENOSYS);
    /* Signals to itself alone: abort, and the guard's deadline. */
    allow_equal(p, SYS_tgkill, 0, (uint32_t)getpid());
    allow_equal(p, SYS_prctl, 0, PR_SET_NAME);
    /* Limits may be read: the new ones are no pointer then, in neither half. */
    allow_equal(p, SYS_prlimit64, 2, 0);
    answer(p, refused);
}

bool worker_filter_calls(void)
{
    struct program program = {.length = 0};
    build(&program);
    struct sock_fprog filter = {program.length, program.code};
    /* For every thread: the guard has one already. */
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) == 0;
}
