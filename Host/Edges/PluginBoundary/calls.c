// Control calls into a plugin: each under the guard, each a plain C frame.
#define _GNU_SOURCE
#include "guard.h"

#include <string.h>

static void fail_theft(plugin_boundary *b, const char *call, int signal)
{
    plugin_fault fault = {.kind = PLUGIN_FAULT_HANDLER, .signal = signal, .call = call};
    boundary_quarantine(b, fault);
}

#define CONTROL(b, name, statement, failed) \
    GUARDED(b, name, (b)->control_deadline, statement, failed)
/* Looks at the handlers before and after, so that nobody is blamed for another's deed. It costs
 * some microseconds: for calls that are made once in a life. */
#define WATCHED(b, name, statement, failed)                                        \
    do {                                                                           \
        guard_note_theft();                                                        \
        CONTROL(b, name, statement, failed);                                       \
        int taken = guard_restore_handlers();                                      \
        if (taken) { fail_theft(b, name, taken); failed; }                         \
    } while (0)
#define WATCHED_STATUS(b, name, expression)                                        \
    keel_status status = KEEL_E_FAULT;                                             \
    WATCHED(b, name, status = (expression), return KEEL_E_FAULT);                  \
    return status
#define CONTROL_STATUS(b, name, expression)                                        \
    keel_status status = KEEL_E_FAULT;                                             \
    CONTROL(b, name, status = (expression), return KEEL_E_FAULT);                  \
    return status

const keel_entry *plugin_call_entry(plugin_boundary *b, keel_entry_fn entry)
{
    const keel_entry *answer = NULL;
    WATCHED(b, "the entry", answer = entry(), return NULL);
    return answer;
}

keel_status plugin_call_init(plugin_boundary *b, const keel_entry *entry, const char *path)
{
    WATCHED_STATUS(b, "init", entry->init(path));
}

uint32_t plugin_call_count(plugin_boundary *b, const keel_entry *entry)
{
    uint32_t count = 0;
    CONTROL(b, "count", count = entry->count(), return 0);
    return count;
}

const keel_descriptor *plugin_call_describe(
    plugin_boundary *b, const keel_entry *entry, uint32_t index)
{
    const keel_descriptor *answer = NULL;
    CONTROL(b, "describe", answer = entry->describe(index), return NULL);
    return answer;
}

keel_status plugin_call_create(
    plugin_boundary *b, const keel_entry *entry, const char *id, keel_str config,
    keel_plugin **out, keel_error *error)
{
    WATCHED_STATUS(b, "create", entry->create(&b->host, id, config, out, error));
}

const void *plugin_call_extension(plugin_boundary *b, keel_plugin *p, const char *id)
{
    const void *answer = NULL;
    CONTROL(b, "extension", answer = p->extension(p, id), return NULL);
    return answer;
}

keel_status plugin_call_activate(plugin_boundary *b, keel_plugin *p, keel_error *error)
{
    WATCHED_STATUS(b, "activate", p->activate(p, error));
}

keel_status plugin_call_deactivate(plugin_boundary *b, keel_plugin *p)
{
    CONTROL_STATUS(b, "deactivate", p->deactivate(p));
}

keel_status plugin_call_destroy(plugin_boundary *b, keel_plugin *p)
{
    CONTROL(b, "destroy", p->destroy(p), return KEEL_E_FAULT);
    return KEEL_OK;
}

uint32_t plugin_call_params_count(plugin_boundary *b, const keel_params *x, keel_plugin *p)
{
    uint32_t count = 0;
    CONTROL(b, "params.count", count = x->count(p), return 0);
    return count;
}

keel_status plugin_call_params_info(
    plugin_boundary *b, const keel_params *x, keel_plugin *p, uint32_t index, keel_param_info *out)
{
    CONTROL_STATUS(b, "params.info", x->info(p, index, out));
}

keel_status plugin_call_params_set(
    plugin_boundary *b, const keel_params *x, keel_plugin *p, uint32_t id, double value,
    keel_str text, keel_error *error)
{
    CONTROL_STATUS(b, "params.set", x->set(p, id, value, text, error));
}

keel_status plugin_call_interests(
    plugin_boundary *b, const keel_interests *x, keel_plugin *p, keel_interests_info *out)
{
    CONTROL_STATUS(b, "interests.get", x->get(p, out));
}

keel_status plugin_call_quiesce(
    plugin_boundary *b, const keel_swap *x, keel_plugin *p, keel_ns deadline)
{
    CONTROL_STATUS(b, "swap.quiesce", x->quiesce(p, deadline));
}

keel_status plugin_call_resume(plugin_boundary *b, const keel_swap *x, keel_plugin *p)
{
    CONTROL_STATUS(b, "swap.resume", x->resume(p));
}

/* ---- state ------------------------------------------------------------------------------- */
struct state_move { plugin_boundary *boundary; plugin_bytes *bytes; };

static size_t stepped(const plugin_bytes *bytes, size_t n)
{
    return bytes->step && n > bytes->step ? bytes->step : n;
}

static int64_t write_bytes(const keel_stream *stream, void *buffer, size_t n)
{
    struct state_move *move = stream->ctx;
    plugin_bytes *bytes = move->bytes;
    if (!buffer && n) return KEEL_E_ARG;
    guard_in_host = guard_in_host + 1;
    n = stepped(bytes, n);
    int64_t moved = (int64_t)n;
    if (n > bytes->capacity - bytes->used) {
        bytes->overflowed = 1;
        moved = KEEL_E_FULL;
    } else if (n) {
        memcpy(bytes->bytes + bytes->used, buffer, n);
        bytes->used += n;
    }
    guard_leave_leaf(move->boundary, __builtin_return_address(0));
    return moved;
}

static int64_t read_bytes(const keel_stream *stream, void *buffer, size_t n)
{
    struct state_move *move = stream->ctx;
    plugin_bytes *bytes = move->bytes;
    if (!buffer && n) return KEEL_E_ARG;
    guard_in_host = guard_in_host + 1;
    size_t left = bytes->capacity - bytes->used;
    n = stepped(bytes, n < left ? n : left);
    if (n) memcpy(buffer, bytes->bytes + bytes->used, n);
    bytes->used += n;
    guard_leave_leaf(move->boundary, __builtin_return_address(0));
    return (int64_t)n;
}

keel_status plugin_call_save(
    plugin_boundary *b, const keel_state *x, keel_plugin *p, plugin_bytes *out, uint64_t seq)
{
    struct state_move move = {b, out};
    keel_stream stream = {.struct_size = sizeof stream, .ctx = &move, .io = write_bytes};
    CONTROL_STATUS(b, "state.save", x->save(p, &stream, seq));
}

keel_status plugin_call_load(
    plugin_boundary *b, const keel_state *x, keel_plugin *p, plugin_bytes *in,
    uint32_t from_version, keel_error *error)
{
    struct state_move move = {b, in};
    keel_stream stream = {.struct_size = sizeof stream, .ctx = &move, .io = read_bytes};
    CONTROL_STATUS(b, "state.load", x->load(p, &stream, from_version, error));
}

/* ---- data providers ---------------------------------------------------------------------- */
keel_status plugin_call_attach(plugin_boundary *b, const keel_data *x, keel_plugin *p)
{
    CONTROL_STATUS(b, "data.attach", x->attach(p, &b->feed));
}

keel_status plugin_call_subscribe(
    plugin_boundary *b, const keel_data *x, keel_plugin *p, keel_inst inst, uint64_t types,
    keel_ns interval)
{
    CONTROL_STATUS(b, "data.subscribe", x->subscribe(p, inst, types, interval));
}

keel_status plugin_call_unsubscribe(
    plugin_boundary *b, const keel_data *x, keel_plugin *p, keel_inst inst, uint64_t types,
    keel_ns interval)
{
    CONTROL_STATUS(b, "data.unsubscribe", x->unsubscribe(p, inst, types, interval));
}

keel_status plugin_call_poll(
    plugin_boundary *b, const keel_data *x, keel_plugin *p, keel_ns until, keel_ns *next)
{
    CONTROL_STATUS(b, "data.poll", x->poll(p, until, next));
}
