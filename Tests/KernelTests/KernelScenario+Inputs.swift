import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// The words that go in. Facts: `quote P 99x5|101x5`, `trade P 100x3`, `bar P 100`, `halt P`,
/// `resume P`, `book P set buy 100x5 seq=7 prev=6 last`, also with `delete`, `clear`, `nothing`,
/// `snapshot`, `from=2` and `order=9`, `gap P from=2`, `deposit 2 1000`, `rate 4 2`,
/// `trading halted`, `kill`, `killflat`, `account 0 fee=500 amend`, `funding P 100 mark=50`,
/// `mark P 100`, `external buy P 5x100`, `closing sell P 5x100 fee=3`,
/// `found buy P 5x100 venue=V1`, `wait 5` (nanoseconds),
/// `ack #1` and other reports, `fill #1 2x101 exec=x fee=3`, `shadow 2`, `previous 1`, `switch`,
/// `rollback`, `retire`, `park`, `answered`, `operator cancelall`.
/// Answers of the code: `buy P 5x100 ioc post id=7`, `sell P 5`, `target P -5`, `cancel #1`,
/// `cancelall P`, `signal P 0.5`, `fault`, `late`; `2.` before one: slot 2, `c.`: the companion.
extension KernelScenario {
  func add(_ words: [String]) {
    guard var verb = words.first else { return }
    var script = live[Int(firstStrategy)]
    var slot = firstStrategy
    let parts = verb.split(separator: ".")
    if parts.count == 2 {
      verb = String(parts[1])
      if parts[0] == "c" {
        script = companions[Int(slot)]!
      } else {
        slot = UInt32(parts[0])!
        script = live[Int(slot)]
      }
    }
    let rest = Array(words.dropFirst())
    if addFact(verb, rest) || addSlotChange(verb, slot) { return }
    if verb == "fault" {
      script.fault()
    } else if verb == "late" {
      script.beLate()
    } else if verb == "signal" {
      script.answer(Self.signal(rest))
    } else {
      script.answer(intent(verb, rest))
    }
    wake(slot)
  }

  /// An answer needs a batch to answer.
  private func wake(_ slot: UInt32) {
    var timer = keel_ev_timer()
    timer.h = keel_event(KEEL_EV_TIMER, of: keel_ev_timer.self)
    timer.h.source = slot
    append(timer)
  }

  private func addFact(_ verb: String, _ rest: [String]) -> Bool {
    switch verb {
    case "quote": append(Self.quote(rest))
    case "trade": append(Self.trade(rest))
    case "bar": append(Self.bar(rest))
    case "book": append(Self.book(rest))
    case "gap": append(Self.gap(rest))
    case "halt": append(Self.status(rest, KEEL_HALTED))
    case "resume": append(Self.status(rest, KEEL_TRADING))
    case "deposit": append(Self.cash(UInt32(rest[0])!, Int128(rest[1])!))
    case "wait": now = now + Nanoseconds(Int64(rest[0])!)
    case "fill": append(fill(rest))
    case "external": append(external(rest))
    case "closing": append(external(rest, KEEL_FILL_CLOSING))
    case "found": append(found(rest))
    case "account": append(Self.account(rest))
    case "rate": append(Self.rate(rest))
    case "trading": append(Self.trading(rest))
    case "funding": append(Self.funding(rest, at: now))
    case "mark": append(Self.mark(rest))
    case "kill": append(Self.trading(KEEL_TRADING_HALTED, KEEL_TRADING_KILL, rest))
    case "killflat":
      append(
        Self.trading(
          KEEL_TRADING_HALTED, KEEL_TRADING_KILL | KEEL_TRADING_FLATTEN, rest))
    case "operator":
      var all = keel_intent(.cancelAll, rest.count > 1 ? ScenarioInstrument.id(rest[1]) : nil)
      all.h.source = firstStrategy
      append(all)
    default:
      guard let state = Self.reports[verb] else { return false }
      append(report(rest, state))
    }
    return true
  }

  private func addSlotChange(_ verb: String, _ slot: UInt32) -> Bool {
    let words = verb.split(separator: ":")
    let generation = words.count > 1 ? UInt32(words[1])! : 0
    switch words[0] {
    case "shadow":
      attachCompanion(.candidate, author: generation, to: slot)
      append(Self.change(slot, KEEL_SLOT_SHADOW, generation))
    case "switch":
      exchange(slot)
      append(Self.change(slot, KEEL_SLOT_SWITCHED, 0))
    case "rollback":
      exchange(slot)
      append(Self.change(slot, KEEL_SLOT_ROLLED_BACK, 0))
    case "answered": append(Self.change(slot, KEEL_SLOT_ANSWERED, 0))
    case "retire": append(Self.change(slot, KEEL_SLOT_RETIRED, 0))
    case "park": append(Self.change(slot, KEEL_SLOT_PARKED, 0))
    default: return false
    }
    return true
  }

  private static let reports: [String: OrderState] = [
    "ack": .accepted, "partly": .partiallyFilled, "filled": .filled, "cancelled": .cancelled,
    "rejected": .rejected, "expired": .expired, "unknown": .unknown, "pending": .pending,
  ]

  func orderID(_ word: String) -> UInt64 {
    let number = Int(word.dropFirst())!
    return number <= orderIDs.count ? orderIDs[number - 1] : UInt64(number) << 40
  }

  static func amount(_ word: String) -> (quantity: Int64, price: Int64?) {
    let parts = word.split(separator: "x")
    return (Int64(parts[0])!, parts.count > 1 ? Int64(parts[1])! : nil)
  }
  static func option(_ name: String, _ words: [String]) -> String? {
    words.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
  }

  func intent(_ verb: String, _ words: [String]) -> keel_intent {
    let kinds: [String: IntentKind] = [
      "target": .target, "cancel": .cancel, "cancelall": .cancelAll, "amend": .amend,
    ]
    let kind = kinds[verb] ?? .place
    let instrument = words.first.map(ScenarioInstrument.id)
    var intent = keel_intent(kind, words.first?.hasPrefix("#") == true ? nil : instrument)
    intent.intent_id = Self.option("id", words).flatMap(UInt64.init) ?? nextIntentID()
    if kind == .cancel || kind == .amend { intent.order_id = orderID(words[0]) }
    intent.tif = Self.option("tif", words).flatMap(UInt8.init) ?? UInt8(KEEL_GTC)
    if words.contains("ioc") { intent.tif = UInt8(KEEL_IOC) }
    if words.contains("post") { intent.flags |= UInt8(KEEL_INF_POST_ONLY) }
    if words.contains("reduce") { intent.flags |= UInt8(KEEL_INF_REDUCE_ONLY) }
    if words.contains("fok") { intent.tif = UInt8(KEEL_FOK) }
    if words.contains("day") { intent.tif = UInt8(KEEL_DAY) }
    if words.contains("long") { intent.position_side = UInt8(KEEL_POSITION_LONG) }
    if words.contains("short") { intent.position_side = UInt8(KEEL_POSITION_SHORT) }
    if let until = Self.option("gtd", words).flatMap(Int64.init) {
      intent.tif = UInt8(KEEL_GTD)
      intent.expires = until
    }
    for (name, link) in [("bracket", KEEL_LINK_BRACKET), ("oco", KEEL_LINK_OCO)] {
      guard let group = Self.option(name, words).flatMap(UInt64.init) else { continue }
      intent.link = UInt8(link)
      intent.link_id = group
    }
    if kind == .amend { amend(&intent, words) }
    guard kind == .place || kind == .target, words.count > 1 else { return intent }
    let (quantity, price) = Self.amount(words[1])
    intent.limit = price ?? KEEL_NULL
    intent.order_type = UInt8(price == nil ? KEEL_MARKET : KEEL_LIMIT)
    intent.side = (verb == "sell" || quantity < 0 ? Side.sell : .buy).rawValue
    intent.qty = kind == .target ? abs(quantity) : quantity
    setTrigger(&intent, words, isLimit: price != nil)
    return intent
  }

  /// `stop=95`, `take=110`, `touch=90`, `trail=5`: the type, and the price it waits for.
  private func setTrigger(_ intent: inout keel_intent, _ words: [String], isLimit: Bool) {
    let types = [
      ("stop", isLimit ? KEEL_STOP_LIMIT : KEEL_STOP), ("take", KEEL_TAKE_PROFIT),
      ("touch", KEEL_IF_TOUCHED),
    ]
    for (name, type) in types {
      guard let trigger = Self.option(name, words).flatMap(Int64.init) else { continue }
      intent.order_type = UInt8(type)
      intent.trigger = trigger
    }
    guard let trail = Self.option("trail", words).flatMap(Int64.init) else { return }
    intent.order_type = UInt8(KEEL_TRAILING_STOP)
    intent.trail = trail
  }

  private func amend(_ intent: inout keel_intent, _ words: [String]) {
    intent.limit = Self.option("limit", words).flatMap(Int64.init) ?? KEEL_NULL
    intent.trigger = Self.option("stop", words).flatMap(Int64.init) ?? KEEL_NULL
    intent.qty = Self.option("qty", words).flatMap(Int64.init) ?? 0
  }

  private func report(_ words: [String], _ state: OrderState) -> keel_ev_order {
    var record = keel_ev_order()
    record.h = keel_event(KEEL_EV_ORDER, of: keel_ev_order.self)
    record.order_id = orderID(words[0])
    record.state = state.rawValue
    record.reason =
      state == .rejected || words.contains("refused") ? UInt16(KEEL_REASON_VENUE) : 0
    if words.contains("missing") { record.reason = UInt16(KEEL_REASON_NOT_FOUND) }
    record.limit = Self.option("limit", words).flatMap(Int64.init) ?? KEEL_NULL
    record.trigger = Self.option("stop", words).flatMap(Int64.init) ?? KEEL_NULL
    record.average = Self.option("average", words).flatMap(Int64.init) ?? KEEL_NULL
    record.qty = Self.option("qty", words).flatMap(Int64.init) ?? 0
    record.filled = Self.option("filled", words).flatMap(Int64.init) ?? 0
    record.is_cumulative = words.contains("cumulative") ? 1 : 0
    return record
  }

  private func fill(_ words: [String]) -> keel_ev_fill {
    let (quantity, price) = Self.amount(words[1])
    var record = keel_ev_fill()
    record.h = keel_event(KEEL_EV_FILL, of: keel_ev_fill.self)
    record.order_id = orderID(words[0])
    record.px = price!
    record.qty = quantity
    record.fee = Self.option("fee", words).flatMap(Int64.init) ?? 0
    record.fee_asset = Self.option("in", words).flatMap(UInt32.init) ?? 2
    FixedText.write(Self.option("exec", words) ?? nextExecution(), to: &record.exec_id)
    return record
  }
}
