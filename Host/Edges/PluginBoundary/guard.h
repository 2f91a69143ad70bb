/* The guard: which thread is inside which plugin, and how to come back from there. */
#ifndef GUARD_H
#define GUARD_H

#include "boundary.h"
#include <pthread.h>
#include <setjmp.h>
#include <time.h>

/* On x86-64 the compiler's own pair, which saves three words in line where glibc's call saves and
 * mangles eight: about 3 ns less a call. Neither touches the signal mask. */
#if defined(__x86_64__)
typedef void *guard_jump[5];
#define guard_mark(jump) __builtin_setjmp(jump)
#define guard_jump_back(jump) __builtin_longjmp(jump, 1)
#else
typedef sigjmp_buf guard_jump;
#define guard_mark(jump) sigsetjmp(jump, 0)
#define guard_jump_back(jump) siglongjmp(jump, 1)
#endif

/* One per thread that makes guarded calls; lives as long as the thread. */
struct guard_thread {
    _Atomic uint64_t calls;    /* made so far: names the call that is inside                  */
    _Atomic uint64_t overdue;  /* the value of `calls` that has overrun, written by the sampler */
    _Atomic uint64_t deadline; /* of the call inside                                          */
    plugin_boundary *_Atomic boundary; /* whose call is inside, or NULL                       */
    const char *call;
    guard_jump back;
    /* The sampler's alone. */
    uint64_t calls_seen;
    uint32_t samples;          /* of the same call, one after the other                       */
    int64_t  cpu_seen;
    pthread_t thread;
    clockid_t clock;
    struct guard_thread *next;
    void *stack;               /* the signal stack                                            */
};

extern _Thread_local struct guard_thread *guard_self __attribute__((tls_model("initial-exec")));
/* Raised while a leaf of the host runs on behalf of the plugin: no jump out of it. */
extern _Thread_local volatile int guard_in_host __attribute__((tls_model("initial-exec")));

/* Raised while a leaf reads bytes of the plugin's and holds nothing: a fault then is the plugin's. */
extern _Thread_local volatile int guard_reading __attribute__((tls_model("initial-exec")));

/* Registers this thread: signal stack, sampler. NULL when the system refuses. */
struct guard_thread *guard_register(void);
/* Writes the fault a signal left behind into the boundary and quarantines it. Called after the
 * jump, in the frame of the host. */
void guard_landed(struct guard_thread *t);
/* Takes back the handlers that somebody has replaced; one of their signals, or 0. */
int guard_restore_handlers(void);
/* The same, and remembers it for plugin_boundary_take_theft: who did it is not known. */
void guard_note_theft(void);
/* Jumps if the call became overdue while the leaf ran. */
void guard_leave_leaf(plugin_boundary *b, const void *caller);

static inline plugin_boundary *guard_inside(const struct guard_thread *t)
{
    return atomic_load_explicit(&t->boundary, memory_order_relaxed);
}

/* Whether this thread is inside that plugin: threads a plugin makes never are. */
static inline bool guard_is_inside(const plugin_boundary *b)
{
    return guard_self && guard_inside(guard_self) == b;
}

static inline struct guard_thread *guard_enter(
    plugin_boundary *b, const char *call, uint64_t deadline)
{
    struct guard_thread *t = guard_self;
    if (__builtin_expect(t == NULL, 0) && !(t = guard_register())) return NULL;
    if (__builtin_expect(guard_inside(t) != NULL, 0)) return NULL; /* a plugin calls no plugin */
    t->call = call;
    atomic_store_explicit(&t->deadline, deadline, memory_order_relaxed);
    uint64_t calls = atomic_load_explicit(&t->calls, memory_order_relaxed);
    atomic_store_explicit(&t->calls, calls + 1, memory_order_relaxed);
    atomic_store_explicit(&t->boundary, b, memory_order_relaxed);
    return t;
}

static inline void guard_leave(struct guard_thread *t)
{
    atomic_store_explicit(&t->boundary, NULL, memory_order_relaxed);
}

/* Runs `statement`, which calls into the plugin, under the guard. `failed` runs after a fault or
 * when no call may be made. A macro, because the mark must stand in the frame that stays. */
#define GUARDED(b, name, limit, statement, failed)                                   \
    do {                                                                             \
        struct guard_thread *guard_thread_ = boundary_is_callable(b)                 \
            ? guard_enter(b, name, limit) : NULL;                                    \
        if (!guard_thread_) { failed; }                                              \
        else if (guard_mark(guard_thread_->back) == 0) {                           \
            statement;                                                               \
            guard_leave(guard_thread_);                                              \
        } else {                                                                     \
            guard_landed(guard_thread_);                                             \
            failed;                                                                  \
        }                                                                            \
    } while (0)

#endif
