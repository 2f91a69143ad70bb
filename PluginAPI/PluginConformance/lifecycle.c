// create -> activate -> deactivate -> destroy, in every legal way.
#include "rig.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static const char in_order[] = "make create, activate, deactivate and destroy work in every "
      "legal order";

static void run_lifecycle(rig *r)
{
    subject *s = subject_new(r);
    if (!s) return;
    for (int round = 0; round < 3; round++) {
        step(r, "deactivating, round %d", round);
        keel_status status = s->plugin->deactivate(s->plugin);
        s->is_active = false;
        if (status != KEEL_OK)
            return fails(r, in_order, "deactivate answers %s", status_name(status));
        step(r, "activating again, round %d", round);
        if ((status = subject_activate(s)) != KEEL_OK)
            return fails(r, in_order, "activated again, it answers %s", status_name(status));
    }
    step(r, "destroying it, inactive");
    subject_end(s);
}

static void run_unused(rig *r)
{
    step(r, "creating and destroying, never activated");
    subject *s = subject_create(r);
    if (s) subject_end(s);
    s = subject_create(r);
    if (!s) return;
    step(r, "setting parameters, then destroying, never activated");
    if (subject_set_parameters(s) != KEEL_OK) skips(r, "its defaults are refused: %s",
          s->error.text);
    subject_end(s);
}

enum { MANY = 32 };
static void run_many(rig *r)
{
    subject *all[MANY] = {0};
    for (int i = 0; i < MANY; i++) {
        step(r, "creating instance %d beside the others", i + 1);
        if (!(all[i] = subject_new(r))) {
            if (i > 0)
                fails(r, "keep nothing of an instance in globals", "instance %d is refused beside "
                      "%d others: %s", i + 1, i, r->result.evidence);
            return;
        }
        for (int j = 0; j < i; j++)
            if (all[j]->plugin == all[i]->plugin)
                return fails(r, "allocate each instance", "create gives the same plugin twice");
    }
    for (int i = 0; i < MANY; i++) {
        int which = (i * 7 + 3) % MANY;
        step(r, "destroying instance %d while others live", which + 1);
        subject_end(all[which]);
    }
}

static void run_unknown(rig *r)
{
    keel_plugin *made = NULL;
    keel_host host = {.struct_size = sizeof host, .abi_minor = KEEL_ABI_DRAFT};
    keel_error error = {.struct_size = sizeof error};
    step(r, "creating a plugin that it does not describe");
    keel_status status = r->entry->create(&host, "com.example.nobody", (keel_str){0}, &made,
          &error);
    if (status == KEEL_OK || made)
        return fails(r, "compare id with what describe() names, and answer KEEL_E_ARG",
                     "create(\"com.example.nobody\") answers %s%s", status_name(status),
                     made ? " and a plugin" : "");
    subject *s = subject_create(r);
    if (!s) return;
    step(r, "asking for an extension that nobody has");
    if (s->plugin->extension(s->plugin, "com.example.nothing/9"))
        fails(r, "answer NULL for an id that is not known",
              "extension(\"com.example.nothing/9\") is not NULL");
    subject_end(s);
}

static void run_config(rig *r)
{
    static const char *const texts[] =
          {"{}", "{", "[]", "null", "{\"a\":", "\xff\xfe", "{\"a\":1e999}",
                                        "                                "};
    const char *usual = r->options.config;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        step(r, "creating with the configuration %s", texts[i]);
        r->options.config = texts[i];
        conformance_result before = r->result;
        subject *s = subject_create(r);
        r->result = before;
        if (s) subject_end(s);
    }
    r->options.config = usual;
}

/// A host of a later minor version: its structs are longer, and what is behind is not read.
static void run_newer_host(rig *r)
{
    struct { keel_host host; uint8_t more[64]; } later = {0};
    subject *s = subject_create(r);
    if (!s) return;
    later.host = s->host;
    later.host.struct_size = sizeof later;
    memset(later.more, 0xee, sizeof later.more);
    subject_end(s);
    keel_plugin *made = NULL;
    keel_str config = {r->options.config[0] ? r->options.config : NULL, strlen(r->options.config)};
    step(r, "creating with the host of a later version");
    keel_status status = r->entry->create(&later.host, r->desc->id, config, &made, &s->error);
    if (status != KEEL_OK || !made)
        return fails(r, "ask whether struct_size is large enough, not whether it is equal",
                     "create refuses a keel_host that has grown: %s", status_name(status));
    made->destroy(made);
}

static void run_late(rig *r)
{
    subject *s = subject_new(r);
    if (!s) return;
    market m = market_new(r->options.seed);
    if (s->process) subject_trade(s, &m, 20, 8);
    step(r, "deactivating and destroying");
    subject_end(s);
    unsigned before = s->host_calls;
    nanosleep(&(struct timespec){.tv_nsec = 60000000}, NULL);
    if (s->host_calls != before)
        fails(r, "join threads in deactivate, and keep no host behind destroy",
              "it called its host %u times within 60 ms of destroy", s->host_calls - before);
}

const conformance_test lifecycle_tests[] = {
    {"lifecycle", "An instance is activated and deactivated again and again, then destroyed.", 5, 1,
     run_lifecycle},
    {"unused", "An instance that was never activated can be destroyed.", 5, 1, run_unused},
    {"many-instances", "Instances live beside each other and end in any order.", 5, 1, run_many},
    {"unknown-names", "An id or an extension that it does not have is refused.", 5, 1, run_unknown},
    {"config-text", "No text in the place of its configuration makes create crash.", 5, 1,
          run_config},
    {"newer-host", "A host whose structs have grown is as good as today's.", 5, 1, run_newer_host},
    {"late-calls", "After destroy returns it calls its host no more.", 5, 1, run_late},
    {0},
};
