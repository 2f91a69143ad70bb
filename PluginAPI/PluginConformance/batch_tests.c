// Batches of every legal form.
#include "rig.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

static const char skip_by_size[] = "walk by h.size, and skip the types you do not know";

static void expect_ok(rig *r, keel_status status, const char *what)
{
    if (status != KEEL_OK)
        fails(r, "answer KEEL_OK: anything else quarantines the instance", "%s: process answers %s",
              what, status_name(status));
}

static void run_empty(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        tape none = {0};
        for (uint32_t mode = KEEL_WARMUP; mode <= KEEL_DRAIN; mode++) {
            s->mode = mode;
            step(r, "a batch without records");
            expect_ok(r, subject_send(s, &none), "a batch of 0 records");
        }
        if (s->pushed)
              fails(r, "return at once when count is 0", "a batch of 0 records is answered");
    }
    if (s) subject_end(s);
}

/// The records of `from`, each followed by what `add` puts behind it.
static void woven(tape *out, const tape *from, size_t grown, bool with_strangers)
{
    for (size_t at = 0; at < from->bytes;) {
        const keel_event *h = (const keel_event *)(const void *)(from->at + at);
        keel_event *copy = tape_add(out, h->size + grown, h->type, h->inst);
        memcpy(copy, h, h->size);
        copy->size = h->size + (uint32_t)grown;
        memset((uint8_t *)copy + h->size, 0xee, grown);
        at += h->size;
        if (with_strangers) {
            uint64_t *strange = tape_add(out, 48, (uint16_t)(40 + at % 20), 0);
            strange[5] = UINT64_MAX;
        }
    }
}

/// Two instances, one of which is given the same market in another form: their answers must agree.
static void run_form(rig *r, size_t grown, bool with_strangers, const char *what,
      const char *remedy)
{
    subject *plain = subject_new(r), *other = subject_new(r);
    if (other && takes_batches(r, plain)) {
        market m = market_new(r->options.seed);
        for (int i = 0; i < 150 && !has_failed(r); i++) {
            tape t = {0}, changed = {0};
            market_add(&t, &m, plain, 8);
            woven(&changed, &t, grown, with_strangers);
            step(r, "%s, batch %d", what, i);
            keel_status a = subject_send(plain, &t), b = subject_send(other, &changed);
            if (a != b)
                fails(r, remedy, "%s: process answers %s, else %s", what, status_name(b),
                      status_name(a));
            tape_free(&t), tape_free(&changed);
        }
        if (!has_failed(r) && plain->digest != other->digest)
            fails(r, remedy, "%s: it answers otherwise (%llu answers, else %llu)", what,
                  (unsigned long long)other->pushed, (unsigned long long)plain->pushed);
    }
    if (plain) subject_end(plain);
    if (other) subject_end(other);
}

static void run_unknown(rig *r)
{
    run_form(r, 0, true, "records of unknown types between the others", skip_by_size);
}
static void run_grown(rig *r)
{
    run_form(r, 40, false, "records that are 40 bytes longer", "walk by h.size, never by sizeof");
}

static void run_large(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        tape t = {0};
        market m = market_new(r->options.seed);
        market_add(&t, &m, s, 1 << 16);
        step(r, "a batch of %u records", t.count);
        s->room = 512;
        expect_ok(r, subject_send(s, &t), "a batch of 65536 records");
        tape_free(&t);
    }
    if (s) subject_end(s);
}

static void run_extreme(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        for (int i = 0; i < 4000 && !has_failed(r); i++) {
            tape t = {0};
            uint64_t before = r->random;
            for (int k = 0; k < 4; k++) tape_add_extreme(&t, &r->random, false);
            const keel_event *h = (const keel_event *)(const void *)t.at;
            step(r, "seed %llu: batch %d of extreme records, the first of type %u, chance %#llx",
                 (unsigned long long)r->options.seed, i, h->type, (unsigned long long)before);
            s->fills_count = 0;
            expect_ok(r, subject_send(s, &t), "records with extreme values");
            tape_free(&t);
        }
    }
    if (s) subject_end(s);
}

static void run_modes(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        market m = market_new(r->options.seed);
        static const uint32_t modes[] = {KEEL_WARMUP, KEEL_SHADOW, KEEL_LIVE, KEEL_DRAIN,
              KEEL_LIVE};
        for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
            s->mode = modes[i];
            step(r, "batches in mode %u", modes[i]);
            expect_ok(r, subject_trade(s, &m, 40, 8), "another mode");
        }
        for (int i = 0; i < 20; i++) {
            tape t = {0};
            market_add(&t, &m, s, 8);
            for (size_t at = 0; at < t.bytes;) {
                keel_event *h = (keel_event *)(void *)(t.at + at);
                h->flags = (uint16_t)(i % 2
                      ? KEEL_EVF_REPLAY : KEEL_EVF_INHERITED | KEEL_EVF_STALE);
                at += h->size;
            }
            step(r, "records with flags of replay and of another generation");
            expect_ok(r, subject_send(s, &t), "records with other flags");
            tape_free(&t);
        }
    }
    if (s) subject_end(s);
}

static void run_input(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        enum { ROOM = 1 << 16 };
        uint8_t *pages = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
              0);
        market m = market_new(r->options.seed);
        tape t = {0};
        for (int i = 0; i < 100 && pages != MAP_FAILED && !has_failed(r); i++) {
            t.bytes = t.count = 0;
            market_add(&t, &m, s, 8);
            tape lent = {.at = pages, .bytes = t.bytes, .room = ROOM, .count = t.count};
            memcpy(pages, t.at, t.bytes);
            step(r, "a batch in memory that may be written");
            subject_send(s, &lent);
            // Times and sequences were stamped into it: the same stamps make the copy.
            for (size_t at = 0; at < t.bytes;) {
                keel_event *h = (keel_event *)(void *)(t.at + at);
                const keel_event *given = (const keel_event *)(const void *)(pages + at);
                h->ts_venue = h->ts_recv = s->now;
                h->seq = given->seq;
                at += h->size;
            }
            if (memcmp(pages, t.at, t.bytes))
                fails(r, "copy what you change: the records belong to the host and to other "
                      "plugins",
                      "it writes into the batch it is given");
        }
        tape_free(&t);
    }
    if (s) subject_end(s);
}

struct call { subject *s; tape *t; keel_status status; };
static void *send_there(void *argument)
{
    struct call *call = argument;
    call->status = subject_send(call->s, call->t);
    return NULL;
}

static void run_threads(rig *r)
{
    subject *here = subject_new(r), *there = subject_new(r);
    if (there && takes_batches(r, here)) {
        market m = market_new(r->options.seed);
        for (int i = 0; i < 60 && !has_failed(r); i++) {
            tape t = {0};
            pthread_t thread;
            market_add(&t, &m, here, 8);
            subject_send(here, &t);
            struct call call = {there, &t, KEEL_OK};
            step(r, "a batch from thread %d", i);
            if (pthread_create(&thread, NULL, send_there, &call) == 0) pthread_join(thread, NULL);
            expect_ok(r, call.status, "a batch from another thread than the one before");
            tape_free(&t);
        }
        if (!has_failed(r) && here->digest != there->digest)
            fails(r, "keep nothing in thread-local storage: the next call may come from anywhere",
                  "called from a new thread for each batch, it answers otherwise");
    }
    if (here) subject_end(here);
    if (there) subject_end(there);
}

static void run_fuzz(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        market m = market_new(r->options.seed);
        for (int i = 0; i < 3000 && !has_failed(r); i++) {
            tape t = {0};
            uint64_t records = chance(r, 12);
            s->mode = (uint32_t)(1 + chance(r, 4));
            for (uint64_t k = 0; k < records; k++) {
                if (chance(r, 3)) market_add(&t, &m, s, 1);
                else tape_add_extreme(&t, &r->random, chance(r, 2));
            }
            step(r, "seed %llu: fuzzed batch %d", (unsigned long long)r->options.seed, i);
            s->fills_count = 0;
            s->room = chance(r, 4) ? 64 : chance(r, 3);
            expect_ok(r, subject_send(s, &t), "a fuzzed batch");
            tape_free(&t);
        }
    }
    if (s) subject_end(s);
}

const conformance_test batch_tests[] = {
    {"batch-empty", "A batch of no records is legal, and is answered by nothing.", 5, 1, run_empty},
    {"batch-unknown", "Records of types it does not know change nothing.", 5, 1, run_unknown},
    {"batch-grown", "Records that a later version made longer are read as before.", 5, 1,
          run_grown},
    {"batch-large", "A batch may be as large as the host makes it.", 5, 1, run_large},
    {"batch-extreme", "No value in a record of any type makes it crash or refuse.", 10, 1,
          run_extreme},
    {"batch-modes", "Warm-up, shadow, live and drain, replayed and inherited records are fine.",
          5, 1,
     run_modes},
    {"batch-input", "The batch it is given is not written to.", 5, 1, run_input},
    {"batch-threads", "Each batch may come from another thread, one after the other.", 5, 1,
          run_threads},
    {"batch-fuzz", "Random batches, of sense and of none, are survived.", 15, 1, run_fuzz},
    {0},
};
