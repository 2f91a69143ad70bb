// What it leaves behind in the process that it shares with others.
#include "rig.h"

#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/// A whole life, with a market in it.
static bool live_once(rig *r)
{
    subject *s = subject_new(r);
    if (!s) return false;
    market m = market_new(r->options.seed);
    if (s->process) subject_trade(s, &m, 50, 8);
    if (s->data && s->data->attach(s->plugin, &s->feed) == KEEL_OK && s->data->poll) {
        keel_ns next;
        s->data->subscribe(s->plugin, 0, KEEL_MASK(KEEL_EV_QUOTE), 0);
        s->subscribed = UINT64_MAX;
        for (int i = 0; i < 10; i++) s->data->poll(s->plugin, s->now += 1000000000, &next);
    }
    bytes saved = bytes_new();
    if (s->state) subject_save(s, &saved);
    bytes_free(&saved);
    subject_end(s);
    subject_free(s);
    return true;
}

static void run_threads(rig *r)
{
    uint32_t before = count_entries("/proc/self/task");
    subject *s = subject_new(r);
    if (!s) return;
    market m = market_new(r->options.seed);
    if (s->process) subject_trade(s, &m, 50, 8);
    step(r, "deactivating it");
    subject_deactivate(s);
    uint32_t after = count_entries("/proc/self/task");
    if (after > before)
        fails(r, "join every thread before deactivate returns",
              "%u of its threads live on after deactivate", after - before);
    subject_end(s);
}

static void run_descriptors(rig *r)
{
    if (!live_once(r)) return;
    uint32_t before = count_entries("/proc/self/fd");
    for (int i = 0; i < 4; i++) {
        step(r, "life %d", i);
        if (!live_once(r)) return;
    }
    uint32_t after = count_entries("/proc/self/fd");
    if (after > before)
        fails(r, "close in destroy what create and activate opened",
              "%u descriptors stay open after 4 instances came and went", after - before);
}

static void run_signals(rig *r)
{
    static struct sigaction before[65];
    sigset_t mask_before, mask_after;
    for (int n = 1; n < 65; n++) sigaction(n, NULL, &before[n]);
    pthread_sigmask(SIG_SETMASK, NULL, &mask_before);
    if (!live_once(r)) return;
    for (int n = 1; n < 65; n++) {
        struct sigaction after = {0};
        if (sigaction(n, NULL, &after) == 0 && after.sa_handler != before[n].sa_handler)
            fails(r, "signals are the host's: install no handler, ignore none",
                  "it changed what happens at signal %d", n);
    }
    pthread_sigmask(SIG_SETMASK, NULL, &mask_after);
    for (int n = 1; n < 65; n++)
        if (sigismember(&mask_before, n) != sigismember(&mask_after, n))
            fails(r, "leave the signal mask of the host's threads alone",
                  "it changed whether this thread takes signal %d", n);
}

static void run_surroundings(rig *r)
{
    char folder[4096] = "", later[4096] = "";
    char place[200];
    if (!getcwd(folder, sizeof folder)) folder[0] = 0;
    snprintf(place, sizeof place, "%s", setlocale(LC_ALL, NULL));
    int rounding = fegetround();
    mode_t mask = umask(022);
    umask(mask);
    if (!live_once(r)) return;
    if (!getcwd(later, sizeof later)) later[0] = 0;
    mode_t mask_later = umask(mask);
    const char *what = strcmp(folder, later) ? "the working directory"
                     : mask != mask_later ? "the file mode mask"
                     : fegetround() != rounding ? "the rounding of floating point numbers"
                     : strcmp(place, setlocale(LC_ALL, NULL)) ? "the locale" : NULL;
    if (what) fails(r, "these belong to the whole process: leave them alone", "it changed %s",
          what);
}

static void run_memory(rig *r)
{
    enum { WARM = 20, LIVES = 60 };
    for (int i = 0; i < WARM; i++)
        if (!live_once(r)) return;
    // What a leak takes it takes every time: the allocator's own habits do not.
    size_t grown = SIZE_MAX;
    for (int round = 0; round < 3; round++) {
        size_t heap = heap_bytes(), mapped = mapped_bytes();
        for (int i = 0; i < LIVES; i++) {
            step(r, "life %d", round * LIVES + i);
            if (!live_once(r)) return;
        }
        size_t heap_now = heap_bytes(), mapped_now = mapped_bytes();
        size_t more = heap_now > heap ? heap_now - heap : 0;
        if (mapped_now > mapped + LIVES * 1024 && mapped_now - mapped > more)
            more = mapped_now - mapped;
        if (more < grown) grown = more;
    }
    if (grown >= LIVES * 8)
        fails(r, "free in destroy all that create, activate and process made",
              "%zu bytes stay behind of each instance that came and went", grown / LIVES);
}

const conformance_test process_tests[] = {
    {"threads", "No thread of it outlives deactivate.", 10, 1, run_threads},
    {"descriptors", "No file or socket stays open after destroy.", 10, 1, run_descriptors},
    {"signals", "Signal handlers and masks stay as they were.", 5, 1, run_signals},
    {"surroundings", "Working directory, locale, file mode mask and rounding stay as they were.",
          5, 1,
     run_surroundings},
    {"memory", "Instances that come and go leave no memory behind.", 20, 1, run_memory},
    {0},
};
