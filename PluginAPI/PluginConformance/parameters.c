// Declared parameters and interests.
#include "rig.h"

#include <math.h>
#include <string.h>

static subject *with_parameters(rig *r)
{
    subject *s = subject_create(r);
    if (s && (!s->params || !s->params->count(s->plugin))) {
        skips(r, "it declares no parameters");
        subject_end(s);
        return NULL;
    }
    return s;
}

static void run_declared(rig *r)
{
    subject *s = with_parameters(r);
    if (!s) return;
    struct { keel_param_info info; uint8_t guard[32]; } room;
    uint32_t count = s->params->count(s->plugin);
    for (uint32_t i = 0; i < count && i < PARAMETERS_MAX; i++) {
        step(r, "asking about parameter %u", i);
        memset(&room, 0xa5, sizeof room);
        memset(&room.info, 0, sizeof room.info);
        room.info.struct_size = sizeof room.info;
        keel_status status = s->params->info(s->plugin, i, &room.info);
        if (status != KEEL_OK)
            return fails(r, "answer for each index < count()", "info(%u) answers %s", i,
                         status_name(status));
        for (size_t k = 0; k < sizeof room.guard; k++)
            if (room.guard[k] != 0xa5)
                return fails(r, "write no more than out->struct_size bytes",
                             "info(%u) writes behind the struct it is given", i);
        keel_param_info again = parameter(s, i);
        again.struct_size = room.info.struct_size;
        if (memcmp(&again, &room.info, sizeof again))
            return fails(r, "declare the same every time", "parameter %u is declared otherwise "
                  "when "
                         "asked again", i);
        if (!room.info.about[0])
            warns(r, "say in `about` what it does, in one sentence",
                  "parameter \"%.48s\" has no description", room.info.name);
    }
    step(r, "asking about a parameter behind the last");
    if (s->params->info(s->plugin, count, &room.info) == KEEL_OK)
        warns(r, "answer KEEL_E_ARG for index >= count()", "info(%u) answers KEEL_OK, of %u", count,
              count);
    subject_end(s);
}

/// One instance with this value; NULL when it refuses. Text is a text of that many bytes.
static subject *with_value(rig *r, uint32_t index, double value, keel_status *status)
{
    char text[4096];
    subject *s = subject_create(r);
    if (!s) return NULL;
    if ((*status = subject_set_parameters(s)) == KEEL_OK) {
        keel_param_info info = parameter(s, index);
        size_t length = info.kind == KEEL_PARAM_TEXT && value > 0 ? (size_t)fmin(value, 4095) : 0;
        memset(text, 'a', sizeof text);
        *status = set_parameter(s, &info, value, text, length);
        if (*status == KEEL_OK) return s;
    }
    subject_end(s);
    return NULL;
}

static void trade_a_little(rig *r, subject *s)
{
    market m = market_new(r->options.seed);
    keel_status status = subject_activate(s);
    if (status == KEEL_OK && s->process && subject_trade(s, &m, 20, 8) != KEEL_OK)
        fails(r, "check each parameter where it is set", "with a value in range, process refuses");
}

static void run_bounds(rig *r)
{
    subject *first = with_parameters(r);
    if (!first) return;
    uint32_t count = first->params->count(first->plugin);
    for (uint32_t i = 0; i < count && i < PARAMETERS_MAX && !has_failed(r); i++) {
        keel_param_info info = parameter(first, i);
        bool is_number = info.kind == KEEL_PARAM_INTEGER || info.kind == KEEL_PARAM_DECIMAL;
        if (!is_number && info.kind != KEEL_PARAM_BOOLEAN) continue;
        double ends[] = {is_number ? info.min : 0, is_number ? info.max : 1};
        for (int e = 0; e < 2; e++) {
            keel_status status = KEEL_OK;
            step(r, "setting %.48s to %g, an end of its range", info.name, ends[e]);
            subject *s = with_value(r, i, ends[e], &status);
            if (!s) {
                fails(r, "declare the range that set() takes", "%.48s = %g, an end of its own "
                      "range, "
                      "is refused: %s", info.name, ends[e], status_name(status));
                break;
            }
            trade_a_little(r, s);
            subject_end(s);
        }
    }
    subject_end(first);
}

static void run_beyond(rig *r)
{
    subject *first = with_parameters(r);
    if (!first) return;
    uint32_t count = first->params->count(first->plugin), taken = 0;
    char names[100] = "";
    for (uint32_t i = 0; i < count && i < PARAMETERS_MAX; i++) {
        keel_param_info info = parameter(first, i);
        bool is_text = info.kind == KEEL_PARAM_TEXT;
        double wrong[] = {info.max + 1, info.min - 1, NAN, INFINITY, -INFINITY, 1e300};
        for (size_t k = 0; k < (is_text ? 1 : sizeof wrong / sizeof *wrong); k++) {
            keel_status status = KEEL_OK;
            double value = is_text ? 4095 : wrong[k];
            if (info.kind == KEEL_PARAM_BOOLEAN && k != 2) continue;
            step(r, "setting %.48s to %g, outside its range", info.name, value);
            subject *s = with_value(r, i, value, &status);
            if (!s) continue;
            taken++;
            if (!names[0]) snprintf(names, sizeof names, "%.48s = %g", info.name, value);
            if (subject_activate(s) == KEEL_OK && s->process) {
                market m = market_new(r->options.seed);
                subject_trade(s, &m, 5, 8);
            }
            subject_end(s);
        }
    }
    step(r, "setting a parameter that does not exist");
    keel_param_info nobody = {.id = 0x7eadbeef};
    if (set_parameter(first, &nobody, 1, "", 0) == KEEL_OK && !taken++)
        snprintf(names, sizeof names, "a parameter id that was never declared");
    if (taken)
        warns(r, "answer KEEL_E_ARG and say why in err",
              "%u values outside the declared ranges are taken, such as %s", taken, names);
    subject_end(first);
}

static void run_fuzz(rig *r)
{
    subject *first = with_parameters(r);
    if (!first) return;
    uint32_t count = first->params->count(first->plugin);
    for (int round = 0; round < 40 && !has_failed(r); round++) {
        uint32_t i = (uint32_t)chance(r, count < PARAMETERS_MAX ? count : PARAMETERS_MAX);
        keel_param_info info = parameter(first, i);
        double share = (double)chance(r, 1000001) / 1000000;
        double value = info.min + (info.max - info.min) * share * share * share;
        if (info.kind == KEEL_PARAM_INTEGER) value = floor(value);
        if (info.kind == KEEL_PARAM_BOOLEAN || info.kind == KEEL_PARAM_ENUM) value = 0;
        if (info.kind == KEEL_PARAM_TEXT) value = info.max > 0 ? floor(info.max * share) : 0;
        keel_status status = KEEL_OK;
        step(r, "seed %llu: round %d, %.48s = %g", (unsigned long long)r->options.seed, round,
             info.name, value);
        subject *s = with_value(r, i, value, &status);
        // Two parameters may contradict each other: then it says so.
        if (s) {
            trade_a_little(r, s);
            subject_end(s);
        }
    }
    subject_end(first);
}

static void run_interests(rig *r)
{
    subject *s = subject_new(r);
    if (!s) return;
    if (!s->interests) {
        skips(r, "it declares no interests, so it receives all that its slot is configured for");
        subject_end(s);
        return;
    }
    keel_interests_info a = {.struct_size = sizeof a}, b = {.struct_size = sizeof b};
    step(r, "asking for its interests");
    keel_status status = s->interests->get(s->plugin, &a);
    s->interests->get(s->plugin, &b);
    uint64_t known = KEEL_MASK(KEEL_EV_REQUEST + 1) - 2;
    if (status != KEEL_OK)
        fails(r, "answer KEEL_OK while active", "get answers %s", status_name(status));
    else if (a.types & ~known)
        fails(r, "build the set with KEEL_MASK() of event types",
              "it asks for types that do not exist: %#llx", (unsigned long long)(a.types & ~known));
    else if (a.bar_interval < 0 || a.warmup_time < 0)
        fails(r, "durations are nanoseconds, 0 for none", "it asks for a negative duration");
    else if (a.types != b.types || a.bar_interval != b.bar_interval
             || a.warmup_records != b.warmup_records)
        fails(r, "call keel_host.wake when interests change", "asked twice, it wants something "
              "else");
    subject_end(s);
}

const conformance_test parameter_tests[] = {
    {"parameters", "Every declared parameter is described, fully and the same each time.", 5, 1,
     run_declared},
    {"parameter-bounds", "Both ends of every declared range are taken, and work.", 20, 1,
          run_bounds},
    {"parameter-refusals", "Values that must not be set are refused, and crash nothing.", 10, 1,
     run_beyond},
    {"parameter-fuzz", "Random values inside the declared ranges work.", 20, 1, run_fuzz},
    {"interests", "What it wants to receive exists, and stays the same.", 5, 1, run_interests},
    {0},
};
