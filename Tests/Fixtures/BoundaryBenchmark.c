/* What the guard costs: one plugin's process() called plainly and through the boundary, turn by
 * turn in one run, medians of many rounds, and how often the guarded calls allocated.
 *
 *   cc -O2 -ldl BoundaryBenchmark.c Host/Edges/PluginBoundary/(all).c && ./a.out plugin.so */
#define _GNU_SOURCE
#include <PluginBoundary.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 101, CALLS = 20000 };

static volatile unsigned long allocations;
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
void *malloc(size_t n) { allocations++; return __libc_malloc(n); }
void *calloc(size_t n, size_t size) { allocations++; return __libc_calloc(n, size); }

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static keel_status no_push(const keel_sink *sink, const void *record, size_t size)
{
    (void)sink, (void)record, (void)size;
    return KEEL_OK;
}

int main(int argc, char **argv)
{
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
    keel_entry_fn function = library ? (keel_entry_fn)dlsym(library, KEEL_ENTRY_SYMBOL) : NULL;
    plugin_text text;
    if (!function || !plugin_text_find((void *)function, &text)) return 1;
    plugin_limits limits = {.sink_kind = PLUGIN_SINK_INTENTS, .sink_bytes = 65536,
                            .event_deadline = 50000000, .control_deadline = 1000000000};
    plugin_boundary *b = plugin_boundary_new(&text, &limits, NULL);
    const keel_entry *entry = plugin_call_entry(b, function);
    keel_plugin *plugin = NULL;
    keel_error error = {.struct_size = sizeof error};
    if (plugin_call_create(b, entry, entry->describe(0)->id, (keel_str){NULL, 0}, &plugin, &error))
        return 2;
    const keel_strategy *strategy = plugin->extension(plugin, KEEL_STRATEGY);
    if (plugin_call_activate(b, plugin, &error)) return 3;
    plugin_boundary_bind(b, plugin, strategy->process);

    keel_batch batch = {.struct_size = sizeof batch, .mode = KEEL_LIVE, .generation = 1};
    keel_sink sink = {.struct_size = sizeof sink, .push = no_push};
    static double plain[ROUNDS], guarded[ROUNDS];
    keel_status (*volatile direct)(keel_plugin *, const keel_batch *, const keel_sink *)
        = strategy->process;
    keel_status (*volatile through)(void *, const keel_batch *, const void **, size_t *)
        = plugin_boundary_process;
    const void *records;
    size_t bytes;
    unsigned long before = 0;
    for (int round = -5; round < ROUNDS; round++) {
        if (round == 0) before = allocations;
        double start = now();
        for (int i = 0; i < CALLS; i++) direct(plugin, &batch, &sink);
        double middle = now();
        for (int i = 0; i < CALLS; i++) through(b, &batch, &records, &bytes);
        if (round < 0) continue;
        plain[round] = (middle - start) / CALLS;
        guarded[round] = (now() - middle) / CALLS;
    }
    if (plugin_boundary_is_quarantined(b)) return 4;
    unsigned long during = allocations - before;
    qsort(plain, ROUNDS, sizeof *plain, by_value);
    qsort(guarded, ROUNDS, sizeof *guarded, by_value);
    printf("{\"plainNanoseconds\": %.2f, \"guardedNanoseconds\": %.2f, \"allocations\": %lu}\n",
           plain[ROUNDS / 2], guarded[ROUNDS / 2], during);
    return 0;
}
