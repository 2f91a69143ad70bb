// Data providers and exchange adapters.
#include "rig.h"

#include <string.h>

static const uint64_t all_types = KEEL_MASK(KEEL_EV_QUOTE) | KEEL_MASK(KEEL_EV_TRADE)
                                | KEEL_MASK(KEEL_EV_BAR) | KEEL_MASK(KEEL_EV_BOOK);

static subject *subject_feeding(rig *r)
{
    subject *s = subject_new(r);
    if (s && !s->data) skips(r, "it is no data provider");
    if (s && s->data) {
        step(r, "attaching its feed");
        keel_status status = s->data->attach(s->plugin, &s->feed);
        if (status == KEEL_OK) {
            // A source may carry one of them alone.
            for (keel_inst i = 0; i < INSTRUMENTS; i++) {
                step(r, "subscribing to instrument %u", i);
                s->subscribed |= (uint64_t)1 << i;
                keel_status taken = s->data->subscribe(s->plugin, i, all_types, 0);
                if (taken != KEEL_OK)
                    taken = s->data->subscribe(s->plugin, i, KEEL_MASK(KEEL_EV_BAR), 60000000000);
                if (taken != KEEL_OK) s->subscribed &= ~((uint64_t)1 << i);
            }
            if (s->subscribed) return s;
            skips(r, "it carries none of the instruments of this test");
        } else {
            fails(r, "attach after activate", "attach answers %s", status_name(status));
        }
    }
    if (s) subject_end(s);
    return NULL;
}

static keel_status poll_for(subject *s, uint32_t polls, keel_ns length)
{
    keel_status status = KEEL_OK;
    for (uint32_t i = 0; i < polls && status == KEEL_OK && s->data->poll; i++) {
        keel_ns next = KEEL_NULL;
        s->now += length;
        if (s->room < 100000) s->room = UINT64_MAX;
        status = s->data->poll(s->plugin, s->now, &next);
    }
    return status;
}

static void run_feed(rig *r)
{
    subject *s = subject_feeding(r);
    if (!s) return;
    step(r, "polling it");
    keel_status status = poll_for(s, 200, 1000000000);
    if (s->broken[0])
        fails(r, "see the contract of keel.data/1 in data.h", "%s", s->broken);
    else if (status < KEEL_OK)
        fails(r, "answer KEEL_OK, or KEEL_S_END at the end", "poll answers %s",
              status_name(status));
    notes(r, "%llu records", (unsigned long long)s->published);
    r->result.digest = s->data->poll ? s->digest : 0;
    subject_end(s);
}

static void run_feed_full(rig *r)
{
    subject *a = subject_feeding(r), *b = a ? subject_feeding(r) : NULL;
    if (!a || !b || !a->data->poll) return;
    step(r, "polling one whose feed is full now and then");
    for (int i = 0; i < 100; i++) {
        keel_ns next = KEEL_NULL;
        a->now += 1000000000, b->now += 1000000000;
        a->data->poll(a->plugin, a->now, &next);
        for (int tries = 0; tries < 10000; tries++) {
            uint64_t before = b->published;
            b->room = tries == 0 ? 1 : 1000;
            keel_status status = b->data->poll(b->plugin, b->now, &next);
            if (status < KEEL_OK && status != KEEL_E_FULL)
                fails(r, "when publish answers KEEL_E_FULL, keep the records and answer KEEL_OK",
                      "its feed is full, and poll answers %s", status_name(status));
            if (b->published == before && b->room) break;
        }
    }
    if (a->digest != b->digest)
        fails(r, "keep what publish refused and publish it at the next poll",
              "a feed that is full now and then loses or repeats records (%llu published, else "
                    "%llu)",
              (unsigned long long)b->published, (unsigned long long)a->published);
    subject_end(a), subject_end(b);
}

static void run_subscriptions(rig *r)
{
    subject *s = subject_feeding(r);
    if (!s) return;
    step(r, "subscribing to an instrument that does not exist");
    if (s->data->subscribe(s->plugin, 4000000, all_types, 0) == KEEL_OK)
        fails(r, "ask keel_host.instrument, and answer KEEL_E_ARG or KEEL_E_UNSUPPORTED",
              "a subscription to instrument 4000000, which is unknown, is taken");
    poll_for(s, 20, 1000000000);
    for (keel_inst i = 0; i < INSTRUMENTS; i++) {
        step(r, "ending the subscription to instrument %u", i);
        s->data->unsubscribe(s->plugin, i, all_types, 0);
        s->data->unsubscribe(s->plugin, i, KEEL_MASK(KEEL_EV_BAR), 60000000000);
    }
    s->subscribed = 0;
    subject_clear(s);
    poll_for(s, 20, 1000000000);
    if (s->data->poll && s->published)
        fails(r, "publish for subscriptions alone", "it publishes %llu records after the last "
              "subscription ended", (unsigned long long)s->published);
    step(r, "ending a subscription that there is none of");
    s->data->unsubscribe(s->plugin, 4000000, all_types, 0);
    subject_end(s);
}

static void run_commands(rig *r)
{
    subject *s = subject_new(r);
    if (s && !s->exchange) skips(r, "it is no exchange adapter");
    if (s && s->exchange) {
        s->subscribed = UINT64_MAX;
        s->room = UINT64_MAX;
        step(r, "attaching its reports");
        keel_status status = s->exchange->attach(s->plugin, &s->feed);
        if (status != KEEL_OK) fails(r, "attach after activate", "attach answers %s",
              status_name(status));
        for (uint64_t i = 1; i <= 200 && !has_failed(r); i++) {
            keel_order o = {.h = {.size = sizeof o, .type = KEEL_CMD_SUBMIT, .source = 1,
                                  .inst = (keel_inst)(i % INSTRUMENTS), .ts_recv = s->now},
                            .order_id = i, .intent_id = i, .limit = 3000000, .trigger = KEEL_NULL,
                            .qty = 1000, .expires = KEEL_NULL, .generation = 1, .side = KEEL_BUY,
                            .order_type = KEEL_LIMIT, .tif = KEEL_GTC};
            snprintf(o.client_id, sizeof o.client_id, "conformance%021llu", (unsigned long long)i);
            step(r, "order %llu: submit, amend, cancel, query", (unsigned long long)i);
            if (i % 3) s->exchange->submit(s->plugin, &o);
            o.h.type = KEEL_CMD_AMEND, o.limit = 2999900;
            s->exchange->amend(s->plugin, &o);
            o.h.type = KEEL_CMD_CANCEL;
            s->exchange->cancel(s->plugin, &o);
            o.h.type = KEEL_CMD_QUERY;
            s->exchange->query(s->plugin, &o);
        }
        step(r, "reconciling");
        s->exchange->reconcile(s->plugin, 0);
        if (s->broken[0]) fails(r, "see the contract in exchange.h", "%s", s->broken);
    }
    if (s) subject_end(s);
}

const conformance_test source_tests[] = {
    {"feed", "A provider publishes whole records, in time order, of what was subscribed.", 10, 2,
          run_feed},
    {"feed-full", "A feed that is full loses and repeats nothing.", 10, 1, run_feed_full},
    {"subscriptions", "Unknown instruments are refused, and an ended subscription is silent.", 5, 1,
     run_subscriptions},
    {"commands", "An adapter survives orders, also those that it never heard of.", 5, 1,
          run_commands},
    {0},
};
