// What is saved, and what can be loaded.
#include "rig.h"

#include <string.h>

static const char refuse_it[] = "check every length and number that load() reads; refuse, never "
      "crash";

/// One that has seen a market, and what it saved of it.
static subject *with_state(rig *r, bytes *saved)
{
    subject *s = subject_new(r);
    if (!s) return NULL;
    if (!s->state) {
        skips(r, "it keeps no state");
        subject_end(s);
        return NULL;
    }
    market m = market_new(r->options.seed);
    if (s->process) {
        subject_trade(s, &m, 100, 8);
        subject_settle(s);
    }
    step(r, "saving its state");
    keel_status status = subject_save(s, saved);
    if (saved->overflowed)
        fails(r, "save less: what history can bring back need not be saved",
              "its state is more than %d bytes", STATE_MAX);
    else if (status != KEEL_OK)
        fails(r, "answer KEEL_OK once all is written", "save answers %s", status_name(status));
    if (!has_failed(r)) return s;
    subject_end(s);
    return NULL;
}

/// An instance that was given these bytes before activate; NULL when it refuses them.
static subject *loaded(rig *r, bytes *in, uint32_t version, keel_status *status, keel_error *error)
{
    subject *s = subject_create(r);
    if (!s) return NULL;
    subject_set_parameters(s);
    *status = subject_load(s, in, version);
    *error = s->error;
    if (*status == KEEL_OK) return s;
    subject_end(s);
    return NULL;
}

static void run_save(rig *r)
{
    bytes one = bytes_new(), two = bytes_new();
    subject *s = with_state(r, &one);
    if (s) {
        r->result.digest = mix(0, one.at, one.count);
        step(r, "saving it again");
        subject_save(s, &two);
        if (one.count != two.count || memcmp(one.at, two.at, one.count))
            fails(r, "write no addresses, times or padding, and order what has no order",
                  "saved twice, the same state is %zu and %zu bytes that differ", one.count,
                        two.count);
        if (!r->desc->state_schema || !r->desc->state_schema[0])
            fails(r, "name the schema in state_schema", "it saves state that has no schema");
        subject_end(s);
        notes(r, "%zu bytes", one.count);
    }
    bytes_free(&one), bytes_free(&two);
}

static void run_load(rig *r)
{
    bytes saved = bytes_new(), again = bytes_new();
    keel_status status = KEEL_OK;
    keel_error error;
    subject *a = with_state(r, &saved);
    subject *b = NULL;
    if (a) {
        step(r, "loading its own state");
        b = loaded(r, &saved, r->desc->state_version, &status, &error);
        if (!b)
            fails(r, "load() reads what save() writes", "it refuses its own state: %s",
                  error.text[0] ? error.text : status_name(status));
        else if (saved.position < saved.count)
            warns(r, "read to the end, so that a longer state is noticed",
                  "load leaves %zu of %zu bytes unread", saved.count - saved.position, saved.count);
    }
    if (a && b) {
        b->seq = a->seq, b->now = a->now, b->batches = a->batches, b->last_intent = a->last_intent;
        b->orders = a->orders;
        step(r, "saving what was loaded");
        subject_save(b, &again);
        if (saved.count != again.count || memcmp(saved.at, again.at, saved.count))
            fails(r, "save and load the same fields", "saved again after a load, its state "
                  "differs");
        subject_activate(b);
        memcpy(b->position, a->position, sizeof a->position);
        subject_clear(a), subject_clear(b);
        market m = market_new(r->options.seed + 1), n = m;
        // The host's facts come first, as after any swap.
        tape held = {0};
        for (keel_inst i = 0; i < INSTRUMENTS; i++) {
            keel_ev_position *p = tape_add(&held, sizeof *p, KEEL_EV_POSITION, i);
            p->h.flags = KEEL_EVF_SNAPSHOT | KEEL_EVF_LAST;
            p->qty = a->position[i], p->average = p->qty ? m.price[i] : KEEL_NULL;
        }
        step(r, "trading with the one that saved and the one that loaded");
        if (a->process) {
            subject_send(a, &held), subject_send(b, &held);
            subject_trade(a, &m, 100, 8), subject_trade(b, &n, 100, 8);
        }
        tape_free(&held);
        if (a->digest != b->digest)
            fails(r, "save everything that answers depend on",
                  "after a load it answers otherwise than the instance that saved (%llu and %llu "
                  "answers)", (unsigned long long)a->pushed, (unsigned long long)b->pushed);
    }
    if (a) subject_end(a);
    if (b) subject_end(b);
    bytes_free(&saved), bytes_free(&again);
}

static void run_pieces(rig *r)
{
    bytes whole = bytes_new(), pieces = bytes_new();
    subject *s = with_state(r, &whole);
    if (s && whole.count <= 1 << 20) {
        keel_status status = KEEL_OK;
        keel_error error;
        pieces.piece = 1;
        step(r, "saving through a stream of one byte a call");
        status = subject_save(s, &pieces);
        if (status != KEEL_OK || pieces.count != whole.count
            || memcmp(pieces.at, whole.at, whole.count))
            fails(r, "io() moves up to n bytes: loop until all are moved",
                  "through a stream of one byte a call, it saves %zu of %zu bytes", pieces.count,
                  whole.count);
        step(r, "loading through a stream of one byte a call");
        whole.piece = 1;
        subject *b = loaded(r, &whole, r->desc->state_version, &status, &error);
        if (!b)
            fails(r, "io() moves up to n bytes: loop until all are moved",
                  "through a stream of one byte a call, it refuses its own state");
        else subject_end(b);
    }
    if (s) subject_end(s);
    bytes_free(&whole), bytes_free(&pieces);
}

/// Refused or taken, it must not crash; taken, it must still save and answer.
static bool survives(rig *r, bytes *damaged)
{
    keel_status status = KEEL_OK;
    keel_error error;
    subject *s = loaded(r, damaged, r->desc->state_version, &status, &error);
    if (!s) return false;
    market m = market_new(r->options.seed);
    if (subject_activate(s) == KEEL_OK && s->process) subject_trade(s, &m, 3, 8);
    subject_end(s);
    return true;
}

static void run_damaged(rig *r)
{
    bytes saved = bytes_new(), damaged = bytes_new();
    subject *s = with_state(r, &saved);
    if (s) {
        uint32_t taken = 0;
        size_t first = 0, all = saved.count, stride = all > 2000 ? all / 1000 : 1;
        for (size_t length = 0; length < all; length += stride) {
            step(r, "loading the first %zu of its %zu bytes", length, all);
            memcpy(damaged.at, saved.at, damaged.count = length);
            if (survives(r, &damaged) && !taken++) first = length;
        }
        if (taken)
            fails(r, refuse_it, "a state cut to %zu of %zu bytes is taken, and %u others", first,
                  all,
                  taken - 1);
        for (int round = 0; round < 200; round++) {
            bool is_random = round % 4 == 0;
            damaged.count = is_random ? chance(r, 2 * all + 64) : all;
            memcpy(damaged.at, saved.at, all);
            for (size_t k = 0; k < (is_random ? damaged.count : 1 + chance(r, 4)) && all; k++)
                damaged.at[is_random ? k : chance(r, all)] = (uint8_t)chance(r, 256);
            step(r, "seed %llu: loading damaged state, round %d",
                  (unsigned long long)r->options.seed,
                 round);
            survives(r, &damaged);
        }
        step(r, "loading a megabyte of 0xff");
        memset(damaged.at, 0xff, damaged.count = 1 << 20);
        survives(r, &damaged);
        subject_end(s);
    }
    bytes_free(&saved), bytes_free(&damaged);
}

static void run_stream(rig *r)
{
    bytes saved = bytes_new(), broken = bytes_new();
    subject *s = with_state(r, &saved);
    if (s && saved.count > 0) {
        keel_status status = KEEL_OK;
        keel_error error;
        broken.piece = 1;
        broken.fails_after = saved.count / 2;
        step(r, "saving into a stream that fails half way");
        if (subject_save(s, &broken) == KEEL_OK)
            fails(r, "hand on what io() answers when it is negative",
                  "save answers KEEL_OK though its stream failed half way");
        saved.piece = 1;
        saved.fails_after = saved.count / 2;
        step(r, "loading from a stream that fails half way");
        subject *b = loaded(r, &saved, r->desc->state_version, &status, &error);
        if (b) {
            fails(r, "hand on what io() answers when it is negative",
                  "load answers KEEL_OK though its stream failed half way");
            subject_end(b);
        }
    }
    if (s) subject_end(s);
    bytes_free(&saved), bytes_free(&broken);
}

static void run_versions(rig *r)
{
    bytes saved = bytes_new();
    subject *s = with_state(r, &saved);
    if (s) {
        uint32_t version = r->desc->state_version, oldest = r->desc->state_oldest;
        uint32_t tried[] = {version + 1, oldest ? oldest - 1 : version + 2, UINT32_MAX};
        for (int i = 0; i < 3; i++) {
            keel_status status = KEEL_OK;
            keel_error error;
            step(r, "loading its state as one of version %u, where it writes %u", tried[i],
                  version);
            subject *b = loaded(r, &saved, tried[i], &status, &error);
            if (b && (tried[i] < oldest || tried[i] == UINT32_MAX))
                fails(r, "answer KEEL_E_VERSION for versions that load() cannot read",
                      "it takes a state of version %u; it writes %u and reads from %u", tried[i],
                      version, oldest);
            if (!b && !error.text[0])
                warns(r, "say in err which versions load() reads",
                      "it refuses a state of version %u without a word", tried[i]);
            if (b) subject_end(b);
        }
        subject_end(s);
    }
    bytes_free(&saved);
}

const conformance_test state_tests[] = {
    {"state-save", "The same state is the same bytes, in this process and in another.", 10, 2,
          run_save},
    {"state-load", "What it saved it loads, and goes on as if nothing had been.", 10, 1, run_load},
    {"state-pieces", "State moves through a stream of one byte a call.", 10, 1, run_pieces},
    {"state-stream", "A stream that fails half way is noticed.", 5, 1, run_stream},
    {"state-damaged", "State that is cut short, random or huge is refused and crashes nothing.",
          20, 1,
     run_damaged},
    {"state-versions", "State of a version that it cannot read is refused with a word.", 5, 1,
     run_versions},
    {0},
};
