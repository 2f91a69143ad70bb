// Starting a worker. A worker dies with the thread that started it, so that none outlives a host
// that was killed: that thread is one of its own, which lasts as long as the host.
#define _GNU_SOURCE
#include "WorkerChannel.h"
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>

struct order {
    const char *program, *name;
    int memory, library, failed;
    pid_t child;
    bool done;
};

static pthread_mutex_t one_order = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct order *given;
static bool serving;

static int prepare(posix_spawnattr_t *attributes, posix_spawn_file_actions_t *actions,
                   const struct order *order)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK
                                             | POSIX_SPAWN_SETSIGDEF);
    int failed = 0;
    for (int standard = 0; standard <= 2 && !failed; standard++)
        failed = posix_spawn_file_actions_addopen(actions, standard, "/dev/null", O_RDWR, 0);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(
            actions, order->memory, WORKER_MEMORY_DESCRIPTOR);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(
            actions, order->library, WORKER_LIBRARY_DESCRIPTOR);
    if (!failed)
        failed = posix_spawn_file_actions_addclosefrom_np(actions, WORKER_LIBRARY_DESCRIPTOR + 1);
    return failed;
}

static void carry_out(struct order *order)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char *arguments[] = {"keel", "worker", (char *)order->name, NULL}, *environment[] = {NULL};
    if ((order->failed = posix_spawn_file_actions_init(&actions))) return;
    if (!(order->failed = posix_spawnattr_init(&attributes))) {
        if (!(order->failed = prepare(&attributes, &actions, order)))
            order->failed = posix_spawn(
                &order->child, order->program, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
}

static void *carry_out_for_ever(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&lock);
    for (;;) {
        while (!given) pthread_cond_wait(&changed, &lock);
        struct order *order = given;
        carry_out(order);
        given = NULL;
        order->done = true;
        pthread_cond_broadcast(&changed);
    }
    return NULL;
}

/* Blocks every signal in the thread: they are for threads that know what to do. */
static int start_serving(void)
{
    if (serving) return 0;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_t thread;
    int failed = pthread_create(&thread, NULL, carry_out_for_ever, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) return failed;
    pthread_setname_np(thread, "keel-workers");
    pthread_detach(thread);
    serving = true;
    return 0;
}

int worker_spawn(const char *program, const char *name, int memory, int library, pid_t *child)
{
    struct order order = {.program = program, .name = name, .memory = memory, .library = library};
    pthread_mutex_lock(&one_order);
    pthread_mutex_lock(&lock);
    if (!(order.failed = start_serving())) {
        given = &order;
        pthread_cond_broadcast(&changed);
        while (!order.done) pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&one_order);
    *child = order.child;
    return order.failed;
}
