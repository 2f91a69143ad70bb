import PluginABI
import PluginTesting
import Testing

/// The SDK's side of the ABI, through the entry and the C tables, as a host meets it.
@Suite struct StrategyTests {
  private func recorder() throws -> FakeHost {
    let host = try FakeHost(Recorder.self)
    try host.activate()
    return host
  }

  @Test func tellsWhatItIs() throws {
    let host = try recorder()
    let descriptor = host.descriptor
    #expect(String(cString: descriptor.id) == "test.recorder")
    #expect(String(cString: descriptor.version) == "1.2.3")
    #expect(descriptor.kinds[0].map { String(cString: $0) } == KEEL_STRATEGY)
    #expect(descriptor.kinds[1] == nil)
    #expect(descriptor.state_version == 3 && descriptor.state_oldest == 2)
    let interests = try #require(host.interests)
    #expect(interests.types == 1 << KEEL_EV_QUOTE | 1 << KEEL_EV_BAR)
    #expect(interests.bar_interval == 60_000_000_000 && interests.warmup_records == 4)
  }

  @Test func declaresItsParametersOnce() throws {
    let host = try FakeHost(Recorder.self)
    let names = host.parameters.map { FixedText.read($0.name) }
    #expect(names == ["window", "amount", "strict", "mood", "label"])
    let kinds = host.parameters.map { Int($0.kind) }
    #expect(
      kinds == [
        KEEL_PARAM_INTEGER, KEEL_PARAM_DECIMAL, KEEL_PARAM_BOOLEAN, KEEL_PARAM_ENUM,
        KEEL_PARAM_TEXT,
      ])
    #expect(host.parameters[1].flags == UInt32(KEEL_PARAMF_LIVE))
    #expect(FixedText.read(host.parameters[3].choices) == "calm|wild")
    #expect(FixedText.read(host.parameters[4].text) == "none")
  }

  @Test(arguments: [
    ("window", 0.0, "window: 0 is outside 1 to 100; choose a value inside"),
    ("window", 1.5, "window: 1.500000 is outside 1 to 100; choose a value inside"),
    ("amount", .nan, "amount: nan is outside 0 to 10; choose a value inside"),
    ("mood", 2, "mood: 2 is outside 0 to 1; choose a value inside"),
  ])
  func refusesAParameter(_ name: String, _ value: Double, _ message: String) throws {
    let host = try FakeHost(Recorder.self)
    #expect(failure { () throws(PluginError) in try host.set(name, value) } == message)
  }

  @Test func refusesToStart() throws {
    let host = try FakeHost(Recorder.self)
    try host.set("strict", 1)
    #expect(host.send() == KEEL_E_STATE)
    let message = failure { () throws(PluginError) in try host.activate() }
    #expect(message == "strict was asked for; leave it out")
  }

  @Test func setsParametersBeforeItRunsOnly() throws {
    let host = try FakeHost(Recorder.self)
    try host.set("label", 0, text: "here")
    try host.set("mood", 0)
    try host.activate()
    host.send(.quote(1, 2))
    #expect(host.log == ["quote 1 here 0"])
    #expect(failure { () throws(PluginError) in try host.set("mood", 1) } != nil)
  }

  @Test func dispatchesByType() throws {
    let host = try recorder()
    host.send(
      .quote(10, 12), .trade(11), .bar(13), .position(-3), .gap(2), .parameter(1, 2.5),
      .parameter(1, 99), .parameter(0, 9), .parameter(50, 1), .timer(50, due: 0))
    #expect(
      host.log == [
        "quote 1 none 1", "trade 11", "bar 13", "position -3", "gap 2", "amount 2.50",
        "timer 50 dropped 0",
      ])
    #expect(host.send() == KEEL_OK)
  }

  @Test func intentsCarryWhatWasMeant() throws {
    let host = try recorder()
    host.send(.timer(1, due: 0), .timer(2, due: 0), .timer(4, due: 0), .timer(5, due: 0))
    #expect(
      host.intents.map { Int($0.h.type) } == [
        KEEL_IN_PLACE, KEEL_IN_PLACE, KEEL_IN_TARGET, KEEL_IN_CANCEL_ALL,
      ])
    #expect(host.intents.map(\.intent_id) == [1, 2, 3, 4])
    #expect(host.intents[0].limit == 100 && host.intents[0].qty == 5)
    #expect(Int(host.intents[0].order_type) == KEEL_LIMIT && Int(host.intents[0].tif) == KEEL_GTC)
    #expect(host.intents[1].limit == KEEL_NULL && Int(host.intents[1].side) == KEEL_SELL)
    #expect(Int(host.intents[1].flags) == KEEL_INF_REDUCE_ONLY)
    #expect(host.intents[3].h.inst == KEEL_NO_INST)
    host.send(.timer(6, due: 0))
    #expect(host.timers == [77: 2_000_000_000])
  }

  @Test func aFullSinkIsToldAndUsesNoID() throws {
    let host = try recorder()
    host.capacity = 1
    host.send(.timer(4, due: 0), .timer(4, due: 0), .timer(50, due: 0))
    #expect(host.intents.map(\.intent_id) == [1])
    #expect(host.log == ["timer 50 dropped 1"])
    host.send(.timer(4, due: 0))
    #expect(host.intents.map(\.intent_id) == [1, 2])
  }

  @Test func followsItsOrders() throws {
    let host = try recorder()
    host.send(.timer(1, due: 0), .timer(3, due: 0))
    // Not answered yet, so there is nothing to cancel by.
    #expect(host.intents.count == 1)
    let placed = host.intents[0]
    host.send(.order(900, for: placed, .accepted), .timer(7, due: 0), .timer(3, due: 0))
    #expect(host.intents.count == 3)
    #expect(host.intents[1].order_id == 900 && host.intents[1].limit == 99)
    #expect(Int(host.intents[2].h.type) == KEEL_IN_CANCEL && host.intents[2].order_id == 900)
    host.send(.timer(3, due: 0))
    #expect(host.intents.count == 3, "one cancel is enough")
    host.send(.order(900, for: placed, .cancelled))
    #expect(host.log == ["order 900 open 1", "order 900 open 0"])
  }

  @Test func shadowWaitsForNoAnswer() throws {
    let host = try recorder()
    host.mode = .shadow
    host.send(.timer(1, due: 0))
    var other = host.intents[0]
    other.intent_id = 1
    host.send(.order(4, for: other, .accepted, isInherited: true))
    #expect(host.log == ["order 4 open 1"], "only the order that exists")
  }

  /// Another generation counts its intents from one, too.
  @Test func anInheritedOrderIsNotItsOwn() throws {
    let host = try recorder()
    host.send(.timer(1, due: 0))
    host.send(.order(4, for: host.intents[0], .accepted, isInherited: true))
    #expect(host.log == ["order 4 open 2"])
  }

  @Test func aDamagedBatchIsRefused() throws {
    let host = try recorder()
    var header = FakeEvent.quote(1, 2).header
    header.size = 4096
    #expect(host.send(FakeEvent(header)) == KEEL_E_ARG)
    header.size = 40
    #expect(host.send(FakeEvent(header)) == KEEL_OK, "too short for its type: skipped")
    #expect(host.log.isEmpty)
  }

  @Test func barStrategyTakesFourSteps() throws {
    let host = try FakeHost(Breakout.self)
    try host.activate()
    host.send(.bar(10), .bar(10), .bar(12))
    #expect(host.intents.map(\.qty) == [100_000])
    #expect(Int(host.intents[0].side) == KEEL_BUY)
    host.send(.position(100_000), .bar(13))
    #expect(host.intents.count == 1)
    host.send(.bar(9))
    #expect(host.intents.map(\.qty) == [100_000, 0])
    host.mode = .drain
    host.send(.position(0), .bar(20))
    #expect(host.intents.count == 2, "no new exposure while draining")
  }

  @Test func anExchangeAdapterAnswers() throws {
    let host = try FakeHost(Acceptor.self)
    try host.activate()
    var order = keel_order()
    order.h = keel_event(KEEL_CMD_SUBMIT, of: keel_order.self)
    order.order_id = 31
    #expect(host.command(order) == KEEL_OK)
    let report = try #require(host.published.first?.read(keel_ev_order.self))
    #expect(report.order_id == 31 && Int(report.state) == KEEL_ORDER_ACCEPTED)
    order.h.type = UInt16(KEEL_CMD_AMEND)
    #expect(host.command(order) == KEEL_E_UNSUPPORTED)
  }
}

/// What it threw, as text; nil when it did not.
func failure(_ body: () throws(PluginError) -> Void) -> String? {
  do throws(PluginError) {
    try body()
    return nil
  } catch {
    return error.message
  }
}

private struct Breakout: BarStrategy {
  static var info: PluginInfo {
    PluginInfo(id: "test.breakout", name: "Breakout", version: "1.0")
  }
  private var extremes = RollingExtremes(2)

  init(_ setup: inout Setup) throws(PluginError) {}

  mutating func indicators(_ bar: Bar) -> (high: Double, low: Double)? {
    defer { extremes.push(Double(bar.close.mantissa)) }
    guard extremes.isFull, let high = extremes.max, let low = extremes.min else { return nil }
    return (high, low)
  }
  func entry(_ seen: (high: Double, low: Double), _ bar: Bar) -> Side? {
    Double(bar.close.mantissa) > seen.high ? .buy : nil
  }
  func exit(_ seen: (high: Double, low: Double), _ bar: Bar, holding: Side) -> Bool {
    Double(bar.close.mantissa) < seen.low
  }
  func size(
    _ seen: (high: Double, low: Double), _ bar: Bar, _ instrument: Instrument
  ) -> Quantity { instrument.quantity(1) ?? .zero }
}

private struct Acceptor: ExchangeAdapter {
  static var info: PluginInfo {
    PluginInfo(id: "test.acceptor", name: "Acceptor", version: "1.0")
  }
  init(_ setup: inout Setup) throws(PluginError) {}
  mutating func submit(_ order: VenueOrder, _ reports: inout Feed) -> Bool {
    reports.reportOrder(order, at: reports.now, state: .accepted)
  }
  mutating func amend(_ order: VenueOrder, _ reports: inout Feed) -> Bool { false }
  mutating func cancel(_ order: VenueOrder, _ reports: inout Feed) -> Bool { false }
  mutating func reconcile(since: Timestamp, _ reports: inout Feed) -> Bool { true }
}
