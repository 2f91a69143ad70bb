// What an event costs: time, memory, calls that [event] forbids.
#include "rig.h"

#include <stdlib.h>

enum { WARM_BATCHES = 1500, MEASURED = 2000, EACH = 8 };

static void run_calls(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        if (!watch_calls(r)) {
            skips(r, "calls cannot be counted on this machine");
        } else {
            market m = market_new(r->options.seed);
            subject_trade(s, &m, WARM_BATCHES, EACH);
            watch_reset();
            step(r, "counting its calls");
            subject_trade(s, &m, MEASURED, EACH);
            uint64_t memory = watch_count(WATCH_MEMORY);
            const char *name = watch_first(WATCH_WAIT);
            if (!name) name = watch_first(WATCH_WORLD);
            if (name)
                fails(r, "process runs on the market's thread: no lock, wait, file or socket in it",
                      "process calls %s", name);
            else if ((name = watch_first(WATCH_CLOCK)))
                fails(r, "the only clock is batch.now, the only chance a seed of its own",
                      "process calls %s", name);
            else if (memory)
                warns(r, "reserve what is needed in create", "process calls %s and its like %.3f "
                      "times "
                      "an event, once warm", watch_first(WATCH_MEMORY),
                      (double)memory / (MEASURED * EACH));
        }
    }
    if (s) subject_end(s);
}

static double time_of(subject *s, market *m, uint32_t each, uint32_t batches)
{
    // Records are made before the clock starts, and the least of several rounds counts.
    double best = 1e18;
    for (int round = 0; round < 5; round++) {
        tape *all = calloc(batches, sizeof *all);
        for (uint32_t i = 0; i < batches; i++) market_add(&all[i], m, s, each);
        uint64_t begin = clock_ns();
        for (uint32_t i = 0; i < batches; i++) {
            s->fills_count = 0;
            subject_send(s, &all[i]);
        }
        double ns = (double)(clock_ns() - begin) / ((double)batches * each);
        if (ns < best) best = ns;
        for (uint32_t i = 0; i < batches; i++) tape_free(&all[i]);
        free(all);
    }
    return best;
}

static void run_time(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        market m = market_new(r->options.seed);
        subject_trade(s, &m, 200, EACH);
        step(r, "taking the time");
        double ns = time_of(s, &m, EACH, 1000);
        notes(r, "%.0f ns an event", ns);
        if (ns > 20000)
            warns(r, "keep running sums instead of walking over the past at each event",
                  "an event takes %.0f ns", ns);
    }
    if (s) subject_end(s);
}

static void run_save_time(rig *r)
{
    subject *s = subject_new(r);
    if (s && !s->state) skips(r, "it keeps no state");
    if (s && s->state) {
        bytes saved = bytes_new();
        market m = market_new(r->options.seed);
        if (s->process) subject_trade(s, &m, 1000, EACH);
        uint64_t best = UINT64_MAX;
        for (int i = 0; i < 5; i++) {
            step(r, "taking the time of save");
            uint64_t begin = clock_ns();
            subject_save(s, &saved);
            uint64_t took = clock_ns() - begin;
            if (took < best) best = took;
        }
        notes(r, "%.0f us, %zu bytes", (double)best / 1000, saved.count);
        if (best > 1000000)
            warns(r, "save less: the market waits for it, 1 ms by default",
                  "save takes %.1f ms for %zu bytes", (double)best / 1e6, saved.count);
        bytes_free(&saved);
    }
    if (s) subject_end(s);
}

static void run_growth(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        market m = market_new(r->options.seed);
        subject_trade(s, &m, 5000, EACH);
        size_t heap = heap_bytes(), mapped = mapped_bytes();
        step(r, "a long market");
        subject_trade(s, &m, 20000, EACH);
        size_t more = heap_bytes() > heap ? heap_bytes() - heap : 0;
        if (mapped_bytes() > mapped + (1 << 20) && mapped_bytes() - mapped > more)
            more = mapped_bytes() - mapped;
        double each = (double)more / (20000.0 * EACH);
        if (each > 0.5)
            warns(r, "bound what it remembers", "it grows by %.1f bytes with every event", each);
    }
    if (s) subject_end(s);
}

const conformance_test cost_tests[] = {
    {"hot-path", "process calls nothing that waits, tells the time or asks for memory.", 10, 1,
          run_calls},
    {"time", "An event is dealt with quickly.", 20, 1, run_time},
    {"save-time", "Saving is quick: the market waits for it.", 10, 1, run_save_time},
    {"growth", "A long market does not make it grow.", 20, 1, run_growth},
    {0},
};

static double resident_each(rig *r)
{
    enum { MANY = 64 };
    subject *all[MANY] = {0};
    size_t begin = 0;
    for (int i = 0; i < MANY; i++) {
        if (i == MANY / 2) begin = resident_bytes();
        if (!(all[i] = subject_new(r))) return -1;
        market m = market_new(r->options.seed);
        if (all[i]->process) subject_trade(all[i], &m, 50, EACH);
    }
    size_t end = resident_bytes();
    for (int i = 0; i < MANY; i++) subject_end(all[i]), subject_free(all[i]);
    return end > begin ? (double)(end - begin) / (MANY / 2) : 0;
}

bool conformance_measure(const conformance_options *options, uint32_t plugin,
                         conformance_cost *cost, conformance_result *result)
{
    rig r = {.options = *options, .random = options->seed};
    *cost = (conformance_cost){-1, -1, -1, -1, -1, -1};
    if (!r.options.config) r.options.config = "";
    subject *s = NULL;
    if (rig_open(&r) && (r.desc = r.entry->describe(plugin))) s = subject_new(&r);
    *result = r.result;
    if (!s || !takes_batches(&r, s)) {
        *result = r.result;
        if (s) subject_end(s);
        return false;
    }
    cost->instance_bytes = resident_each(&r);
    market m = market_new(options->seed);
    subject_trade(s, &m, 500, EACH);
    cost->alone_ns = time_of(s, &m, 1, 20000);
    cost->together_ns = time_of(s, &m, 64, 1000);
    if (s->state) {
        bytes saved = bytes_new();
        cost->save_ns = 1e18;
        for (int i = 0; i < 20; i++) {
            uint64_t begin = clock_ns();
            subject_save(s, &saved);
            double took = (double)(clock_ns() - begin);
            if (took < cost->save_ns) cost->save_ns = took;
        }
        cost->state_bytes = (int64_t)saved.count;
        bytes_free(&saved);
    }
    if (watch_calls(&r)) {
        watch_reset();
        subject_trade(s, &m, MEASURED, EACH);
        cost->allocations = (double)watch_count(WATCH_MEMORY) / (MEASURED * EACH);
    }
    subject_end(s);
    return true;
}
