/* Mean reversion in C, from the header alone: one strategy in one file.
 *
 * For each instrument it keeps the last `window` mid prices. When the mid lies more than
 * `threshold` standard deviations below their mean, it rests a buy at the bid; above, a sell at
 * the ask. One order at a time per instrument; one that rested for `window` quotes is stale and
 * cancelled. It never holds more than `quantity`, long or short.
 *
 *   cc -std=c11 -O2 -fPIC -shared -fvisibility=hidden -Wl,--version-script=plugin.map \
 *      -I include mean_reversion.c -o mean_reversion.so */
#include <keel/keel.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW_MAX = 512, INSTRUMENTS_MAX = 64, STATE_VERSION = 1 };

__extension__ typedef __int128 wide; /* every compiler this ABI names has it */

/* The order that rests, or none when intent_id is 0. */
struct working {
    uint64_t intent_id, order_id;   /* order_id is 0 until the host has named it              */
    uint32_t generation, age;       /* age: quotes since it was placed                        */
    uint8_t  side, cancelling;
};

struct market {
    uint32_t count, oldest;         /* of `mids`                                              */
    int64_t  mids[WINDOW_MAX];      /* bid + ask: twice the mid, so that it stays whole       */
    int64_t  sum;
    wide    squares;                /* exact, so that equal input gives equal decisions       */
    int64_t  position;              /* signed, in the instrument's quantity mantissa          */
    struct working order;
};

struct strategy {
    keel_plugin plugin;
    const keel_host *host;
    uint32_t window;
    double   threshold, quantity;
    uint64_t intents;               /* the last intent id used                                */
    struct market markets[INSTRUMENTS_MAX];
};

static void fail(keel_error *error, int32_t code, const char *text)
{
    if (!error || error->struct_size < sizeof *error) return;
    error->code = code;
    snprintf(error->text, sizeof error->text, "%s", text);
}

/* ---- statistics -------------------------------------------------------------------------- */
static void forget_oldest(struct market *m)
{
    int64_t mid = m->mids[m->oldest];
    m->sum -= mid;
    m->squares -= (wide)mid * mid;
    m->oldest = (m->oldest + 1) % WINDOW_MAX;
    m->count--;
}

static void remember(struct market *m, int64_t mid, uint32_t window)
{
    while (m->count >= window) forget_oldest(m);
    m->mids[(m->oldest + m->count) % WINDOW_MAX] = mid;
    m->count++;
    m->sum += mid;
    m->squares += (wide)mid * mid;
}

/* KEEL_BUY when `mid` is far below the mean, KEEL_SELL when far above. Compares squares: z * n
 * against threshold * n, without a square root. */
static uint8_t wanted_side(const struct strategy *s, const struct market *m, int64_t mid)
{
    if (m->count < s->window) return KEEL_SIDE_NONE;
    wide n = m->count, deviation = n * mid - m->sum;
    double spread = (double)(n * m->squares - (wide)m->sum * m->sum);
    double square = (double)deviation * (double)deviation;
    if (spread <= 0 || square <= s->threshold * s->threshold * spread) return KEEL_SIDE_NONE;
    return deviation < 0 ? KEEL_BUY : KEEL_SELL;
}

/* ---- orders ------------------------------------------------------------------------------ */
/* `quantity` in the instrument's own mantissa, whole lots; 0 when it is below the minimum. */
static int64_t order_size(const struct strategy *s, const keel_ev_instrument *instrument)
{
    double mantissa = s->quantity;
    for (int e = instrument->qty_exp; e < 0; e++) mantissa *= 10;
    for (int e = instrument->qty_exp; e > 0; e--) mantissa /= 10;
    if (!(mantissa < 9e15) || instrument->lot <= 0) return 0;
    int64_t size = (int64_t)(mantissa + 0.5);
    size -= size % instrument->lot;
    return size >= instrument->min_qty ? size : 0;
}

static keel_intent intent(struct strategy *s, uint16_t type, keel_inst inst)
{
    keel_intent i = {.h = {.size = sizeof i, .type = type, .inst = inst}};
    i.h.ts_venue = KEEL_NULL;
    i.intent_id = ++s->intents;
    i.limit = i.trigger = i.expires = i.trail = KEEL_NULL;
    return i;
}

static void place(
    struct strategy *s, struct market *m, const keel_batch *in, const keel_sink *sink,
    const keel_ev_quote *quote, uint8_t side)
{
    const keel_ev_instrument *instrument = s->host->instrument(s->host, quote->h.inst);
    int64_t size = instrument ? order_size(s, instrument) : 0;
    int64_t after = m->position + (side == KEEL_BUY ? size : -size);
    if (size == 0 || after > size || after < -size) return;
    if (in->mode == KEEL_DRAIN && llabs(after) > llabs(m->position)) return;
    keel_intent i = intent(s, KEEL_IN_PLACE, quote->h.inst);
    i.limit = side == KEEL_BUY ? quote->bid : quote->ask;
    i.qty = size;
    i.side = side;
    i.order_type = KEEL_LIMIT;
    i.tif = KEEL_GTC;
    if (sink->push(sink, &i, sizeof i) != KEEL_OK) return; /* the next quote tries again */
    m->order = (struct working){.intent_id = i.intent_id, .generation = in->generation,
                                .side = side};
}

static void cancel(struct strategy *s, struct market *m, keel_inst inst, const keel_sink *sink)
{
    keel_intent i = intent(s, KEEL_IN_CANCEL, inst);
    i.order_id = m->order.order_id;
    if (sink->push(sink, &i, sizeof i) == KEEL_OK) m->order.cancelling = 1;
}

/* ---- events ------------------------------------------------------------------------------ */
static void on_quote(
    struct strategy *s, struct market *m, const keel_batch *in, const keel_sink *sink,
    const keel_ev_quote *quote)
{
    if (quote->bid == KEEL_NULL || quote->ask == KEEL_NULL) return;
    int64_t mid = quote->bid + quote->ask;
    uint8_t side = wanted_side(s, m, mid);
    remember(m, mid, s->window);
    if (in->mode == KEEL_WARMUP) return;
    if (m->order.intent_id == 0) {
        if (side != KEEL_SIDE_NONE) place(s, m, in, sink, quote, side);
        return;
    }
    m->order.age++;
    bool stale = m->order.age > s->window || (side != KEEL_SIDE_NONE && side != m->order.side);
    if (stale && m->order.order_id && !m->order.cancelling) cancel(s, m, quote->h.inst, sink);
}

static void on_order(struct market *m, const keel_ev_order *order)
{
    struct working *w = &m->order;
    bool ours = w->order_id ? w->order_id == order->order_id
        : w->intent_id == order->intent_id && w->generation == order->generation;
    if (!w->intent_id || !ours) return;
    w->order_id = order->order_id;
    switch (order->state) {
    case KEEL_ORDER_FILLED: case KEEL_ORDER_CANCELLED: case KEEL_ORDER_REJECTED:
    case KEEL_ORDER_EXPIRED: case KEEL_ORDER_REFUSED:
        *w = (struct working){0};
        break;
    case KEEL_ORDER_ACCEPTED: case KEEL_ORDER_PARTIALLY_FILLED:
        w->cancelling = 0; /* a cancel that was refused may be asked for again */
        break;
    default: break;
    }
}

static void on_param(struct strategy *s, const keel_ev_param *param);

static void on_event(
    struct strategy *s, const keel_batch *in, const keel_sink *sink, const keel_event *h)
{
    if (h->type == KEEL_EV_PARAM && KEEL_RECORD_HAS((const keel_ev_param *)h, value))
        on_param(s, (const keel_ev_param *)h);
    if (h->inst >= INSTRUMENTS_MAX) return;
    struct market *m = &s->markets[h->inst];
    if (h->type == KEEL_EV_QUOTE && h->size >= sizeof(keel_ev_quote))
        on_quote(s, m, in, sink, (const keel_ev_quote *)h);
    if (h->type == KEEL_EV_ORDER && h->size >= sizeof(keel_ev_order))
        on_order(m, (const keel_ev_order *)h);
    if (h->type == KEEL_EV_FILL && h->size >= sizeof(keel_ev_fill)) {
        const keel_ev_fill *fill = (const keel_ev_fill *)h;
        m->position += fill->side == KEEL_BUY ? fill->qty : -fill->qty;
    }
    /* The book's own figure: where it differs from the fills counted, it wins. */
    if (h->type == KEEL_EV_POSITION && h->size >= sizeof(keel_ev_position))
        m->position = ((const keel_ev_position *)h)->qty;
}

static keel_status process(keel_plugin *p, const keel_batch *in, const keel_sink *sink)
{
    const uint8_t *at = in->events;
    for (uint32_t i = 0; i < in->count; i++) {
        const keel_event *h = (const keel_event *)at;
        on_event(p->self, in, sink, h);
        at += h->size;
    }
    return KEEL_OK;
}

/* ---- parameters -------------------------------------------------------------------------- */
enum { PARAM_WINDOW = 1, PARAM_THRESHOLD, PARAM_QUANTITY };

static const keel_param_info parameters[] = {
    {.id = PARAM_WINDOW, .kind = KEEL_PARAM_INTEGER, .min = 2, .max = WINDOW_MAX, .initial = 64,
     .name = "window", .unit = "quotes", .about = "How many mid prices make the mean."},
    {.id = PARAM_THRESHOLD, .kind = KEEL_PARAM_DECIMAL, .flags = KEEL_PARAMF_LIVE, .min = 0.1,
     .max = 10, .initial = 2, .name = "threshold", .unit = "sd",
     .about = "How far from the mean a price must be, in standard deviations."},
    {.id = PARAM_QUANTITY, .kind = KEEL_PARAM_DECIMAL, .min = 0, .max = 1e9, .initial = 1,
     .name = "quantity", .about = "Size of an order, and the largest position either way."},
};

static uint32_t params_count(keel_plugin *p)
{
    (void)p;
    return sizeof parameters / sizeof *parameters;
}

static keel_status params_info(keel_plugin *p, uint32_t index, keel_param_info *out)
{
    if (index >= params_count(p) || out->struct_size < sizeof *out) return KEEL_E_ARG;
    *out = parameters[index];
    out->struct_size = sizeof *out;
    return KEEL_OK;
}

static keel_status params_set(
    keel_plugin *p, uint32_t id, double value, keel_str text, keel_error *error)
{
    struct strategy *s = p->self;
    (void)text;
    switch (id) {
    case PARAM_WINDOW: s->window = (uint32_t)value; return KEEL_OK;
    case PARAM_THRESHOLD: s->threshold = value; return KEEL_OK;
    case PARAM_QUANTITY: s->quantity = value; return KEEL_OK;
    default: fail(error, KEEL_E_ARG, "there is no such parameter"); return KEEL_E_ARG;
    }
}

static void on_param(struct strategy *s, const keel_ev_param *param)
{
    if (param->param == PARAM_THRESHOLD) s->threshold = param->value;
}

/* ---- state ------------------------------------------------------------------------------- */
/* Little-endian: intents, markets used; for each, its instrument, position, order, mids from
 * oldest to newest. What can be computed from these is not saved. */
static keel_status move_all(const keel_stream *stream, void *buffer, size_t n)
{
    for (uint8_t *at = buffer; n > 0;) {
        int64_t moved = stream->io(stream, at, n);
        if (moved < 0) return (keel_status)moved;
        if (moved == 0) return KEEL_E_IO; /* the bytes ended early */
        at += moved;
        n -= (size_t)moved;
    }
    return KEEL_OK;
}

static keel_status put(const keel_stream *out, uint64_t value)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(value >> (8 * i));
    return move_all(out, bytes, sizeof bytes);
}

static keel_status get(const keel_stream *in, uint64_t *value)
{
    uint8_t bytes[8];
    keel_status status = move_all(in, bytes, sizeof bytes);
    *value = 0;
    for (int i = 0; i < 8; i++) *value |= (uint64_t)bytes[i] << (8 * i);
    return status;
}

static bool is_used(const struct market *m)
{
    return m->count || m->position || m->order.intent_id;
}

static keel_status save_market(const struct market *m, uint64_t inst, const keel_stream *out)
{
    const struct working *w = &m->order;
    uint64_t fields[] = {inst, (uint64_t)m->position, w->intent_id, w->order_id, w->generation,
                         w->age, w->side, w->cancelling, m->count};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        keel_status status = put(out, fields[i]);
        if (status) return status;
    }
    for (uint32_t i = 0; i < m->count; i++) {
        keel_status status = put(out, (uint64_t)m->mids[(m->oldest + i) % WINDOW_MAX]);
        if (status) return status;
    }
    return KEEL_OK;
}

static keel_status state_save(keel_plugin *p, const keel_stream *out, uint64_t seq)
{
    struct strategy *s = p->self;
    (void)seq;
    uint64_t used = 0;
    for (int i = 0; i < INSTRUMENTS_MAX; i++) used += is_used(&s->markets[i]);
    keel_status status = put(out, s->intents);
    if (!status) status = put(out, used);
    for (uint64_t i = 0; i < INSTRUMENTS_MAX && !status; i++)
        if (is_used(&s->markets[i])) status = save_market(&s->markets[i], i, out);
    return status;
}

static keel_status load_market(struct strategy *s, const keel_stream *in)
{
    uint64_t f[9];
    for (int i = 0; i < 9; i++) {
        keel_status status = get(in, &f[i]);
        if (status) return status;
    }
    if (f[0] >= INSTRUMENTS_MAX || f[6] > KEEL_SELL || f[7] > 1 || f[8] > WINDOW_MAX)
        return KEEL_E_ARG;
    struct market *m = &s->markets[f[0]];
    if (is_used(m)) return KEEL_E_ARG;
    m->position = (int64_t)f[1];
    m->order = (struct working){f[2], f[3], (uint32_t)f[4], (uint32_t)f[5], (uint8_t)f[6],
                                (uint8_t)f[7]};
    for (uint64_t i = 0; i < f[8]; i++) {
        uint64_t mid;
        keel_status status = get(in, &mid);
        if (status) return status;
        /* Prices beyond this would overflow the sums. */
        if ((int64_t)mid > INT64_MAX / WINDOW_MAX || (int64_t)mid < INT64_MIN / WINDOW_MAX)
            return KEEL_E_ARG;
        remember(m, (int64_t)mid, s->window);
    }
    return KEEL_OK;
}

static keel_status state_load(
    keel_plugin *p, const keel_stream *in, uint32_t from_version, keel_error *error)
{
    struct strategy *s = p->self;
    if (from_version != STATE_VERSION) {
        fail(error, KEEL_E_VERSION, "this state has another version; start from history instead");
        return KEEL_E_VERSION;
    }
    uint64_t used = 0;
    keel_status status = get(in, &s->intents);
    if (!status) status = get(in, &used);
    if (!status && used > INSTRUMENTS_MAX) status = KEEL_E_ARG;
    for (uint64_t i = 0; i < used && !status; i++) status = load_market(s, in);
    if (!status) return KEEL_OK;
    memset(s->markets, 0, sizeof s->markets);
    s->intents = 0;
    fail(error, status, "these bytes are no state of mean reversion; start from history instead");
    return status;
}

/* ---- what it wants to receive ------------------------------------------------------------- */
static keel_status interests_get(keel_plugin *p, keel_interests_info *out)
{
    if (out->struct_size < sizeof *out) return KEEL_E_ARG;
    out->types = KEEL_MASK(KEEL_EV_QUOTE) | KEEL_MASK(KEEL_EV_POSITION);
    out->bar_interval = 0;
    out->warmup_records = ((struct strategy *)p->self)->window;
    if (KEEL_COVERS(out, warmup_time)) out->warmup_time = 0;
    return KEEL_OK;
}

/* ---- lifecycle --------------------------------------------------------------------------- */
static const char *const kinds[] = {KEEL_STRATEGY, NULL};
static const keel_descriptor descriptor = {
    .struct_size = sizeof descriptor, .flags = KEEL_PF_DETERMINISTIC,
    .id = "dev.keel.mean-reversion", .name = "Mean reversion", .vendor = "keel",
    .version = "1.0.0", .kinds = kinds, .state_schema = "dev.keel.mean-reversion",
    .state_version = STATE_VERSION, .state_oldest = STATE_VERSION};

static keel_status activate(keel_plugin *p, keel_error *error)
{
    struct strategy *s = p->self;
    if (s->window >= 2) return KEEL_OK;
    fail(error, KEEL_E_STATE, "set the parameters before activate");
    return KEEL_E_STATE;
}

static keel_status deactivate(keel_plugin *p)
{
    (void)p;
    return KEEL_OK;
}

static void destroy(keel_plugin *p) { free(p->self); }

static const void *extension(keel_plugin *p, const char *id)
{
    static const keel_strategy strategy = {.struct_size = sizeof strategy, .process = process};
    static const keel_params params = {.struct_size = sizeof params, .count = params_count,
                                       .info = params_info, .set = params_set};
    static const keel_state state = {.struct_size = sizeof state, .save = state_save,
                                     .load = state_load};
    static const keel_interests interests = {.struct_size = sizeof interests,
                                             .get = interests_get};
    (void)p;
    if (!strcmp(id, KEEL_STRATEGY)) return &strategy;
    if (!strcmp(id, KEEL_PARAMS)) return &params;
    if (!strcmp(id, KEEL_STATE)) return &state;
    if (!strcmp(id, KEEL_INTERESTS)) return &interests;
    return NULL;
}

static keel_status create(
    const keel_host *host, const char *id, keel_str config, keel_plugin **out, keel_error *error)
{
    (void)config;
    if (strcmp(id, descriptor.id)) {
        fail(error, KEEL_E_ARG, "there is no such plugin in this library");
        return KEEL_E_ARG;
    }
    struct strategy *s = calloc(1, sizeof *s);
    if (!s) {
        fail(error, KEEL_E_FULL, "there is no memory left");
        return KEEL_E_FULL;
    }
    s->host = host;
    s->window = (uint32_t)parameters[0].initial;
    s->threshold = parameters[1].initial;
    s->quantity = parameters[2].initial;
    s->plugin = (keel_plugin){.struct_size = sizeof s->plugin, .desc = &descriptor, .self = s,
                              .activate = activate, .deactivate = deactivate, .destroy = destroy,
                              .extension = extension};
    *out = &s->plugin;
    return KEEL_OK;
}

static keel_status init(const char *bundle_path)
{
    (void)bundle_path;
    return KEEL_OK;
}

static void deinit(void) {}
static uint32_t count(void) { return 1; }
static const keel_descriptor *describe(uint32_t index) { return index ? NULL : &descriptor; }

KEEL_EXPORT const keel_entry *keel_entry_v0(void)
{
    static const keel_entry entry = {
        .struct_size = sizeof entry, .abi_major = KEEL_ABI_MAJOR, .abi_minor = KEEL_ABI_DRAFT,
        .init = init, .deinit = deinit, .count = count, .describe = describe, .create = create};
    return &entry;
}
