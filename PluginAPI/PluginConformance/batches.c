// Records in, answers out.
#include "rig.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void tape_free(tape *t)
{
    free(t->at);
    *t = (tape){0};
}

void *tape_add(tape *t, size_t size, uint16_t type, keel_inst inst)
{
    if (t->bytes + size > t->room) {
        t->room = (t->room + size) * 2;
        t->at = realloc(t->at, t->room);
    }
    keel_event *h = memset(t->at + t->bytes, 0, size);
    *h = (keel_event){.size = (uint32_t)size, .type = type, .flags = KEEL_EVF_LAST, .inst = inst,
                      .source = 1};
    t->bytes += size;
    t->count++;
    return h;
}

market market_new(uint64_t seed)
{
    return (market){.random = seed, .price = {3000000, 200000, 15000}};
}

static void add_quote(tape *t, keel_inst inst, int64_t price, int64_t tick)
{
    keel_ev_quote *q = tape_add(t, sizeof *q, KEEL_EV_QUOTE, inst);
    *q = (keel_ev_quote){.h = q->h, .bid = price - tick, .ask = price + tick, .bid_qty = 100000,
                         .ask_qty = 100000};
}
static void add_trade(tape *t, keel_inst inst, int64_t price, uint64_t random)
{
    keel_ev_trade *e = tape_add(t, sizeof *e, KEEL_EV_TRADE, inst);
    e->px = price;
    e->qty = 100 * (int64_t)(1 + random % 50);
    e->trade_id = random;
    e->side = random & 1 ? KEEL_BUY : KEEL_SELL;
}
static void add_bar(tape *t, keel_inst inst, int64_t price, int64_t open, keel_ns interval)
{
    keel_ev_bar *b = tape_add(t, sizeof *b, KEEL_EV_BAR, inst);
    int64_t top = price > open ? price : open, bottom = price > open ? open : price;
    *b = (keel_ev_bar){.h = b->h, .open = open, .high = top + 10, .low = bottom - 10,
                       .close = price, .volume = 1000000, .interval = interval};
}
static void add_book(tape *t, keel_inst inst, int64_t price, int64_t tick, uint64_t step)
{
    keel_ev_book *b = tape_add(t, sizeof *b, KEEL_EV_BOOK, inst);
    b->px = step & 1 ? price + tick : price - tick;
    b->qty = 100000;
    b->action = KEEL_BOOK_SET;
    b->side = step & 1 ? KEEL_SELL : KEEL_BUY;
}
static void add_signal(tape *t, keel_inst inst, uint64_t random)
{
    keel_signal *g = tape_add(t, sizeof *g, KEEL_EV_SIGNAL, inst);
    g->horizon = 60000000000;
    g->score = (double)(random % 2001) / 1000 - 1;
    g->confidence = 0.5;
}

void market_add(tape *t, market *m, const subject *s, uint32_t count)
{
    for (uint32_t made = 0; made < count; made++) {
        uint64_t random = next_random(&m->random);
        keel_inst inst = (keel_inst)(random % INSTRUMENTS);
        int64_t tick = s->rig->instruments[inst].tick, *price = &m->price[inst], open = *price;
        // A trend that turns, and noise: averages cross and ranges break.
        int64_t pull = (m->step / 400) % 2 ? -3 : 3;
        *price += tick * (pull + (int64_t)(random >> 8 & 31) - 15);
        if (*price < 1000 * tick) *price = 1000 * tick;
        m->step++;
        uint64_t kinds[5], n = 0;
        static const uint16_t types[] = {KEEL_EV_QUOTE, KEEL_EV_TRADE, KEEL_EV_BAR, KEEL_EV_BOOK,
                                         KEEL_EV_SIGNAL};
        for (int k = 0; k < 5; k++)
            if (s->wanted & KEEL_MASK(types[k])) kinds[n++] = types[k];
        uint64_t type = n ? kinds[(random >> 16) % n] : KEEL_EV_QUOTE;
        if (type == KEEL_EV_QUOTE) add_quote(t, inst, *price, tick);
        if (type == KEEL_EV_TRADE) add_trade(t, inst, *price, random);
        if (type == KEEL_EV_BAR)
            add_bar(t, inst, *price, open, s->bar_interval > 0 ? s->bar_interval : 60000000000);
        if (type == KEEL_EV_BOOK) add_book(t, inst, *price, tick, m->step);
        if (type == KEEL_EV_SIGNAL) add_signal(t, inst, random >> 3);
    }
}

static size_t size_of_type(uint16_t type)
{
    switch (type) {
    case KEEL_EV_QUOTE: return sizeof(keel_ev_quote);
    case KEEL_EV_TRADE: case KEEL_EV_LIQUIDATION: return sizeof(keel_ev_trade);
    case KEEL_EV_BAR: return sizeof(keel_ev_bar);
    case KEEL_EV_BOOK: return sizeof(keel_ev_book);
    case KEEL_EV_INSTRUMENT: return sizeof(keel_ev_instrument);
    case KEEL_EV_STATUS: return sizeof(keel_ev_status);
    case KEEL_EV_FUNDING: return sizeof(keel_ev_funding);
    case KEEL_EV_MARK: return sizeof(keel_ev_mark);
    case KEEL_EV_OPEN_INTEREST: return sizeof(keel_ev_value);
    case KEEL_EV_METRIC: return sizeof(keel_ev_metric);
    case KEEL_EV_TEXT: return sizeof(keel_ev_text);
    case KEEL_EV_SIGNAL: return sizeof(keel_signal);
    case KEEL_EV_ORDER: return sizeof(keel_ev_order);
    case KEEL_EV_FILL: return sizeof(keel_ev_fill);
    case KEEL_EV_POSITION: return sizeof(keel_ev_position);
    case KEEL_EV_BALANCE: return sizeof(keel_ev_balance);
    case KEEL_EV_TIMER: return sizeof(keel_ev_timer);
    case KEEL_EV_PARAM: return sizeof(keel_ev_param);
    case KEEL_EV_GAP: return sizeof(keel_ev_gap);
    case KEEL_EV_END: return sizeof(keel_ev_end);
    default: return sizeof(keel_ev_request);
    }
}

/// A host never says that a text lies outside its record, nor that a text has no end.
static void mend(keel_event *h)
{
    keel_ev_text *text = (keel_ev_text *)h;
    keel_ev_param *param = (keel_ev_param *)h;
    if (h->type == KEEL_EV_TEXT) text->text_offset = h->size, text->text_length = 0;
    if (h->type == KEEL_EV_PARAM) param->text_offset = h->size, param->text_length = 0;
    if (h->type == KEEL_EV_SIGNAL) ((keel_signal *)h)->count %= 7;
    if (h->type == KEEL_EV_METRIC) ((keel_ev_metric *)h)->name[47] = 0;
    if (h->type == KEEL_EV_ORDER) {
        ((keel_ev_order *)h)->client_id[39] = ((keel_ev_order *)h)->venue_id[39] = 0;
    }
    if (h->type == KEEL_EV_FILL)
        ((keel_ev_fill *)h)->exec_id[39] = ((keel_ev_fill *)h)->client_id[39] = 0;
    if (h->type == KEEL_EV_INSTRUMENT) {
        keel_ev_instrument *i = (keel_ev_instrument *)h;
        i->symbol[31] = i->venue[15] = i->base_code[11] = i->quote_code[11] = 0;
        i->settle_code[11] = i->sector_name[15] = i->group_name[15] = 0;
        i->px_exp %= 16, i->qty_exp %= 16;
        if (i->h.inst >= INSTRUMENTS) i->h.inst = 0;
    }
}

void tape_add_extreme(tape *t, uint64_t *random, bool has_sane_prices)
{
    static const uint64_t extremes[] = {0, 1, UINT64_MAX, INT64_MAX, (uint64_t)INT64_MIN,
                                        0x7ff0000000000000, 0x7ff8000000000000, 0x7fffffff};
    uint64_t pick = next_random(random);
    uint16_t type = (uint16_t)(1 + pick % EXTREME_TYPES);
    keel_inst inst = (keel_inst)((pick >> 20) % (INSTRUMENTS + 1));
    keel_event *h = tape_add(t, size_of_type(type), type,
                             inst == INSTRUMENTS ? KEEL_NO_INST : inst);
    h->flags = (uint16_t)((pick >> 24) & 31);
    // Market data is foreign. Orders, fills, positions and balances are the host's own facts.
    bool is_fact = type >= KEEL_EV_ORDER && type <= KEEL_EV_BALANCE;
    uint64_t *word = (uint64_t *)(void *)(h + 1);
    for (size_t i = 0; i < (h->size - sizeof *h) / 8; i++) {
        uint64_t kind = next_random(random);
        uint64_t value = next_random(random);
        if (has_sane_prices || is_fact) value %= 1000000;
        else if (kind & 1) value = extremes[kind / 2 % 8];
        memcpy(word + i, &value, sizeof value);
    }
    mend(h);
}

static void check_intent(subject *s, const keel_intent *i)
{
    char *out = s->broken;
    size_t room = sizeof s->broken;
    const keel_ev_instrument *known = i->h.inst < INSTRUMENTS
          ? &s->rig->instruments[i->h.inst] : NULL;
    bool places = i->h.type == KEEL_IN_PLACE, amends = i->h.type == KEEL_IN_AMEND;
    if (!known && !(i->h.type == KEEL_IN_CANCEL_ALL && i->h.inst == KEEL_NO_INST))
        snprintf(out, room, "an intent names instrument %u, which is unknown", i->h.inst);
    else if (!i->intent_id || i->intent_id <= s->last_intent)
        snprintf(out, room, "intent id %llu comes after %llu: 0 is no id, and none is used twice",
                 (unsigned long long)i->intent_id, (unsigned long long)s->last_intent);
    else if (places && i->side != KEEL_BUY && i->side != KEEL_SELL)
        snprintf(out, room, "an order has side %u", i->side);
    else if (i->qty < 0 || (places && i->qty == 0))
        snprintf(out, room, "an intent has quantity %lld", (long long)i->qty);
    else if (known && (places || i->h.type == KEEL_IN_TARGET) && i->qty % known->lot)
        snprintf(out, room, "quantity %lld is no multiple of the lot %lld", (long long)i->qty,
                 (long long)known->lot);
    else if (known && (places || amends) && i->limit != KEEL_NULL && i->order_type != KEEL_MARKET
             && (i->limit <= 0 || i->limit % known->tick))
        snprintf(out, room, "limit %lld is no positive multiple of the tick %lld",
                 (long long)i->limit, (long long)known->tick);
    else if (places && (i->order_type < KEEL_MARKET || i->order_type > KEEL_IF_TOUCHED))
        snprintf(out, room, "an order has type %u", i->order_type);
    for (int k = 0; k < 4 && !*out; k++)
        if (!isfinite(i->algo[k])) snprintf(out, room, "an algorithm's parameter is not finite");
}

static void check_signal(subject *s, const keel_signal *g)
{
    if (!isfinite(g->score) || g->score < -1 || g->score > 1)
        snprintf(s->broken, sizeof s->broken, "a signal's score is %g, not in -1..1", g->score);
    else if (!isfinite(g->confidence) || g->confidence < 0 || g->confidence > 1)
        snprintf(s->broken, sizeof s->broken, "a signal's confidence is %g, not in 0..1",
                 g->confidence);
    else if (g->h.inst >= INSTRUMENTS)
        snprintf(s->broken, sizeof s->broken, "a signal names instrument %u, which is unknown",
                 g->h.inst);
    else if (g->count > 6)
        snprintf(s->broken, sizeof s->broken, "a signal has %u values, of 6", g->count);
    for (uint32_t k = 0; k < g->count && k < 6 && !s->broken[0]; k++)
        if (!isfinite(g->values[k].value))
            snprintf(s->broken, sizeof s->broken, "a signal's value %u is not finite",
                     g->values[k].key);
}

/// What the venue would say of it comes back with the next batch.
static void remember(subject *s, const keel_intent *i)
{
    bool is_order = i->h.type == KEEL_IN_PLACE || i->h.type == KEEL_IN_TARGET;
    bool reduces = i->flags & KEEL_INF_REDUCE_ONLY;
    if (is_order && i->qty > 0 && !reduces) s->is_exposed = true;
    if (is_order && s->fills_count < FILLS_MAX && i->h.inst < INSTRUMENTS)
        s->fills[s->fills_count++] = *i;
}

static keel_status push(const keel_sink *sink, const void *record, size_t size)
{
    subject *s = sink->ctx;
    const keel_event *h = record;
    if (size < sizeof *h || h->size != size || size % 8) {
        if (!s->broken[0])
            snprintf(s->broken, sizeof s->broken, "it pushes %zu bytes whose header says %u", size,
                     size < sizeof *h ? 0 : h->size);
        return KEEL_E_ARG;
    }
    if (!s->room) return KEEL_E_FULL;
    s->room--;
    bool is_intent = h->type >= KEEL_IN_TARGET && h->type <= KEEL_IN_CANCEL_ALL;
    bool is_signal = h->type == KEEL_EV_SIGNAL;
    if ((is_intent && size < sizeof(keel_intent)) || (is_signal && size < sizeof(keel_signal))
        || (!is_intent && !is_signal && h->type != KEEL_EV_EXPLAIN)) {
        if (!s->broken[0])
            snprintf(s->broken, sizeof s->broken, "it pushes a record of type %u and %zu bytes",
                     h->type, size);
        return KEEL_E_ARG;
    }
    s->pushed++;
    // Source, times and sequence are the host's to write.
    s->digest = mix(s->digest, &h->type, sizeof h->type);
    s->digest = mix(s->digest, &h->inst, sizeof h->inst);
    s->digest = mix(s->digest, h + 1, size - sizeof *h);
    if (is_intent && !s->broken[0]) check_intent(s, record);
    if (is_signal && !s->broken[0]) check_signal(s, record);
    if (is_intent) {
        s->last_intent = ((const keel_intent *)record)->intent_id;
        remember(s, record);
    }
    return KEEL_OK;
}

static void stamp(subject *s, tape *t)
{
    for (size_t at = 0; at < t->bytes;) {
        keel_event *h = (keel_event *)(void *)(t->at + at);
        h->ts_venue = h->ts_recv = s->now;
        h->seq = ++s->seq;
        at += h->size;
    }
}

keel_status subject_send(subject *s, tape *t)
{
    s->now += 1000000;
    uint64_t first = s->seq + 1;
    stamp(s, t);
    keel_batch batch = {.struct_size = sizeof batch, .mode = s->mode, .generation = 1,
                        .count = t->count, .slot = 1, .first_seq = first, .last_seq = s->seq,
                        .slot_count = ++s->batches, .now = s->now, .events = t->at,
                        .bytes = t->bytes};
    keel_sink sink = {.struct_size = sizeof sink, .ctx = s, .push = push};
    return s->process(s->plugin, &batch, &sink);
}

static void echo(subject *s, tape *t, const market *m)
{
    for (uint32_t n = 0; n < s->fills_count; n++) {
        const keel_intent *i = &s->fills[n];
        keel_inst inst = i->h.inst;
        bool is_buy = i->side != KEEL_SELL;
        bool is_target = i->h.type == KEEL_IN_TARGET;
        int64_t held = is_target ? 0 : s->position[inst];
        if (__builtin_add_overflow(held, is_buy ? i->qty : -i->qty, &s->position[inst])) continue;
        uint64_t order = ++s->orders;
        keel_ev_order *o = tape_add(t, sizeof *o, KEEL_EV_ORDER, inst);
        o->order_id = order, o->intent_id = i->intent_id;
        o->limit = is_target ? KEEL_NULL : i->limit, o->trigger = KEEL_NULL;
        o->qty = o->filled = i->qty, o->average = m->price[inst];
        o->generation = 1, o->state = KEEL_ORDER_FILLED, o->side = is_buy ? KEEL_BUY : KEEL_SELL;
        o->order_type = is_target ? KEEL_MARKET : i->order_type, o->tif = KEEL_GTC;
        keel_ev_fill *f = tape_add(t, sizeof *f, KEEL_EV_FILL, inst);
        f->order_id = order, f->intent_id = i->intent_id, f->px = m->price[inst], f->qty = i->qty;
        f->generation = 1, f->side = is_buy ? KEEL_BUY : KEEL_SELL, f->fee_exp = -8;
        keel_ev_position *p = tape_add(t, sizeof *p, KEEL_EV_POSITION, inst);
        p->qty = s->position[inst], p->average = p->qty ? m->price[inst] : KEEL_NULL;
    }
    s->fills_count = 0;
}

/// Ends what is still open by a word of the venue, without asking for more: the answers are those
/// of a warm-up.
void subject_settle(subject *s)
{
    tape t = {0};
    for (uint32_t n = 0; n < s->fills_count; n++) {
        const keel_intent *i = &s->fills[n];
        keel_ev_order *o = tape_add(&t, sizeof *o, KEEL_EV_ORDER, i->h.inst);
        o->order_id = ++s->orders, o->intent_id = i->intent_id, o->qty = i->qty;
        o->limit = i->limit, o->trigger = o->average = KEEL_NULL, o->generation = 1;
        o->state = KEEL_ORDER_CANCELLED, o->side = i->side, o->order_type = i->order_type;
    }
    uint32_t mode = s->mode;
    s->mode = KEEL_WARMUP;
    if (t.count) subject_send(s, &t);
    s->fills_count = 0;
    s->mode = mode;
    tape_free(&t);
}

keel_status subject_trade(subject *s, market *m, uint32_t batches, uint32_t each)
{
    tape t = {0};
    keel_status status = KEEL_OK;
    for (uint32_t i = 0; i < batches && status == KEEL_OK; i++) {
        t.bytes = t.count = 0;
        echo(s, &t, m);
        market_add(&t, m, s, each);
        status = subject_send(s, &t);
    }
    tape_free(&t);
    return status;
}

void subject_clear(subject *s)
{
    s->digest = s->pushed = s->published = 0;
    s->is_exposed = false;
    s->broken[0] = 0;
}
