// One instance of a plugin, and the host that it sees.
#include "rig.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static subject *of_host(const keel_host *host) { return host->ctx; }

static const void *host_extension(const keel_host *host, const char *id)
{
    (void)id;
    atomic_fetch_add(&of_host(host)->host_calls, 1);
    return NULL;
}
static void host_log(const keel_host *host, int32_t level, keel_str text)
{
    (void)level;
    // Reads what it is given: a text that is not there shows here and not in production.
    uint64_t sum = mix(0, text.ptr, text.len);
    atomic_fetch_add(&of_host(host)->host_calls, sum ? 1 : 2);
}
static keel_ns host_now(const keel_host *host)
{
    atomic_fetch_add(&of_host(host)->host_calls, 1);
    return of_host(host)->now;
}
static const keel_ev_instrument *host_instrument(const keel_host *host, keel_inst id)
{
    atomic_fetch_add(&of_host(host)->host_calls, 1);
    return id < INSTRUMENTS ? &of_host(host)->rig->instruments[id] : NULL;
}
static keel_status host_wake(const keel_host *host)
{
    atomic_fetch_add(&of_host(host)->host_calls, 1);
    return KEEL_OK;
}
static keel_status host_timer(const keel_host *host, uint64_t id, keel_ns due)
{
    subject *s = of_host(host);
    atomic_fetch_add(&s->host_calls, 1);
    s->digest = mix(mix(s->digest, &id, sizeof id), &due, sizeof due);
    return KEEL_OK;
}

static void check_published(subject *s, const keel_event *h)
{
    if (s->broken[0]) return;
    if (h->type == 0 || h->type > 63)
        snprintf(s->broken, sizeof s->broken, "it publishes a record of type %u", h->type);
    else if (h->inst >= INSTRUMENTS && h->inst != KEEL_NO_INST)
        snprintf(s->broken, sizeof s->broken, "it publishes a record of instrument %u, which is "
                 "unknown", h->inst);
    else if (h->inst < INSTRUMENTS && !(s->subscribed >> h->inst & 1))
        snprintf(s->broken, sizeof s->broken, "it publishes a record of instrument %u, to which "
                 "nobody is subscribed", h->inst);
    else if (s->data && s->data->poll && h->ts_recv < s->published_last)
        snprintf(s->broken, sizeof s->broken, "its records go back in time, by %lld ns",
                 (long long)(s->published_last - h->ts_recv));
    else if (s->data && s->data->poll && h->ts_recv > s->now)
        snprintf(s->broken, sizeof s->broken, "it publishes %lld ns ahead of what poll asks for",
                 (long long)(h->ts_recv - s->now));
}

static keel_status publish(const keel_feed *feed, const void *records, size_t count)
{
    subject *s = feed->ctx;
    const uint8_t *at = records;
    pthread_mutex_lock(&s->feed_lock);
    atomic_fetch_add(&s->host_calls, 1);
    keel_status status = KEEL_OK;
    if (!s->room) status = KEEL_E_FULL;
    for (size_t done = 0; status == KEEL_OK && done < count;) {
        const keel_event *h = (const keel_event *)(at + done);
        if (count - done < sizeof *h || h->size < sizeof *h || h->size % 8
              || h->size > count - done) {
            snprintf(s->broken, sizeof s->broken, "it publishes a record whose size is wrong");
            status = KEEL_E_ARG;
            break;
        }
        check_published(s, h);
        s->published_last = h->ts_recv;
        s->digest = mix(s->digest, h, h->size);
        s->published++;
        done += h->size;
    }
    if (status == KEEL_OK) s->room--;
    pthread_mutex_unlock(&s->feed_lock);
    return status;
}

static void connect_host(subject *s)
{
    s->host = (keel_host){.struct_size = sizeof s->host, .abi_minor = KEEL_ABI_DRAFT, .ctx = s,
                          .extension = host_extension, .log = host_log, .now = host_now,
                          .instrument = host_instrument, .wake = host_wake, .timer = host_timer};
    s->feed = (keel_feed){.struct_size = sizeof s->feed, .ctx = s, .publish = publish};
    s->error.struct_size = sizeof s->error;
    s->now = 1700000000000000000;
    s->mode = KEEL_LIVE;
    s->room = UINT64_MAX;
    s->wanted = UINT64_MAX;
    pthread_mutex_init(&s->feed_lock, NULL);
}

static void find_extensions(subject *s)
{
    keel_plugin *p = s->plugin;
    const keel_strategy *strategy = p->extension(p, KEEL_STRATEGY);
    const keel_alpha *alpha = p->extension(p, KEEL_ALPHA);
    s->process = strategy ? strategy->process : alpha ? alpha->process : NULL;
    s->data = p->extension(p, KEEL_DATA);
    s->exchange = p->extension(p, KEEL_EXCHANGE);
    s->params = p->extension(p, KEEL_PARAMS);
    s->state = p->extension(p, KEEL_STATE);
    s->interests = p->extension(p, KEEL_INTERESTS);
    s->swap = p->extension(p, KEEL_SWAP);
}

subject *subject_create(rig *r)
{
    subject *s = calloc(1, sizeof *s);
    s->rig = r;
    connect_host(s);
    keel_str config = {r->options.config[0] ? r->options.config : NULL, strlen(r->options.config)};
    keel_status status = r->entry->create(&s->host, r->desc->id, config, &s->plugin, &s->error);
    if (status != KEEL_OK || !s->plugin) {
        skips(r, "create refuses: %s", s->error.text[0] ? s->error.text : status_name(status));
        free(s);
        return NULL;
    }
    find_extensions(s);
    return s;
}

keel_param_info parameter(subject *s, uint32_t index)
{
    keel_param_info info = {.struct_size = sizeof info};
    if (s->params->info(s->plugin, index, &info) != KEEL_OK) info.kind = 0;
    return info;
}

keel_status set_parameter(subject *s, const keel_param_info *info, double value, const char *text,
                          size_t length)
{
    s->error.text[0] = 0;
    return s->params->set(s->plugin, info->id, value, (keel_str){length ? text : NULL, length},
                          &s->error);
}

static const char *setting(const rig *r, const char *name)
{
    size_t length = strnlen(name, 48);
    for (uint32_t i = 0; i < r->options.settings_count; i++) {
        const char *given = r->options.settings[i];
        if (!strncmp(given, name, length) && given[length] == '=') return given + length + 1;
    }
    return NULL;
}

static double choice(const keel_param_info *info, const char *wanted)
{
    double index = 0;
    size_t length = strlen(wanted);
    for (const char *at = info->choices; at && *at; index++) {
        if (!strncmp(at, wanted, length) && (at[length] == '|' || !at[length])) return index;
        at = strchr(at, '|');
        if (at) at++;
    }
    return info->initial;
}

/// One that has no default is given the least that its range allows.
keel_status subject_set_parameters(subject *s)
{
    uint32_t count = s->params ? s->params->count(s->plugin) : 0;
    for (uint32_t i = 0; i < count && i < PARAMETERS_MAX; i++) {
        keel_param_info info = parameter(s, i);
        const char *given = setting(s->rig, info.name);
        const char *text = given ? given : info.text;
        double value = info.flags & KEEL_PARAMF_REQUIRED ? info.min : info.initial;
        if (given && info.kind == KEEL_PARAM_ENUM) value = choice(&info, given);
        else if (given && info.kind == KEEL_PARAM_BOOLEAN) value = !strcmp(given, "true");
        else if (given) value = strtod(given, NULL);
        if (!given && info.kind == KEEL_PARAM_TEXT && info.flags & KEEL_PARAMF_REQUIRED) text = "x";
        size_t length = info.kind == KEEL_PARAM_TEXT ? strnlen(text, given ? 4096 : 128) : 0;
        keel_status status = set_parameter(s, &info, value, text, length);
        if (status != KEEL_OK) return status;
    }
    return KEEL_OK;
}

keel_status subject_activate(subject *s)
{
    s->error.text[0] = 0;
    keel_status status = s->plugin->activate(s->plugin, &s->error);
    s->is_active = status == KEEL_OK;
    if (!s->is_active || !s->interests) return status;
    keel_interests_info info = {.struct_size = sizeof info};
    if (s->interests->get(s->plugin, &info) == KEEL_OK) {
        s->wanted = info.types;
        s->bar_interval = info.bar_interval;
    }
    return status;
}

subject *subject_new(rig *r)
{
    subject *s = subject_create(r);
    if (!s) return NULL;
    keel_status status = subject_set_parameters(s);
    if (status == KEEL_OK) status = subject_activate(s);
    if (status == KEEL_OK) return s;
    skips(r, "it does not start with its defaults, give --set or --config: %s",
          s->error.text[0] ? s->error.text : status_name(status));
    subject_end(s);
    subject_free(s);
    return NULL;
}

void subject_deactivate(subject *s)
{
    if (s->is_active) s->plugin->deactivate(s->plugin);
    s->is_active = false;
}

void subject_end(subject *s)
{
    subject_deactivate(s);
    if (s->plugin) s->plugin->destroy(s->plugin);
    s->plugin = NULL;
}

void subject_free(subject *s)
{
    pthread_mutex_destroy(&s->feed_lock);
    free(s);
}

bool takes_batches(rig *r, const subject *s)
{
    if (s && !s->process) skips(r, "it is neither strategy nor alpha: no batches come");
    return s && s->process;
}
