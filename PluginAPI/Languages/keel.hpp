// The headers for C++17: a plugin is a struct with handlers, and one line that exports it. Header
// only; no exceptions, no run-time types and no standard library behind it, so that the plugin needs
// libc alone.
#ifndef KEEL_HPP
#define KEEL_HPP

#include <keel/keel.h>
#include <math.h>
#include <new>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace keel {

struct Info {
  const char *id, *name, *vendor, *version;
  uint32_t state_version = 0; // 0: it keeps no state
  uint32_t flags = KEEL_PF_DETERMINISTIC;
};

// Declarations of parameters, for `static constexpr keel_param_info parameters[]`.
constexpr void copy(char *to, const char *from, size_t room) {
  for (size_t i = 0; i + 1 < room && from[i]; i++) to[i] = from[i];
}
constexpr keel_param_info parameter(uint32_t kind, uint32_t id, const char *name, double initial,
                                    double least, double most, const char *about) {
  keel_param_info info{};
  info.struct_size = sizeof info;
  info.id = id, info.kind = kind, info.min = least, info.max = most, info.initial = initial;
  copy(info.name, name, sizeof info.name);
  copy(info.about, about, sizeof info.about);
  return info;
}
constexpr keel_param_info integer(uint32_t id, const char *name, double initial, double least,
                                  double most, const char *about) {
  return parameter(KEEL_PARAM_INTEGER, id, name, initial, least, most, about);
}
constexpr keel_param_info decimal(uint32_t id, const char *name, double initial, double least,
                                  double most, const char *about) {
  return parameter(KEEL_PARAM_DECIMAL, id, name, initial, least, most, about);
}

template <class Record> Record record(uint16_t type, keel_inst inst) {
  Record made;
  memset(&made, 0, sizeof made);
  made.h.size = sizeof made, made.h.type = type, made.h.inst = inst;
  return made;
}

struct Host {
  const keel_host *raw = nullptr;
  keel_ns now() const { return raw->now(raw); }
  const keel_ev_instrument *instrument(keel_inst id) const { return raw->instrument(raw, id); }
  void log(int32_t level, const char *text) const { raw->log(raw, level, {text, strlen(text)}); }
  keel_status timer(uint64_t id, keel_ns due) const { return raw->timer(raw, id, due); }
};

// One batch: when it is, and where answers go. A call answers false when the sink has no room.
struct Context {
  const keel_batch *batch;
  const keel_sink *sink;
  keel_ns now() const { return batch->now; }
  bool is_live() const { return batch->mode == KEEL_LIVE || batch->mode == KEEL_DRAIN; }
  template <class Record> bool push(const Record &made) const {
    return sink->push(sink, &made, sizeof made) == KEEL_OK;
  }
  // Hold this much on this side; 0 is flat. `id` is yours, and never used twice.
  bool target(uint64_t id, uint8_t side, keel_qty quantity, keel_inst inst) const {
    auto intent = record<keel_intent>(KEEL_IN_TARGET, inst);
    intent.intent_id = id, intent.side = side, intent.qty = quantity;
    intent.limit = intent.trigger = intent.expires = KEEL_NULL;
    return push(intent);
  }
  bool limit(uint64_t id, uint8_t side, keel_qty quantity, keel_px price, keel_inst inst) const {
    auto intent = record<keel_intent>(KEEL_IN_PLACE, inst);
    intent.intent_id = id, intent.side = side, intent.qty = quantity, intent.limit = price;
    intent.trigger = intent.expires = KEEL_NULL;
    intent.order_type = KEEL_LIMIT, intent.tif = KEEL_GTC;
    return push(intent);
  }
  bool signal(keel_inst inst, double score, double confidence, keel_ns horizon) const {
    auto signal = record<keel_signal>(KEEL_EV_SIGNAL, inst);
    signal.score = fmax(-1, fmin(1, score)), signal.confidence = fmax(0, fmin(1, confidence));
    signal.horizon = horizon;
    return push(signal);
  }
};

// What a plugin may leave out. `State` is what survives a swap: whole words without padding.
struct Plugin {
  struct State {};
  static constexpr uint32_t parameters_count = 0;
  static constexpr const keel_param_info *parameters = nullptr;
  Host host;
  State state;
  void set(uint32_t, double) {}
  // Whether bytes from who knows where can be a state.
  static bool accepts(const State &) { return true; }
  keel_status activate() { return KEEL_OK; }
  keel_status deactivate() { return KEEL_OK; }
};

// Strategies and alphas.
struct Model : Plugin {
  uint64_t wanted() const { return KEEL_MASK(KEEL_EV_QUOTE); }
  keel_ns bar_interval() const { return 0; }
  uint32_t warmup_records() const { return 0; }
  void on_quote(const keel_ev_quote &, const Context &) {}
  void on_trade(const keel_ev_trade &, const Context &) {}
  void on_bar(const keel_ev_bar &, const Context &) {}
  void on_order(const keel_ev_order &, const Context &) {}
  void on_fill(const keel_ev_fill &, const Context &) {}
  void on_position(const keel_ev_position &, const Context &) {}
  void on_signal(const keel_signal &, const Context &) {}
  void on_timer(const keel_ev_timer &, const Context &) {}
  void on_other(const keel_event &, const Context &) {}
};
struct Strategy : Model { static constexpr const char *kind = KEEL_STRATEGY; };
struct Alpha : Model { static constexpr const char *kind = KEEL_ALPHA; };

struct Feed {
  const keel_feed *raw = nullptr;
  template <class Record> bool publish(const Record &made) const {
    return raw && raw->publish(raw, &made, sizeof made) == KEEL_OK;
  }
};
struct Data : Plugin {
  static constexpr const char *kind = KEEL_DATA;
  Feed feed;
};
struct Exchange : Plugin {
  static constexpr const char *kind = KEEL_EXCHANGE;
  Feed feed;
};

// From here on: what stands behind KEEL_PLUGIN.
inline keel_status fail(keel_error *error, keel_status code, const char *text) {
  if (error) {
    error->code = code;
    snprintf(error->text, sizeof error->text, "%s", text);
  }
  return code;
}
inline int64_t move_all(const keel_stream *stream, void *buffer, size_t n) {
  for (auto *at = static_cast<uint8_t *>(buffer); n > 0;) {
    int64_t moved = stream->io(stream, at, n);
    if (moved <= 0) return moved;
    at += moved, n -= static_cast<size_t>(moved);
  }
  return 1;
}

template <class T> struct Export {
  struct Instance {
    keel_plugin plugin;
    T model;
  };
  static T &of(keel_plugin *p) { return static_cast<Instance *>(p->self)->model; }

  static void dispatch(T &m, const keel_event *h, const Context &c) {
    switch (h->type) {
    case KEEL_EV_QUOTE: return m.on_quote(*reinterpret_cast<const keel_ev_quote *>(h), c);
    case KEEL_EV_TRADE: return m.on_trade(*reinterpret_cast<const keel_ev_trade *>(h), c);
    case KEEL_EV_BAR: return m.on_bar(*reinterpret_cast<const keel_ev_bar *>(h), c);
    case KEEL_EV_ORDER: return m.on_order(*reinterpret_cast<const keel_ev_order *>(h), c);
    case KEEL_EV_FILL: return m.on_fill(*reinterpret_cast<const keel_ev_fill *>(h), c);
    case KEEL_EV_POSITION: return m.on_position(*reinterpret_cast<const keel_ev_position *>(h), c);
    case KEEL_EV_SIGNAL: return m.on_signal(*reinterpret_cast<const keel_signal *>(h), c);
    case KEEL_EV_TIMER: return m.on_timer(*reinterpret_cast<const keel_ev_timer *>(h), c);
    default: return m.on_other(*h, c);
    }
  }
  static keel_status process(keel_plugin *p, const keel_batch *in, const keel_sink *sink) noexcept {
    Context context{in, sink};
    auto *at = static_cast<const uint8_t *>(in->events);
    for (uint32_t i = 0; i < in->count; i++) {
      auto *h = reinterpret_cast<const keel_event *>(at);
      dispatch(of(p), h, context);
      at += h->size;
    }
    return KEEL_OK;
  }
  static keel_status interests(keel_plugin *p, keel_interests_info *out) {
    out->types = of(p).wanted(), out->bar_interval = of(p).bar_interval();
    out->warmup_records = of(p).warmup_records();
    return KEEL_OK;
  }

  static keel_status attach(keel_plugin *p, const keel_feed *feed) {
    of(p).feed.raw = feed;
    return KEEL_OK;
  }
  static keel_status subscribe(keel_plugin *p, keel_inst inst, uint64_t types, keel_ns interval) {
    return of(p).subscribe(inst, types, interval);
  }
  static keel_status unsubscribe(keel_plugin *p, keel_inst inst, uint64_t types, keel_ns interval) {
    return of(p).unsubscribe(inst, types, interval);
  }
  static keel_status poll(keel_plugin *p, keel_ns until, keel_ns *next) {
    return of(p).poll(until, *next);
  }
  static keel_status submit(keel_plugin *p, const keel_order *o) noexcept { return of(p).submit(*o); }
  static keel_status amend(keel_plugin *p, const keel_order *o) noexcept { return of(p).amend(*o); }
  static keel_status cancel(keel_plugin *p, const keel_order *o) noexcept { return of(p).cancel(*o); }
  static keel_status query(keel_plugin *p, const keel_order *o) noexcept { return of(p).query(*o); }
  static keel_status reconcile(keel_plugin *p, keel_ns since) { return of(p).reconcile(since); }

  static uint32_t params_count(keel_plugin *) { return T::parameters_count; }
  static keel_status params_info(keel_plugin *, uint32_t index, keel_param_info *out) {
    if (index >= T::parameters_count || out->struct_size < sizeof *out) return KEEL_E_ARG;
    *out = T::parameters[index];
    return KEEL_OK;
  }
  static keel_status params_set(keel_plugin *p, uint32_t id, double value, keel_str,
                                keel_error *error) {
    for (uint32_t i = 0; i < T::parameters_count; i++) {
      const keel_param_info &info = T::parameters[i];
      if (info.id != id) continue;
      if (!(value >= info.min && value <= info.max))
        return fail(error, KEEL_E_ARG, "the value is outside the declared range");
      of(p).set(id, value);
      return KEEL_OK;
    }
    return fail(error, KEEL_E_ARG, "there is no such parameter");
  }

  static keel_status save(keel_plugin *p, const keel_stream *out, uint64_t) {
    int64_t moved = move_all(out, &of(p).state, sizeof of(p).state);
    return moved == 1 ? KEEL_OK : moved < 0 ? static_cast<keel_status>(moved) : KEEL_E_IO;
  }
  static keel_status load(keel_plugin *p, const keel_stream *in, uint32_t version,
                          keel_error *error) {
    if (version != T::info.state_version)
      return fail(error, KEEL_E_VERSION, "this state is of a version that is not read");
    typename T::State state{};
    uint8_t one;
    int64_t moved = move_all(in, &state, sizeof state);
    if (moved < 0)
      return fail(error, static_cast<keel_status>(moved), "the state could not be read");
    if (moved == 0 || in->io(in, &one, 1) != 0 || !T::accepts(state))
      return fail(error, KEEL_E_ARG, "these bytes are no state of this plugin");
    of(p).state = state;
    return KEEL_OK;
  }

  // The one table of this kind: others have no such handlers.
  static const void *table() {
    static constexpr bool is_model = __is_base_of(Model, T);
    if constexpr (is_model) {
      // Strategies and alphas have tables of one shape.
      static const keel_strategy made = {sizeof(keel_strategy), 0, process};
      return &made;
    } else if constexpr (__is_base_of(Data, T)) {
      static const keel_data made = {sizeof made, 0, attach, subscribe, unsubscribe, poll};
      return &made;
    } else {
      static const keel_exchange made = {sizeof made, 0, attach, submit, amend, cancel, query,
                                         reconcile};
      return &made;
    }
  }
  static const void *extension(keel_plugin *, const char *id) {
    if (!strcmp(id, T::kind)) return table();
    if constexpr (__is_base_of(Model, T)) {
      static const keel_interests made = {sizeof made, 0, interests};
      if (!strcmp(id, KEEL_INTERESTS)) return &made;
    }
    static const keel_params params = {sizeof params, 0, params_count, params_info, params_set};
    static const keel_state state = {sizeof state, 0, save, load};
    if (T::parameters_count && !strcmp(id, KEEL_PARAMS)) return &params;
    return T::info.state_version && !strcmp(id, KEEL_STATE) ? &state : nullptr;
  }

  static const keel_descriptor *describe(uint32_t index) {
    static const char *const kinds[] = {T::kind, nullptr};
    static const keel_descriptor made = {
        sizeof made, T::info.flags, T::info.id, T::info.name, T::info.vendor, T::info.version,
        kinds, T::info.state_version ? T::info.id : "", T::info.state_version,
        T::info.state_version};
    return index ? nullptr : &made;
  }
  static keel_status activate(keel_plugin *p, keel_error *) { return of(p).activate(); }
  static keel_status deactivate(keel_plugin *p) { return of(p).deactivate(); }
  static void destroy(keel_plugin *p) {
    of(p).~T();
    free(p->self);
  }
  static keel_status create(const keel_host *host, const char *id, keel_str, keel_plugin **out,
                            keel_error *error) {
    if (strcmp(id, T::info.id)) return fail(error, KEEL_E_ARG, "there is no such plugin here");
    void *memory = calloc(1, sizeof(Instance));
    if (!memory) return fail(error, KEEL_E_FULL, "there is no memory left");
    auto *made = new (memory) Instance();
    made->plugin = {sizeof made->plugin, 0, describe(0), made, activate, deactivate, destroy,
                    extension};
    made->model.host.raw = host;
    for (uint32_t i = 0; i < T::parameters_count; i++)
      made->model.set(T::parameters[i].id, T::parameters[i].initial);
    *out = &made->plugin;
    return KEEL_OK;
  }
  static keel_status init(const char *) { return KEEL_OK; }
  static void deinit() {}
  static uint32_t count() { return 1; }
  static const keel_entry *entry() {
    static const keel_entry made = {sizeof made, KEEL_ABI_MAJOR, KEEL_ABI_DRAFT, init, deinit,
                                    count, describe, create};
    return &made;
  }
};

} // namespace keel

// Exports the plugin of this library.
#define KEEL_PLUGIN(Type)                                     \
  extern "C" KEEL_EXPORT const keel_entry *keel_entry_v0() {  \
    return keel::Export<Type>::entry();                       \
  }

#endif
