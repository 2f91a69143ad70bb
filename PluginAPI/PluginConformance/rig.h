/* What the tests are made of: a library, instances of its plugins with hosts of their own, and
 * market data. */
#ifndef KEEL_CONFORMANCE_RIG_H
#define KEEL_CONFORMANCE_RIG_H

#include "PluginConformance.h"

#include <pthread.h>
#include <stdatomic.h>

enum { INSTRUMENTS = 3, FILLS_MAX = 32, STATE_MAX = 16 << 20, PARAMETERS_MAX = 256,
       STEP_BYTES = 200 };
/* Records are made into this. `at` is 8-aligned. */
typedef struct tape {
    uint8_t *at;
    size_t bytes, room;
    uint32_t count;
} tape;

typedef struct rig {
    conformance_options options;
    conformance_result result;
    void *library;
    const keel_entry *entry;
    const keel_descriptor *desc; /* the plugin under test                                     */
    keel_ev_instrument instruments[INSTRUMENTS];
    uint64_t random;
} rig;

typedef keel_status (*process_function)(keel_plugin *, const keel_batch *, const keel_sink *);

/* One instance. Its host outlives it, so that a late call finds somebody. */
typedef struct subject {
    rig *rig;
    keel_host host;
    keel_feed feed;
    keel_plugin *plugin;
    process_function process;    /* NULL of other kinds                                       */
    const keel_data *data;
    const keel_exchange *exchange;
    const keel_params *params;
    const keel_state *state;
    const keel_interests *interests;
    const keel_swap *swap;
    uint64_t wanted;             /* KEEL_MASK of what it asks for                             */
    keel_ns bar_interval;
    bool is_active;
    keel_error error;
    /* batches */
    uint32_t mode;
    uint64_t seq, batches;
    keel_ns now;
    /* answers */
    uint64_t digest, pushed, published;
    uint64_t room;               /* pushes and publishes that are still taken                 */
    keel_intent fills[FILLS_MAX];
    uint32_t fills_count;
    int64_t position[INSTRUMENTS];
    uint64_t last_intent, orders;
    char broken[200];            /* the first answer that must not be, as text                */
    bool is_exposed;             /* an answer would open exposure                             */
    atomic_uint host_calls;
    pthread_mutex_t feed_lock;
    keel_ns published_last;
    uint64_t subscribed;         /* bit of each instrument subscribed                         */
} subject;

/* ---- verdicts: the worst stays, the first of its kind speaks ------------------------------ */
__attribute__((format(printf, 3, 4)))
void fails(rig *r, const char *remedy, const char *format, ...);
__attribute__((format(printf, 3, 4)))
void warns(rig *r, const char *remedy, const char *format, ...);
__attribute__((format(printf, 2, 3))) void skips(rig *r, const char *format, ...);
__attribute__((format(printf, 2, 3))) void notes(rig *r, const char *format, ...);
/* What is about to happen, for whoever finds this process dead. */
__attribute__((format(printf, 2, 3))) void step(rig *r, const char *format, ...);
bool has_failed(const rig *r);
const char *status_name(keel_status status);

/* ---- chance ------------------------------------------------------------------------------- */
uint64_t next_random(uint64_t *state);
static inline uint64_t chance(rig *r, uint64_t below) { return next_random(&r->random) % below; }
uint64_t mix(uint64_t digest, const void *bytes, size_t count);

/* ---- instances ---------------------------------------------------------------------------- */
bool rig_open(rig *r);
/* With its parameters set and active; NULL, and the test skipped, when the plugin refuses. */
subject *subject_new(rig *r);
/* One step each. NULL or a status when the plugin refuses. */
subject *subject_create(rig *r);
keel_status subject_set_parameters(subject *s);
keel_status subject_activate(subject *s);
void subject_deactivate(subject *s);
/* Deactivates if need be, and destroys. The host stays in memory. */
void subject_end(subject *s);
void subject_free(subject *s); /* after subject_end */
/* Whether this kind takes batches; says that the test is skipped where it does not. */
bool takes_batches(rig *r, const subject *s);
keel_status set_parameter(subject *s, const keel_param_info *info, double value, const char *text,
                          size_t length);
keel_param_info parameter(subject *s, uint32_t index);

/* ---- batches ------------------------------------------------------------------------------ */
void tape_free(tape *t);
/* Room for one record, zeroed but for its header's size, type and instrument. */
void *tape_add(tape *t, size_t size, uint16_t type, keel_inst inst);
/* `count` records of a market that walks by `*walk`, of the types wanted. */
typedef struct market { uint64_t random; int64_t price[INSTRUMENTS]; uint64_t step; } market;
market market_new(uint64_t seed);
void market_add(tape *t, market *m, const subject *for_whom, uint32_t count);
/* One record of any type, its fields as extreme as `random` makes them. */
void tape_add_extreme(tape *t, uint64_t *random, bool has_sane_prices);
enum { EXTREME_TYPES = KEEL_EV_REQUEST };
/* Stamps times and sequences, calls process, and collects what it answers. */
keel_status subject_send(subject *s, tape *t);
/* `batches` of `each` records; echoes orders back. The status of the first that was refused. */
keel_status subject_trade(subject *s, market *m, uint32_t batches, uint32_t each);
void subject_settle(subject *s);
void subject_clear(subject *s);

/* ---- state -------------------------------------------------------------------------------- */
typedef struct bytes {
    uint8_t *at;
    size_t count, room, position, piece; /* piece: bytes a call, 0: all                       */
    size_t fails_after;          /* bytes moved before io() fails; SIZE_MAX: never            */
    bool overflowed;
} bytes;
bytes bytes_new(void);
void bytes_free(bytes *b);
keel_status subject_save(subject *s, bytes *out);
keel_status subject_load(subject *s, bytes *in, uint32_t version);

/* ---- what a process holds ----------------------------------------------------------------- */
uint32_t count_entries(const char *folder); /* of /proc/self                                  */
size_t heap_bytes(void);
size_t mapped_bytes(void);
size_t resident_bytes(void);
uint64_t clock_ns(void);
uint64_t cpu_ns(void);

/* Counts the library's own calls of functions that [event] forbids. False where there is no way. */
enum watched { WATCH_MEMORY, WATCH_WAIT, WATCH_CLOCK, WATCH_WORLD, WATCH_CLASSES };
bool watch_calls(rig *r);
void watch_reset(void);
uint64_t watch_count(enum watched what);
const char *watch_first(enum watched what); /* the name of the first function called, or NULL */

/* ---- tests -------------------------------------------------------------------------------- */
extern const conformance_test lifecycle_tests[], parameter_tests[], state_tests[], batch_tests[],
    answer_tests[], process_tests[], cost_tests[], source_tests[];

#endif
