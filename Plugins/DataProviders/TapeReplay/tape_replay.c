/* Replays a keel market-data tape (keel/file.h): maps the file, gives its records the session's
 * instrument ids, and publishes what is due whenever it is polled.
 *
 *   cc -std=c11 -O2 -fPIC -shared -fvisibility=hidden -Wl,--version-script=plugin.map \
 *      -I include tape_replay.c -o tape_replay.so */
#define _GNU_SOURCE
#include <keel/keel.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INSTRUMENTS_MAX = 1024, CHUNK_BYTES = 64 * 1024, PATH_BYTES = 1024 };

struct subscription { uint64_t types; keel_ns interval; };

struct replay {
    keel_plugin plugin;
    const keel_host *host;
    const keel_feed *feed;
    const uint8_t *file;            /* the mapped tape, or NULL                               */
    size_t file_bytes;
    size_t at, end;                 /* of the records, as offsets into the file               */
    keel_ns last;                   /* time of the last record read                           */
    keel_inst session_id[INSTRUMENTS_MAX]; /* by the tape's id                                */
    struct subscription wanted[INSTRUMENTS_MAX]; /* by the session's id                       */
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

/* ---- reading the file -------------------------------------------------------------------- */
static uint32_t crc32c(const void *bytes, size_t n)
{
    uint32_t crc = ~UINT32_C(0);
    for (const uint8_t *p = bytes; n > 0; p++, n--) {
        crc ^= *p;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0x82f63b78) : 0);
    }
    return ~crc;
}

static keel_status map_file(struct replay *r, const char *path, keel_error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(error, KEEL_E_IO, "%.120s: %s; check the path", path, strerror(errno));
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)
        || status.st_size < KEEL_FILE_HEADER_BYTES) {
        close(fd);
        return fail(error, KEEL_E_IO, "%.120s: is no tape: too short, or no file", path);
    }
    void *mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (mapped == MAP_FAILED)
        return fail(error, KEEL_E_IO, "%.120s: cannot be mapped: %s", path, strerror(errno));
    r->file = mapped;
    r->file_bytes = (size_t)status.st_size;
    return KEEL_OK;
}

static void unmap_file(struct replay *r)
{
    if (r->file) munmap((void *)r->file, r->file_bytes);
    r->file = NULL;
}

static keel_status check_header(const struct replay *r, const char *path, keel_error *error)
{
    const keel_file_header *h = (const keel_file_header *)r->file;
    if (memcmp(h->magic, KEEL_TAPE_MAGIC, sizeof h->magic))
        return fail(error, KEEL_E_ARG, "%.120s: is no tape: it begins otherwise", path);
    if (h->schema != KEEL_FILE_SCHEMA || h->header_bytes != KEEL_FILE_HEADER_BYTES)
        return fail(error, KEEL_E_VERSION,
                    "%.120s: is a tape of schema %u, this plugin reads %d; record it again", path,
                    h->schema, KEEL_FILE_SCHEMA);
    if (h->crc32c != crc32c(h, offsetof(keel_file_header, crc32c)))
        return fail(error, KEEL_E_ARG, "%.120s: its header is damaged; copy it again", path);
    if (h->index_offset == 0)
        return fail(error, KEEL_E_ARG, "%.120s: was never finished; record it again", path);
    return KEEL_OK;
}

/* The index says where the records end; every block must lie where it claims. */
static keel_status check_index(struct replay *r, const char *path, keel_error *error)
{
    const keel_file_header *h = (const keel_file_header *)r->file;
    uint64_t bytes = (uint64_t)h->index_count * sizeof(keel_tape_block);
    if (h->index_offset % 8 || h->index_offset < h->header_bytes
        || h->index_offset > r->file_bytes || bytes > r->file_bytes - h->index_offset)
        return fail(error, KEEL_E_ARG, "%.120s: its index lies beyond its end; copy it again",
                    path);
    const keel_tape_block *block = (const void *)(r->file + h->index_offset);
    if (h->index_crc32c != crc32c(block, bytes))
        return fail(error, KEEL_E_ARG, "%.120s: its index is damaged; copy it again", path);
    uint64_t expected = h->header_bytes;
    for (uint32_t i = 0; i < h->index_count; expected += block[i++].bytes)
        if (block[i].offset != expected || block[i].bytes > h->index_offset - expected)
            return fail(error, KEEL_E_ARG, "%.120s: block %u of its index is wrong; copy it again",
                        path, i);
    if (expected != h->index_offset)
        return fail(error, KEEL_E_ARG, "%.120s: its index does not cover it; copy it again", path);
    r->at = h->header_bytes;
    r->end = h->index_offset;
    return KEEL_OK;
}

/* The record at the reading position, or NULL at the end or where the bytes make no sense. */
static const keel_event *record_here(const struct replay *r)
{
    size_t left = r->end - r->at;
    if (left < sizeof(keel_event)) return NULL;
    const keel_event *h = (const keel_event *)(r->file + r->at);
    return h->size >= sizeof *h && h->size % 8 == 0 && h->size <= left ? h : NULL;
}

/* ---- instruments ------------------------------------------------------------------------- */
/* The session's instrument of the same symbol and venue, or NULL. */
static const keel_ev_instrument *find(const struct replay *r, const keel_ev_instrument *of)
{
    for (keel_inst id = 0; id < INSTRUMENTS_MAX; id++) {
        const keel_ev_instrument *candidate = r->host->instrument(r->host, id);
        if (!candidate) return NULL;
        if (!strncmp(candidate->symbol, of->symbol, sizeof of->symbol)
            && !strncmp(candidate->venue, of->venue, sizeof of->venue))
            return candidate;
    }
    return NULL;
}

/* A tick or lot as a number, for who reads it. */
static double step(int64_t mantissa, int exponent)
{
    double value = (double)mantissa;
    for (; exponent < 0; exponent++) value /= 10;
    for (; exponent > 0; exponent--) value *= 10;
    return value;
}

static keel_status adopt(struct replay *r, const keel_ev_instrument *row, keel_error *error)
{
    if (row->h.inst >= INSTRUMENTS_MAX)
        return fail(error, KEEL_E_ARG, "the tape has more than %d instruments", INSTRUMENTS_MAX);
    const keel_ev_instrument *known = find(r, row);
    if (!known) return KEEL_OK;
    if (known->px_exp != row->px_exp || known->qty_exp != row->qty_exp)
        return fail(error, KEEL_E_ARG,
                    "%.31s at %.15s has tick %.10g and lot %.10g on the tape, tick %.10g and lot "
                    "%.10g in the session; configure those of the tape, with as many decimals, or "
                    "record it again",
                    row->symbol, row->venue, step(row->tick, row->px_exp),
                    step(row->lot, row->qty_exp), step(known->tick, known->px_exp),
                    step(known->lot, known->qty_exp));
    r->session_id[row->h.inst] = known->h.inst;
    return KEEL_OK;
}

/* Reads the tape's own table, its first records. */
static keel_status adopt_table(struct replay *r, const char *path, keel_error *error)
{
    uint32_t rows = 0, adopted = 0;
    for (int i = 0; i < INSTRUMENTS_MAX; i++) r->session_id[i] = KEEL_NO_INST;
    const keel_event *h;
    while ((h = record_here(r)) && h->type == KEEL_EV_INSTRUMENT
           && h->size >= sizeof(keel_ev_instrument)) {
        keel_status status = adopt(r, (const keel_ev_instrument *)h, error);
        if (status) return status;
        rows++;
        adopted += h->inst < INSTRUMENTS_MAX && r->session_id[h->inst] != KEEL_NO_INST;
        r->at += h->size;
    }
    if (adopted == 0)
        return fail(error, KEEL_E_ARG,
                    "%.120s: none of its %u instruments is one of the session's, by symbol and "
                    "venue; configure those it holds",
                    path, rows);
    return KEEL_OK;
}

static keel_status open_tape(struct replay *r, keel_str text, keel_error *error)
{
    char path[PATH_BYTES];
    if (text.len == 0 || text.len >= sizeof path)
        return fail(error, KEEL_E_ARG, "path has %zu bytes, expected 1 to %zu", text.len,
                    sizeof path - 1);
    memcpy(path, text.ptr, text.len);
    path[text.len] = 0;
    unmap_file(r);
    keel_status status = map_file(r, path, error);
    if (!status) status = check_header(r, path, error);
    if (!status) status = check_index(r, path, error);
    if (!status) status = adopt_table(r, path, error);
    r->last = INT64_MIN;
    if (status) unmap_file(r);
    return status;
}

/* ---- replay ------------------------------------------------------------------------------ */
static keel_inst session_id(const struct replay *r, keel_inst id)
{
    return id < INSTRUMENTS_MAX ? r->session_id[id] : KEEL_NO_INST;
}

static bool is_wanted(const struct replay *r, const keel_event *h)
{
    if (h->type == KEEL_EV_END) return false;         /* poll says so itself                  */
    if (h->inst == KEEL_NO_INST) return true;         /* a headline, a metric                 */
    keel_inst id = session_id(r, h->inst);
    if (id == KEEL_NO_INST || h->type >= 64) return false;
    const struct subscription *s = &r->wanted[id];
    if (h->type == KEEL_EV_INSTRUMENT || h->type == KEEL_EV_GAP) return s->types != 0;
    if (!(s->types & KEEL_MASK(h->type))) return false;
    if (h->type != KEEL_EV_BAR || h->size < sizeof(keel_ev_bar)) return true;
    return s->interval == 0 || ((const keel_ev_bar *)h)->interval == s->interval;
}

/* Copies a record and makes it the session's. */
static void copy_record(const struct replay *r, uint8_t *to, const keel_event *h)
{
    memcpy(to, h, h->size);
    keel_event *copy = (keel_event *)to;
    copy->inst = h->inst == KEEL_NO_INST ? KEEL_NO_INST : session_id(r, h->inst);
    copy->source = 0;
    copy->seq = 0;
    if (h->type != KEEL_EV_INSTRUMENT || h->size < sizeof(keel_ev_instrument)) return;
    const keel_ev_instrument *known = r->host->instrument(r->host, copy->inst);
    keel_ev_instrument *row = (keel_ev_instrument *)to;
    if (known) row->base = known->base, row->quote = known->quote, row->settle = known->settle;
}

/* Publishes one chunk of what is due; the position moves on only when the host has taken it.
 * KEEL_S_END when nothing is left that is due. */
static keel_status publish_chunk(struct replay *r, keel_ns until)
{
    size_t start = r->at, used = 0;
    keel_ns last = r->last;
    const keel_event *h = NULL;
    while ((h = record_here(r)) && h->ts_recv <= until && h->ts_recv >= r->last) {
        if (is_wanted(r, h)) {
            if (h->size > CHUNK_BYTES) return KEEL_E_IO;
            if (used + h->size > CHUNK_BYTES) break;
            copy_record(r, r->chunk + used, h);
            used += h->size;
        }
        r->last = h->ts_recv;
        r->at += h->size;
    }
    bool is_damaged = r->at < r->end && (!h || h->ts_recv < r->last);
    keel_status status = used ? r->feed->publish(r->feed, r->chunk, used) : KEEL_OK;
    if (status) {
        r->at = start;
        r->last = last;
        return status;
    }
    if (is_damaged) return KEEL_E_IO;
    return h && h->ts_recv <= until ? KEEL_OK : KEEL_S_END;
}

static keel_status poll_records(keel_plugin *p, keel_ns until, keel_ns *next)
{
    struct replay *r = p->self;
    if (!r->file || !r->feed) return KEEL_E_STATE;
    keel_status status = KEEL_OK;
    while (status == KEEL_OK) status = publish_chunk(r, until);
    if (status != KEEL_S_END && status != KEEL_E_FULL) {
        static const char text[] = "the tape is damaged here; check it with keel tape verify";
        r->host->log(r->host, KEEL_LOG_ERROR, (keel_str){text, sizeof text - 1});
        return status;
    }
    const keel_event *h = record_here(r);
    *next = h ? h->ts_recv : KEEL_NULL;
    return r->at == r->end ? KEEL_S_END : KEEL_OK;
}

static keel_status attach(keel_plugin *p, const keel_feed *feed)
{
    ((struct replay *)p->self)->feed = feed;
    return KEEL_OK;
}

static bool carries(const struct replay *r, keel_inst inst)
{
    for (int i = 0; i < INSTRUMENTS_MAX; i++)
        if (r->session_id[i] == inst) return true;
    return false;
}

static keel_status subscribe(keel_plugin *p, keel_inst inst, uint64_t types, keel_ns interval)
{
    struct replay *r = p->self;
    if (!r->file) return KEEL_E_STATE;
    if (inst >= INSTRUMENTS_MAX || !carries(r, inst)) return KEEL_E_UNSUPPORTED;
    r->wanted[inst].types |= types;
    if (types & KEEL_MASK(KEEL_EV_BAR)) r->wanted[inst].interval = interval;
    return KEEL_OK;
}

static keel_status unsubscribe(keel_plugin *p, keel_inst inst, uint64_t types, keel_ns interval)
{
    struct replay *r = p->self;
    (void)interval;
    if (inst >= INSTRUMENTS_MAX) return KEEL_E_ARG;
    r->wanted[inst].types &= ~types;
    return KEEL_OK;
}

/* ---- parameters -------------------------------------------------------------------------- */
static uint32_t params_count(keel_plugin *p)
{
    (void)p;
    return 1;
}

static keel_status params_info(keel_plugin *p, uint32_t index, keel_param_info *out)
{
    static const keel_param_info path = {
        .struct_size = sizeof path, .id = 1, .kind = KEEL_PARAM_TEXT,
        .flags = KEEL_PARAMF_REQUIRED, .min = 1, .max = PATH_BYTES - 1, .name = "path",
        .about = "The tape file to replay."};
    (void)p;
    if (index || out->struct_size < sizeof *out) return KEEL_E_ARG;
    *out = path;
    return KEEL_OK;
}

static keel_status params_set(
    keel_plugin *p, uint32_t id, double value, keel_str text, keel_error *error)
{
    (void)value;
    if (id != 1) return fail(error, KEEL_E_ARG, "there is no such parameter");
    return open_tape(p->self, text, error);
}

/* ---- lifecycle --------------------------------------------------------------------------- */
static const char *const kinds[] = {KEEL_DATA, NULL};
static const keel_descriptor descriptor = {
    .struct_size = sizeof descriptor, .flags = KEEL_PF_DETERMINISTIC,
    .id = "dev.keel.tape-replay", .name = "Tape replay", .vendor = "keel", .version = "1.0.0",
    .kinds = kinds, .state_schema = ""};

static keel_status activate(keel_plugin *p, keel_error *error)
{
    struct replay *r = p->self;
    return r->file ? KEEL_OK : fail(error, KEEL_E_STATE, "set the parameter path first");
}

static keel_status deactivate(keel_plugin *p)
{
    (void)p;
    return KEEL_OK;
}

static void destroy(keel_plugin *p)
{
    unmap_file(p->self);
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
