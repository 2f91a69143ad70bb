/* Replays a file of comma-separated bars, trades or quotes of one instrument: reads a row at a
 * time, so that a file of any length takes no memory, and publishes what is due when it is polled.
 * The first line names the columns. A row that is wrong is named with its line, and ends the feed:
 * nothing is guessed. keel data import reads more formats, and faster, into a tape.
 *
 *   cc -std=c11 -O2 -fPIC -shared -fvisibility=hidden -Wl,--version-script=plugin.map \
 *      -I include csv_replay.c -o csv_replay.so */
#define _GNU_SOURCE
#include <keel/keel.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { PATH_BYTES = 1024, LINE_BYTES = 4096, COLUMNS_MAX = 64, CHUNK_BYTES = 64 * 1024 };
enum kind { BARS, TRADES, QUOTES };
enum role { TIME, OPEN, HIGH, LOW, CLOSE, VOLUME, PRICE, QUANTITY, SIDE, BID, BID_QUANTITY, ASK,
            ASK_QUANTITY, ROLES };

static const keel_ns TIME_MAX = INT64_C(7258118400000000000); /* 2200-01-01                     */

struct replay {
    keel_plugin plugin;
    const keel_host *host;
    const keel_feed *feed;
    FILE *file;
    char path[PATH_BYTES];
    enum kind kind;
    keel_ns interval;               /* of bars                                                */
    int column[ROLES], columns;     /* where each role is, -1: nowhere                        */
    unsigned long line;             /* of the row read last                                   */
    int64_t unit;                   /* nanoseconds of one count of the file's times, 0: not known */
    keel_inst inst;                 /* the one that is subscribed to, or KEEL_NO_INST         */
    bool is_wanted, has_head, has_ended;
    keel_ns last;                   /* time of the row read last                              */
    union { keel_event h; keel_ev_bar bar; keel_ev_trade trade; keel_ev_quote quote; } head;
    char text[LINE_BYTES];
    size_t used;                    /* bytes of `chunk`                                       */
    _Alignas(8) uint8_t chunk[CHUNK_BYTES];
};

static keel_status fail(keel_error *error, int32_t code, const char *format, ...)
{
    if (!error || error->struct_size < sizeof *error) return code;
    va_list arguments;
    va_start(arguments, format);
    error->code = code;
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return code;
}

/* Says what is wrong with the row read last. */
static keel_status refuse(const struct replay *r, const char *format, ...)
{
    char text[512];
    int length = snprintf(text, sizeof text, "%.200s, line %lu: ", r->path, r->line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + length, sizeof text - (size_t)length, format, arguments);
    va_end(arguments);
    r->host->log(r->host, KEEL_LOG_ERROR, (keel_str){text, strlen(text)});
    return KEEL_E_IO;
}

/* ---- columns ----------------------------------------------------------------------------- */
static const struct { enum role role; const char *name; } names[] = {
    {TIME, "timestamp_ms"}, {TIME, "timestamp"}, {TIME, "time"}, {TIME, "ts_ns"}, {TIME, "ts"},
    {TIME, "open_time"}, {OPEN, "open"}, {HIGH, "high"}, {LOW, "low"}, {CLOSE, "close"},
    {VOLUME, "volume"}, {PRICE, "price"}, {QUANTITY, "qty"}, {QUANTITY, "quantity"},
    {QUANTITY, "amount"}, {QUANTITY, "size"}, {SIDE, "side"}, {BID, "bid"}, {BID, "bid_price"},
    {BID_QUANTITY, "bid_qty"}, {BID_QUANTITY, "bid_amount"}, {ASK, "ask"}, {ASK, "ask_price"},
    {ASK_QUANTITY, "ask_qty"}, {ASK_QUANTITY, "ask_amount"}};

/* Ends each field with a NUL; -1 when there are too many. Quotes stay, and are no numbers. */
static int split(char *line, char *fields[COLUMNS_MAX])
{
    int count = 0;
    for (char *place = line;; *place++ = 0) {
        if (count == COLUMNS_MAX) return -1;
        fields[count++] = place;
        place += strcspn(place, ",");
        if (!*place) return count;
    }
}

/* 1 with the next line without its end, 0 at the end of the file, or a status. */
static int read_line(struct replay *r)
{
    r->line++;
    if (!fgets(r->text, sizeof r->text, r->file)) {
        if (!ferror(r->file)) return 0;
        return refuse(r, "cannot be read: %s; check the disk", strerror(errno));
    }
    size_t length = strlen(r->text);
    if (length + 1 == sizeof r->text && r->text[length - 1] != '\n')
        return refuse(r, "is longer than %d bytes; is this a text of rows?", LINE_BYTES - 2);
    while (length > 0 && strchr("\r\n", r->text[length - 1])) r->text[--length] = 0;
    return 1;
}

static const char *missing(const struct replay *r)
{
    static const enum role needed[][6] = {
        [BARS] = {TIME, OPEN, HIGH, LOW, CLOSE, ROLES},
        [TRADES] = {TIME, PRICE, QUANTITY, ROLES}, [QUOTES] = {TIME, BID, ASK, ROLES}};
    for (const enum role *role = needed[r->kind]; *role != ROLES; role++)
        if (r->column[*role] < 0)
            for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                if (names[i].role == *role) return names[i].name;
    return NULL;
}

static keel_status read_header(struct replay *r, keel_error *error)
{
    char *fields[COLUMNS_MAX];
    if (read_line(r) != 1) return fail(error, KEEL_E_IO, "%.120s: has no rows", r->path);
    char *text = r->text;
    if (!strncmp(text, "\xEF\xBB\xBF", 3)) text += 3;
    r->columns = split(text, fields);
    for (int i = 0; i < ROLES; i++) r->column[i] = -1;
    for (int i = 0; i < r->columns; i++)
        for (size_t n = 0; n < sizeof names / sizeof *names; n++)
            if (!strcasecmp(fields[i], names[n].name) && r->column[names[n].role] < 0)
                r->column[names[n].role] = i;
    const char *name = missing(r);
    if (!name) return KEEL_OK;
    return fail(error, KEEL_E_ARG,
                "%.120s: its first line names no column %s; name the columns, or set kind", r->path,
                name);
}

/* ---- values ------------------------------------------------------------------------------ */
/* Decimal text as a count of 10^exponent, exactly. */
static bool decimal(const char *text, int exponent, int64_t *out)
{
    int64_t value = 0;
    int decimals = 0, digits = 0;
    bool is_behind_point = false;
    for (; *text; text++) {
        if (*text == '.' && !is_behind_point) {
            is_behind_point = true;
            continue;
        }
        if (*text < '0' || *text > '9') return false;
        digits++;
        if (is_behind_point && decimals == -exponent) {
            if (*text != '0') return false;
            continue;
        }
        if (value > (INT64_MAX - 9) / 10) return false;
        value = value * 10 + (*text - '0');
        decimals += is_behind_point;
    }
    for (; decimals < -exponent; decimals++) {
        if (value > INT64_MAX / 10) return false;
        value *= 10;
    }
    *out = value;
    return digits > 0 && exponent <= 0;
}

/* The unit is that of the first row, by magnitude; the rows behind it keep to it. */
static keel_status read_time(struct replay *r, const char *text, keel_ns *out)
{
    int64_t count;
    if (!decimal(text, 0, &count)) return refuse(r, "'%.40s' is no time in whole numbers", text);
    int64_t unit = count < INT64_C(100000000000) ? 1000000000
        : count < INT64_C(100000000000000) ? 1000000
        : count < INT64_C(100000000000000000) ? 1000 : 1;
    if (r->unit == 0) r->unit = unit;
    if (unit != r->unit) return refuse(r, "its time %.40s counts another unit than before", text);
    if (count > TIME_MAX / unit) return refuse(r, "its time %.40s is after 2200", text);
    *out = count * unit;
    return KEEL_OK;
}

static keel_status read_number(
    const struct replay *r, char *fields[], enum role role, int exponent, int64_t least,
    int64_t *out)
{
    if (r->column[role] < 0) return *out = 0, KEEL_OK;
    const char *text = fields[r->column[role]];
    if (!decimal(text, exponent, out))
        return refuse(r, "column %d: '%.40s' is no number of at most %d decimals that fits",
                      r->column[role] + 1, text, -exponent);
    if (*out >= least) return KEEL_OK;
    return refuse(r, "column %d: '%.40s' is not above zero", r->column[role] + 1, text);
}

static uint8_t side(const struct replay *r, char *fields[])
{
    if (r->column[SIDE] < 0) return KEEL_SIDE_NONE;
    const char *text = fields[r->column[SIDE]];
    if (!strcasecmp(text, "buy") || !strcasecmp(text, "b")) return KEEL_BUY;
    return !strcasecmp(text, "sell") || !strcasecmp(text, "s") ? KEEL_SELL : KEEL_SIDE_NONE;
}

static keel_status make(struct replay *r, char *fields[])
{
    const keel_ev_instrument *row = r->host->instrument(r->host, r->inst);
    if (!row) return KEEL_E_STATE;
    memset(&r->head, 0, sizeof r->head);
    keel_ns time = 0;
    keel_status status = read_time(r, fields[r->column[TIME]], &time);
    const struct { enum role role; int exponent; int64_t least; int64_t *out; } wanted[3][5] = {
        [BARS] = {{OPEN, row->px_exp, 1, &r->head.bar.open},
                  {HIGH, row->px_exp, 1, &r->head.bar.high},
                  {LOW, row->px_exp, 1, &r->head.bar.low},
                  {CLOSE, row->px_exp, 1, &r->head.bar.close},
                  {VOLUME, row->qty_exp, 0, &r->head.bar.volume}},
        [TRADES] = {{PRICE, row->px_exp, 1, &r->head.trade.px},
                    {QUANTITY, row->qty_exp, 1, &r->head.trade.qty}},
        [QUOTES] = {{BID, row->px_exp, 1, &r->head.quote.bid},
                    {BID_QUANTITY, row->qty_exp, 0, &r->head.quote.bid_qty},
                    {ASK, row->px_exp, 1, &r->head.quote.ask},
                    {ASK_QUANTITY, row->qty_exp, 0, &r->head.quote.ask_qty}}};
    for (int i = 0; i < 5 && wanted[r->kind][i].out && !status; i++)
        status = read_number(r, fields, wanted[r->kind][i].role, wanted[r->kind][i].exponent,
                             wanted[r->kind][i].least, wanted[r->kind][i].out);
    if (status) return status;
    static const struct { uint32_t size; uint16_t type; } forms[] = {
        [BARS] = {sizeof(keel_ev_bar), KEEL_EV_BAR},
        [TRADES] = {sizeof(keel_ev_trade), KEEL_EV_TRADE},
        [QUOTES] = {sizeof(keel_ev_quote), KEEL_EV_QUOTE}};
    if (r->kind == BARS) {
        const keel_ev_bar *bar = &r->head.bar;
        if (bar->high < bar->low || bar->high < bar->open || bar->high < bar->close
            || bar->low > bar->open || bar->low > bar->close)
            return refuse(r, "its high and low do not enclose its open and close");
        r->head.bar.interval = r->interval;
        time += r->interval; /* the file says when it opens; it is known when it closes       */
    }
    if (r->kind == TRADES) r->head.trade.side = side(r, fields);
    if (time < r->last)
        return refuse(r, "its time is before that of the row before; sort the file");
    r->last = time;
    r->head.h = (keel_event){.size = forms[r->kind].size, .type = forms[r->kind].type,
                             .flags = KEEL_EVF_LAST, .inst = r->inst, .ts_venue = time,
                             .ts_recv = time};
    return KEEL_OK;
}

/* Reads the next row into `head`. KEEL_S_END when there is none. */
static keel_status load(struct replay *r)
{
    char *fields[COLUMNS_MAX];
    for (;;) {
        int read = read_line(r);
        if (read == 0) return r->has_ended = true, KEEL_S_END;
        if (read < 0) return read;
        if (r->text[0]) break;
    }
    int count = split(r->text, fields);
    if (count != r->columns) return refuse(r, "%d fields, expected %d", count, r->columns);
    keel_status status = make(r, fields);
    r->has_head = status == KEEL_OK;
    return status;
}

/* ---- feed -------------------------------------------------------------------------------- */
/* Hands over what is gathered. KEEL_E_FULL: it stays gathered. */
static keel_status flush(struct replay *r)
{
    keel_status status = r->used ? r->feed->publish(r->feed, r->chunk, r->used) : KEEL_OK;
    if (!status) r->used = 0;
    return status;
}

static keel_status poll_records(keel_plugin *p, keel_ns until, keel_ns *next)
{
    struct replay *r = p->self;
    if (!r->file || !r->feed) return KEEL_E_STATE;
    if (r->inst == KEEL_NO_INST) return KEEL_S_END;
    keel_status status = KEEL_OK;
    for (;;) {
        if (!r->has_head && !r->has_ended) status = load(r);
        bool is_due = r->has_head && r->head.h.ts_recv <= until;
        if (!is_due || r->used + sizeof r->head > sizeof r->chunk) {
            keel_status flushed = flush(r);
            if (flushed == KEEL_E_FULL) return *next = until, KEEL_OK;
            if (flushed) return flushed;
        }
        if (!is_due) break;
        if (r->is_wanted) {
            memcpy(r->chunk + r->used, &r->head, r->head.h.size);
            r->used += r->head.h.size;
        }
        r->has_head = false;
    }
    if (status < 0) return status;
    *next = r->has_head ? r->head.h.ts_recv : KEEL_NULL;
    return r->has_head ? KEEL_OK : KEEL_S_END;
}

static keel_status attach(keel_plugin *p, const keel_feed *feed)
{
    ((struct replay *)p->self)->feed = feed;
    return KEEL_OK;
}

static uint64_t offered(const struct replay *r)
{
    return r->kind == BARS ? KEEL_MASK(KEEL_EV_BAR)
        : r->kind == TRADES ? KEEL_MASK(KEEL_EV_TRADE) : KEEL_MASK(KEEL_EV_QUOTE);
}

static keel_status subscribe(keel_plugin *p, keel_inst inst, uint64_t types, keel_ns interval)
{
    struct replay *r = p->self;
    if (r->inst != KEEL_NO_INST && r->inst != inst) return KEEL_E_UNSUPPORTED;
    if (!(types & offered(r))) return KEEL_E_UNSUPPORTED;
    if (r->kind == BARS && interval && interval != r->interval) return KEEL_E_UNSUPPORTED;
    r->inst = inst;
    r->is_wanted = true;
    return KEEL_OK;
}

static keel_status unsubscribe(keel_plugin *p, keel_inst inst, uint64_t types, keel_ns interval)
{
    struct replay *r = p->self;
    (void)interval;
    if (inst == r->inst && types & offered(r)) r->is_wanted = false;
    return KEEL_OK;
}

/* ---- parameters -------------------------------------------------------------------------- */
static const keel_param_info parameters[] = {
    {.struct_size = sizeof(keel_param_info), .id = 0, .kind = KEEL_PARAM_TEXT,
     .flags = KEEL_PARAMF_REQUIRED, .min = 1, .max = PATH_BYTES - 1, .name = "path",
     .about = "The file to replay: comma-separated, the columns named in its first line."},
    {.struct_size = sizeof(keel_param_info), .id = 1, .kind = KEEL_PARAM_ENUM, .initial = 0,
     .name = "kind", .choices = "bars|trades|quotes", .about = "What its rows are."},
    {.struct_size = sizeof(keel_param_info), .id = 2, .kind = KEEL_PARAM_INTEGER, .min = 0,
     .max = 31622400, .initial = 0, .name = "interval", .unit = "s",
     .about = "How long a bar is, needed for bars: the file only says when each opens."}};

static uint32_t params_count(keel_plugin *p)
{
    (void)p;
    return sizeof parameters / sizeof *parameters;
}

static keel_status params_info(keel_plugin *p, uint32_t index, keel_param_info *out)
{
    if (index >= params_count(p) || out->struct_size < sizeof *out) return KEEL_E_ARG;
    *out = parameters[index];
    return KEEL_OK;
}

static keel_status params_set(
    keel_plugin *p, uint32_t id, double value, keel_str text, keel_error *error)
{
    struct replay *r = p->self;
    switch (id) {
    case 0:
        if (text.len == 0 || text.len >= sizeof r->path)
            return fail(error, KEEL_E_ARG, "path has %zu bytes, expected 1 to %zu", text.len,
                        sizeof r->path - 1);
        memcpy(r->path, text.ptr, text.len);
        r->path[text.len] = 0;
        return KEEL_OK;
    case 1: r->kind = (enum kind)value; return KEEL_OK;
    case 2: r->interval = (keel_ns)value * 1000000000; return KEEL_OK;
    default: return fail(error, KEEL_E_ARG, "there is no such parameter");
    }
}

/* ---- lifecycle --------------------------------------------------------------------------- */
static const char *const kinds[] = {KEEL_DATA, NULL};
static const keel_descriptor descriptor = {
    .struct_size = sizeof descriptor, .flags = KEEL_PF_DETERMINISTIC,
    .id = "dev.keel.csv-replay", .name = "CSV replay", .vendor = "keel", .version = "1.0.0",
    .kinds = kinds, .state_schema = ""};

static void shut(struct replay *r)
{
    if (r->file) fclose(r->file);
    r->file = NULL;
}

static keel_status activate(keel_plugin *p, keel_error *error)
{
    struct replay *r = p->self;
    if (!r->path[0]) return fail(error, KEEL_E_STATE, "set the parameter path first");
    if (r->kind == BARS && r->interval == 0)
        return fail(error, KEEL_E_ARG,
                    "set the parameter interval: how many seconds a bar of %.120s lasts, such as "
                    "60; the file does not say it", r->path);
    shut(r);
    r->file = fopen(r->path, "re");
    struct stat status;
    if (!r->file)
        return fail(error, KEEL_E_IO, "%.120s: %s; check the path", r->path, strerror(errno));
    if (fstat(fileno(r->file), &status) != 0 || !S_ISREG(status.st_mode)) {
        shut(r);
        return fail(error, KEEL_E_IO, "%.120s: is no regular file", r->path);
    }
    r->line = 0, r->unit = 0, r->last = INT64_MIN, r->used = 0;
    r->has_head = r->has_ended = false;
    keel_status read = read_header(r, error);
    if (read) shut(r);
    return read;
}

static keel_status deactivate(keel_plugin *p)
{
    shut(p->self);
    return KEEL_OK;
}

static void destroy(keel_plugin *p)
{
    shut(p->self);
    free(p->self);
}

static const void *extension(keel_plugin *p, const char *id)
{
    static const keel_data data = {.struct_size = sizeof data, .attach = attach,
                                   .subscribe = subscribe, .unsubscribe = unsubscribe,
                                   .poll = poll_records};
    static const keel_params params = {.struct_size = sizeof params, .count = params_count,
                                       .info = params_info, .set = params_set};
    (void)p;
    if (!strcmp(id, KEEL_DATA)) return &data;
    if (!strcmp(id, KEEL_PARAMS)) return &params;
    return NULL;
}

static keel_status create(
    const keel_host *host, const char *id, keel_str config, keel_plugin **out, keel_error *error)
{
    (void)config;
    if (strcmp(id, descriptor.id)) return fail(error, KEEL_E_ARG, "there is no plugin %.64s", id);
    struct replay *r = calloc(1, sizeof *r);
    if (!r) return fail(error, KEEL_E_FULL, "there is no memory left");
    r->host = host;
    r->inst = KEEL_NO_INST;
    r->plugin = (keel_plugin){.struct_size = sizeof r->plugin, .desc = &descriptor, .self = r,
                              .activate = activate, .deactivate = deactivate, .destroy = destroy,
                              .extension = extension};
    *out = &r->plugin;
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
