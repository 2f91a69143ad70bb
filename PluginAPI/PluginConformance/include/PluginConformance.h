/* What a plugin promises by the headers, as named tests. One library for everybody who asks:
 * `keel plugin check` runs each in a process of its own, an author's test in C or Swift does too.
 *
 * A test makes its own instances through the plugin's entry, with a host of its own, so that nothing
 * stands between the two sides. What it finds wrong it says with evidence and a remedy; a plugin
 * that crashes or hangs takes its process along, and whoever started that says so. */
#ifndef KEEL_PLUGIN_CONFORMANCE_H
#define KEEL_PLUGIN_CONFORMANCE_H

#include <keel/keel.h>
#include <stdbool.h>
#include <stdio.h>

KEEL_BEGIN

typedef enum conformance_verdict {
    CONFORMANCE_PASSED, CONFORMANCE_SKIPPED, CONFORMANCE_WARNED, CONFORMANCE_FAILED
} conformance_verdict;

typedef struct conformance_options {
    const char *path;        /* of the library                                                */
    const char *config;      /* what create() is given; "" for none                           */
    const char *const *settings; /* "name=value" of parameters, beside the declared defaults  */
    uint32_t settings_count;
    int      progress;       /* descriptor for a line before each step, -1 for none           */
    uint64_t seed;           /* of everything random                                          */
} conformance_options;

typedef struct conformance_result {
    conformance_verdict verdict;
    uint64_t digest;         /* of the answers; equal in every process where the test says so */
    char evidence[600], remedy[200]; /* NUL-ended                                             */
} conformance_result;

struct rig;
typedef struct conformance_test {
    const char *name;        /* "state-damaged"                                               */
    const char *about;       /* one sentence                                                  */
    uint32_t seconds;        /* how long it may take                                          */
    uint32_t processes;      /* 2: run it twice, each in a process; the digests must be equal */
    /* The rig is the test's own. */
    void (*run)(struct rig *rig);
} conformance_test;

uint32_t conformance_count(void);
const conformance_test *conformance_at(uint32_t index);
const conformance_test *conformance_find(const char *name); /* NULL if there is none          */

/* Loads the library into this process, for good, and runs one test on each plugin in it. */
conformance_result conformance_run(const conformance_test *test, const conformance_options *options);

/* The same in a child of this process, or in two: a crash or a hang is its finding. */
conformance_result conformance_run_in_child(const conformance_test *test,
                                            const conformance_options *options);
/* Every test in a child of this process, one line each for what did not pass. The number of tests
 * that failed. */
uint32_t conformance_check(const conformance_options *options, FILE *report);

/* What a plugin costs, for `keel plugin bench`. -1 where it cannot be measured. */
typedef struct conformance_cost {
    double   alone_ns, together_ns; /* per event: one a batch, 64 a batch                     */
    double   allocations;    /* per event, of those calls that can be counted                 */
    double   instance_bytes; /* resident memory of one more instance                          */
    int64_t  state_bytes;
    double   save_ns;
} conformance_cost;
/* False, and why in `result`, when no instance can be made or it takes no batches. */
bool conformance_measure(const conformance_options *options, uint32_t plugin,
                         conformance_cost *cost, conformance_result *result);

KEEL_END
#endif
