// Signals and deadlines. The rules, and why each is there, stand in the comment of on_signal.
#define _GNU_SOURCE
#include "guard.h"

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { SIGNAL_STACK_BYTES = 64 * 1024, DEADLINE_SIGNAL = SIGURG };
static const long SAMPLE_NANOSECONDS = 1000000;
static const uint32_t SAMPLES_MAX = 30000; /* at least half a minute in one call               */

_Thread_local struct guard_thread *guard_self __attribute__((tls_model("initial-exec")));
_Thread_local volatile int guard_in_host __attribute__((tls_model("initial-exec")));
_Thread_local volatile int guard_reading __attribute__((tls_model("initial-exec")));
static _Thread_local volatile int loading;

static const int fault_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT};
enum { FAULT_SIGNALS = sizeof fault_signals / sizeof *fault_signals };
static struct sigaction previous[NSIG];
static _Atomic bool gives_way; /* a signal goes to whoever had it before                      */

static pthread_once_t install_once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_key;
static bool installed;
static pthread_mutex_t threads_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t threads_changed = PTHREAD_COND_INITIALIZER;
static struct guard_thread *threads;

static uintptr_t interrupted_pc(const void *context)
{
    const ucontext_t *u = context;
#if defined(__x86_64__)
    return (uintptr_t)u->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    return (uintptr_t)u->uc_mcontext.pc;
#else
#error "the guard knows x86-64 and aarch64"
#endif
}

/* Gives the signal to whoever had it before us; usually that ends the process, and the journal
 * recovers. A synchronous fault happens again by itself when the handler returns. */
static void pass_on(int signal, const siginfo_t *info)
{
    atomic_store_explicit(&gives_way, true, memory_order_relaxed);
    sigaction(signal, &previous[signal], NULL);
    bool repeats = info->si_code > 0 && signal != SIGTRAP && signal != SIGABRT;
    if (!repeats) raise(signal);
}

static void jump_back(struct guard_thread *t, plugin_fault fault)
{
    fault.call = t->call;
    guard_inside(t)->fault = fault;
    guard_jump_back(t->back);
}

/* Where the fault was made. A call through a wild pointer faults outside every text, on fetching
 * what it went to; the return address it has just pushed says who called. */
static uintptr_t culprit(int signal, const siginfo_t *info, const void *context)
{
    uintptr_t pc = interrupted_pc(context);
#if defined(__x86_64__)
    const ucontext_t *u = context;
    if (signal == SIGSEGV && info->si_code > 0 && (uintptr_t)info->si_addr == pc)
        return *(const uintptr_t *)u->uc_mcontext.gregs[REG_RSP];
#else
    (void)signal, (void)info;
#endif
    return pc;
}

/* Jumps out of the plugin only if a guarded call is active on this thread, no leaf of the host is
 * running, and the interrupted instruction is the plugin's own: out of malloc or any other
 * library a jump would leave locks held and structures half written. The signal mask needs no
 * mending after the jump, because the handlers block nothing (SA_NODEFER, empty mask). */
static void on_fault(int signal, siginfo_t *info, void *context)
{
    struct guard_thread *t = guard_self;
    uintptr_t pc = culprit(signal, info, context);
    bool own = info->si_code > 0 || info->si_pid == getpid();
    plugin_boundary *inside = t ? guard_inside(t) : NULL;
    bool plugins = guard_reading || (!guard_in_host && inside && text_contains(&inside->text, pc));
    if (inside && own && plugins) {
        plugin_fault fault = {.kind = PLUGIN_FAULT_SIGNAL, .signal = signal};
        fault.address = info->si_code > 0 ? (uint64_t)(uintptr_t)info->si_addr : 0;
        fault.pc_offset = pc - inside->text.base;
        jump_back(t, fault);
    }
    pass_on(signal, info);
}

static void jump_overdue(struct guard_thread *t, uintptr_t pc)
{
    plugin_fault fault = {.kind = PLUGIN_FAULT_DEADLINE};
    fault.pc_offset = pc - guard_inside(t)->text.base;
    fault.deadline = atomic_load_explicit(&t->deadline, memory_order_relaxed);
    jump_back(t, fault);
}

static bool is_overdue(struct guard_thread *t)
{
    uint64_t calls = atomic_load_explicit(&t->calls, memory_order_relaxed);
    return guard_inside(t) && atomic_load_explicit(&t->overdue, memory_order_relaxed) == calls;
}

/* The sampler asks. Outside the plugin's text nothing happens: the next sample asks again. */
static void on_deadline(int signal, siginfo_t *info, void *context)
{
    struct guard_thread *t = guard_self;
    bool ours = info->si_code == SI_TKILL && info->si_pid == getpid();
    if (!ours && previous[signal].sa_flags & SA_SIGINFO) {
        previous[signal].sa_sigaction(signal, info, context);
        return;
    }
    if (!ours && previous[signal].sa_handler != SIG_DFL && previous[signal].sa_handler != SIG_IGN) {
        previous[signal].sa_handler(signal);
        return;
    }
    if (!t || guard_in_host || !is_overdue(t)) return;
    uintptr_t pc = interrupted_pc(context);
    if (text_contains(&guard_inside(t)->text, pc)) jump_overdue(t, pc);
}

void guard_leave_leaf(plugin_boundary *b, const void *caller)
{
    struct guard_thread *t = guard_self;
    guard_in_host = guard_in_host - 1;
    if (!t || guard_inside(t) != b || guard_in_host || !is_overdue(t)) return;
    if (text_contains(&b->text, (uintptr_t)caller)) jump_overdue(t, (uintptr_t)caller);
}

void guard_landed(struct guard_thread *t)
{
    plugin_boundary *b = guard_inside(t);
    guard_leave(t);
    if (guard_reading) guard_reading = guard_in_host = 0;
    boundary_quarantine(b, b->fault);
}

/* ---- handlers that were replaced --------------------------------------------------------- */
static bool is_ours(const struct sigaction *action)
{
    return action->sa_flags & SA_SIGINFO
        && (action->sa_sigaction == on_fault || action->sa_sigaction == on_deadline);
}

/* Without them the next fault of any plugin ends the process, or is never noticed. */
static int restore(int signal, void (*handler)(int, siginfo_t *, void *))
{
    struct sigaction found;
    if (!installed || atomic_load_explicit(&gives_way, memory_order_relaxed)) return 0;
    if (sigaction(signal, NULL, &found) != 0 || is_ours(&found)) return 0;
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART};
    sigemptyset(&action.sa_mask);
    action.sa_sigaction = handler;
    return sigaction(signal, &action, NULL) == 0 ? signal : 0;
}

int guard_restore_handlers(void)
{
    int taken = restore(DEADLINE_SIGNAL, on_deadline);
    for (int i = 0; i < FAULT_SIGNALS; i++) {
        int signal = restore(fault_signals[i], on_fault);
        if (signal) taken = signal;
    }
    return taken;
}

/* A control call looks for itself when it is over, and then it is known who did it. */
static bool is_any_controlled(void)
{
    for (const struct guard_thread *t = threads; t; t = t->next)
        if (guard_inside(t) && strcmp(t->call, "process")) return true;
    return false;
}

static _Atomic int theft;

void guard_note_theft(void)
{
    int taken = guard_restore_handlers();
    if (taken) atomic_store_explicit(&theft, taken, memory_order_relaxed);
}

int plugin_boundary_take_theft(void)
{
    return atomic_exchange_explicit(&theft, 0, memory_order_relaxed);
}

/* ---- sampler ----------------------------------------------------------------------------- */
static int64_t cpu_time(clockid_t clock)
{
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) return -1;
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* A call that sleeps, or spins where no jump may be made, cannot be broken off. Waiting for ever
 * would be worse than ending: the journal is whole, and says so much. */
static void give_up(const struct guard_thread *t)
{
    static const char lead[] = "keel: error: a plugin does not come back from ";
    static const char rest[] = " and cannot be interrupted; the host ends, its journal is whole\n";
    ssize_t unused = write(STDERR_FILENO, lead, sizeof lead - 1);
    unused = write(STDERR_FILENO, t->call, strlen(t->call));
    unused = write(STDERR_FILENO, rest, sizeof rest - 1);
    (void)unused;
    _exit(1);
}

/* A call seen for the first time starts the clock; one seen again is measured. So a call costs
 * nothing unless it lasts two samples. */
static void sample(struct guard_thread *t)
{
    uint64_t calls = atomic_load_explicit(&t->calls, memory_order_relaxed);
    if (!guard_inside(t)) return;
    int64_t cpu = cpu_time(t->clock);
    if (cpu < 0) return;
    if (calls != t->calls_seen) {
        t->calls_seen = calls;
        t->cpu_seen = cpu;
        t->samples = 0;
        return;
    }
    /* Samples, not a clock: a host that was stopped and continued has not waited. */
    if (++t->samples > SAMPLES_MAX) give_up(t);
    uint64_t deadline = atomic_load_explicit(&t->deadline, memory_order_relaxed);
    if (deadline == 0 || (uint64_t)(cpu - t->cpu_seen) <= deadline) return;
    atomic_store_explicit(&t->overdue, calls, memory_order_relaxed);
    pthread_kill(t->thread, DEADLINE_SIGNAL);
}

/* Holding the lock keeps each listed thread alive: a thread leaves the list before it ends. */
static void *sample_for_ever(void *unused)
{
    (void)unused;
    struct timespec pause = {0, SAMPLE_NANOSECONDS};
    for (;;) {
        pthread_mutex_lock(&threads_lock);
        while (!threads) pthread_cond_wait(&threads_changed, &threads_lock);
        if (!is_any_controlled()) guard_note_theft();
        for (struct guard_thread *t = threads; t; t = t->next) sample(t);
        pthread_mutex_unlock(&threads_lock);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

/* ---- installation ------------------------------------------------------------------------ */
static void thread_ended(void *pointer)
{
    struct guard_thread *t = pointer;
    pthread_mutex_lock(&threads_lock);
    for (struct guard_thread **p = &threads; *p; p = &(*p)->next)
        if (*p == t) {
            *p = t->next;
            break;
        }
    pthread_mutex_unlock(&threads_lock);
    guard_self = NULL;
    stack_t off = {.ss_flags = SS_DISABLE};
    sigaltstack(&off, NULL);
    munmap(t->stack, SIGNAL_STACK_BYTES);
    free(t);
}

static bool start_sampler(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_t thread;
    int failed = pthread_create(&thread, &attributes, sample_for_ever, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (failed == 0) pthread_setname_np(thread, "keel-deadline");
    return failed == 0;
}

/* exit() called by a plugin would look like a run that went well. */
static void at_exit(void)
{
    if (!loading && !(guard_self && guard_inside(guard_self))) return;
    static const char text[] = "keel: error: a plugin ended the process: it called exit\n";
    ssize_t unused = write(STDERR_FILENO, text, sizeof text - 1);
    (void)unused;
    _exit(1);
}

/* A plugin that forks would make a second host on the same journal. */
static void in_child(void)
{
    if (loading || (guard_self && guard_inside(guard_self))) _exit(127);
}

static void install(void)
{
    if (pthread_key_create(&thread_key, thread_ended) != 0 || !start_sampler()) return;
    if (atexit(at_exit) != 0 || pthread_atfork(NULL, NULL, in_child) != 0) return;
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART};
    sigemptyset(&action.sa_mask);
    action.sa_sigaction = on_fault;
    for (int i = 0; i < FAULT_SIGNALS; i++)
        if (sigaction(fault_signals[i], &action, &previous[fault_signals[i]]) != 0) return;
    action.sa_sigaction = on_deadline;
    if (sigaction(DEADLINE_SIGNAL, &action, &previous[DEADLINE_SIGNAL]) != 0) return;
    installed = true;
}

void *plugin_boundary_open(const char *path, int *taken)
{
    pthread_once(&install_once, install);
    guard_note_theft();
    loading = 1;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    loading = 0;
    *taken = guard_restore_handlers();
    return library;
}

struct guard_thread *guard_register(void)
{
    pthread_once(&install_once, install);
    if (!installed) return NULL;
    struct guard_thread *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    t->stack = mmap(NULL, SIGNAL_STACK_BYTES, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    stack_t stack = {.ss_sp = t->stack, .ss_size = SIGNAL_STACK_BYTES};
    t->thread = pthread_self();
    if (t->stack == MAP_FAILED || sigaltstack(&stack, NULL) != 0
        || pthread_getcpuclockid(t->thread, &t->clock) != 0
        || pthread_setspecific(thread_key, t) != 0) {
        if (t->stack != MAP_FAILED) munmap(t->stack, SIGNAL_STACK_BYTES);
        free(t);
        return NULL;
    }
    sigset_t needed;
    sigemptyset(&needed);
    sigaddset(&needed, DEADLINE_SIGNAL);
    pthread_sigmask(SIG_UNBLOCK, &needed, NULL);
    guard_self = t;
    pthread_mutex_lock(&threads_lock);
    t->next = threads;
    threads = t;
    pthread_cond_signal(&threads_changed);
    pthread_mutex_unlock(&threads_lock);
    return t;
}

bool plugin_boundary_prepare_thread(void)
{
    return guard_self != NULL || guard_register() != NULL;
}
