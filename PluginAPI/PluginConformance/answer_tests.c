// What it answers.
#include "rig.h"

#include <string.h>

static void run_answers(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        market m = market_new(r->options.seed);
        step(r, "a market of 40000 records");
        subject_trade(s, &m, 5000, 8);
        if (s->broken[0])
            fails(r, "see the contracts in intent.h; round prices to the tick, quantities to the "
                  "lot",
                  "%s", s->broken);
        else if (!s->pushed)
            notes(r, "it answered nothing in 40000 records");
        else
            notes(r, "%llu answers", (unsigned long long)s->pushed);
    }
    if (s) subject_end(s);
}

static void run_full(rig *r)
{
    for (uint64_t room = 0; room < 3 && !has_failed(r); room++) {
        subject *s = subject_new(r);
        if (!takes_batches(r, s)) {
            if (s) subject_end(s);
            return;
        }
        market m = market_new(r->options.seed);
        for (int i = 0; i < 1500 && !has_failed(r); i++) {
            s->room = room;
            step(r, "a sink with room for %llu records", (unsigned long long)room);
            keel_status status = subject_trade(s, &m, 1, 8);
            if (status != KEEL_OK)
                fails(r, "when push answers KEEL_E_FULL, keep the wish for the next batch or "
                      "drop it, "
                      "and answer KEEL_OK", "its sink is full, and process answers %s: it would be "
                      "quarantined", status_name(status));
        }
        subject_end(s);
    }
}

static void run_quiesced(rig *r)
{
    subject *s = subject_new(r);
    if (takes_batches(r, s)) {
        if (!s->swap) {
            skips(r, "it does not offer keel.swap/1");
        } else {
            market m = market_new(r->options.seed);
            step(r, "quiescing it, flat");
            keel_status status = s->swap->quiesce(s->plugin, s->now + 1000000000);
            subject_clear(s);
            subject_trade(s, &m, 1500, 8);
            if (status == KEEL_OK && s->is_exposed)
                fails(r, "after quiesce only close what is open",
                      "asked to quiesce while flat, it still asks for a position");
            s->swap->resume(s->plugin);
        }
    }
    if (s) subject_end(s);
}

static void run_determinism(rig *r)
{
    subject *a = subject_new(r), *b = subject_new(r);
    if (b && takes_batches(r, a)) {
        market m = market_new(r->options.seed), n = m;
        step(r, "the same market, twice");
        subject_trade(a, &m, 1500, 8);
        subject_trade(b, &n, 1500, 8);
        r->result.digest = a->digest;
        const char *remedy = "use no clock but batch.now, no chance but a seed, no order of "
              "addresses";
        if (a->digest != b->digest && r->desc->flags & KEEL_PF_DETERMINISTIC)
            fails(r, remedy, "two instances answer the same batches differently (%llu and %llu "
                  "answers)", (unsigned long long)a->pushed, (unsigned long long)b->pushed);
        else if (a->digest != b->digest || !(r->desc->flags & KEEL_PF_DETERMINISTIC))
            skips(r, "it does not claim KEEL_PF_DETERMINISTIC");
    }
    if (a) subject_end(a);
    if (b) subject_end(b);
}

/// What one instance answers alone it must answer beside another, which sees another market.
static void run_shared(rig *r)
{
    subject *alone = subject_new(r);
    if (takes_batches(r, alone)) {
        market m = market_new(r->options.seed);
        subject_trade(alone, &m, 1000, 8);
        uint64_t digest = alone->digest, pushed = alone->pushed;
        subject_end(alone);
        alone = NULL;
        subject *one = subject_new(r), *two = subject_new(r);
        market n = market_new(r->options.seed), other = market_new(r->options.seed + 77);
        step(r, "two instances, batch by batch");
        for (int i = 0; i < 1000 && one && two; i++) {
            subject_trade(one, &n, 1, 8);
            subject_trade(two, &other, 1, 8);
        }
        if (one && one->digest != digest)
            fails(r, "keep what belongs to an instance in it, not in globals",
                  "beside another instance it answers otherwise than alone (%llu answers, alone "
                  "%llu)", (unsigned long long)one->pushed, (unsigned long long)pushed);
        if (one) subject_end(one);
        if (two) subject_end(two);
    }
    if (alone) subject_end(alone);
}

const conformance_test answer_tests[] = {
    {"answers", "Intents and signals are well formed: finite, on tick and lot, each with its own "
          "id.",
     10, 1, run_answers},
    {"sink-full", "A sink that takes nothing more is no reason to fail.", 10, 1, run_full},
    {"quiesced", "Asked to quiesce, it opens no new exposure.", 10, 1, run_quiesced},
    {"determinism", "The same batches give the same answers, in this process and in another.", 10,
          2,
     run_determinism},
    {"shared-state", "Instances do not reach each other through globals.", 10, 1, run_shared},
    {0},
};
