import PluginABI
import PluginTesting
import Testing

/// The crossover strategies as built, and the hand-over from one version to the next.
@Suite struct CrossoverTests {
  private func host(_ name: String) throws -> FakeHost {
    let host = try FakeHost(library: Workbench.library(name))
    try host.set("fast", 2)
    try host.set("slow", 4)
    return host
  }

  /// Rises, so that the short average stands above the long one.
  private func rise(_ host: FakeHost, from start: Int64 = 1000) {
    for bid in stride(from: start, to: start + 40, by: 10) { host.send(.quote(bid, bid + 2)) }
  }

  @Test func refusesCrossedAverages() throws {
    let host = try FakeHost(library: Workbench.library("SMACrossover"))
    try host.set("fast", 50)
    let message = failure { () throws(PluginError) in try host.activate() }
    #expect(message == "fast must be below slow; lower it")
  }

  @Test func restsAtItsOwnSideAndFollowsTheMarket() throws {
    let host = try host("SMACrossover")
    try host.activate()
    rise(host)
    #expect(host.intents.count == 1)
    let buy = host.intents[0]
    #expect(Int(buy.side) == KEEL_BUY && buy.limit == 1030 && buy.qty == 1000)
    host.send(.order(5, for: buy, .accepted), .quote(1030, 1032))
    #expect(host.intents.count == 1, "it rests")
    host.send(.quote(1040, 1042))
    #expect(host.intents.count == 2 && Int(host.intents[1].h.type) == KEEL_IN_CANCEL)
    host.send(.order(5, for: buy, .cancelled), .quote(1040, 1042))
    #expect(host.intents.count == 3 && host.intents[2].limit == 1040)
    host.send(.order(6, for: host.intents[2], .filled, filled: 1000), .position(1000))
    for step in 0..<6 { host.send(.quote(1000 - Int64(step) * 10, 1002 - Int64(step) * 10)) }
    let sell = try #require(host.intents.last)
    #expect(Int(sell.side) == KEEL_SELL && sell.qty == 1000)
  }

  @Test func pausesAfterARefusal() throws {
    let host = try host("SMACrossover")
    try host.activate()
    rise(host)
    host.send(.order(0, for: host.intents[0], .refused), .quote(1040, 1042))
    #expect(host.intents.count == 1)
    host.now += 1_000_000_000
    host.send(.quote(1050, 1052))
    #expect(host.intents.count == 2)
  }

  @Test(arguments: ["SMACrossover2", "SMACrossoverFaulty"])
  func theNextVersionReadsTheFirst(_ name: String) throws {
    let old = try host("SMACrossover")
    try old.activate()
    rise(old)
    old.send(.order(5, for: old.intents[0], .accepted))
    let new = try host(name)
    try new.loadState(old.saveState(), version: 1)
    try new.activate()
    new.mode = .shadow
    #expect(new.send(.quote(1030, 1032)) == KEEL_OK)
    let again = try host(name)
    try again.loadState(new.saveState(), version: 2)
  }

  /// What a swap looks like from inside the new version: with the old one's state or warmed up
  /// from history, then told by the host what the old one left. That is moved, not doubled.
  @Test(arguments: [true, false]) func theNextVersionAdoptsTheRestingOrder(_ hasState: Bool) throws
  {
    let old = try host("SMACrossover")
    try old.activate()
    rise(old)
    let resting = old.intents[0]
    old.send(.order(5, for: resting, .accepted))
    let new = try successor(to: hasState ? old : nil)
    new.send(FakeEvent.order(5, for: resting, .accepted, isInherited: true).snapshot)
    new.mode = .shadow
    for step in 0..<6 { new.send(.quote(1030 + Int64(step), 1032 + Int64(step))) }
    new.clear()
    new.mode = .live
    new.generation = 2
    new.send(.quote(1040, 1042))
    #expect(new.intents.count == 1)
    #expect(Int(new.intents[0].h.type) == KEEL_IN_CANCEL && new.intents[0].order_id == 5)
    new.send(.order(5, for: resting, .cancelled, isInherited: true), .quote(1041, 1043))
    #expect(new.intents.count == 2 && new.intents[1].limit == 1041)
    new.send(.order(6, for: new.intents[1], .pending), .quote(1041, 1043))
    #expect(new.intents.count == 2, "its own order rests")
  }

  @Test(arguments: [true, false]) func theNextVersionAdoptsThePosition(_ hasState: Bool) throws {
    let old = try host("SMACrossover")
    try old.activate()
    rise(old)
    old.send(.order(5, for: old.intents[0], .filled, filled: 1000), .position(1000))
    let new = try successor(to: hasState ? old : nil)
    new.send(FakeEvent.position(1000).snapshot)
    new.clear()
    new.mode = .live
    new.generation = 2
    rise(new, from: 1040)
    #expect(new.intents.isEmpty, "it holds what it wants")
    for step in 0..<6 { new.send(.quote(1000 - Int64(step) * 10, 1002 - Int64(step) * 10)) }
    let sell = try #require(new.intents.first)
    #expect(Int(sell.side) == KEEL_SELL && sell.qty == 1000)
  }

  /// Warming up, as the host leaves it before it tells what is open.
  private func successor(to old: FakeHost?) throws -> FakeHost {
    let new = try host("SMACrossover2")
    if let old { try new.loadState(old.saveState(), version: 1) }
    try new.activate()
    new.mode = .warmup
    if old == nil { rise(new) }
    return new
  }

  @Test func aWildMarketIsNotEntered() throws {
    let host = try host("SMACrossover2")
    try host.set("volatilityMax", 1)
    try host.activate()
    for step in 0..<9 {
      let bid = 1000 + Int64(step * step) * 10
      host.send(.quote(bid, bid + 2))
    }
    #expect(host.intents.isEmpty)
  }

  @Test func theFaultyOneBehavesUntilItTrades() throws {
    let host = try host("SMACrossoverFaulty")
    try host.activate()
    for mode in [Mode.warmup, .shadow] {
      host.mode = mode
      for step in 0..<100 { #expect(host.send(.quote(1000 + Int64(step), 1002)) == KEEL_OK) }
    }
    host.mode = .live
    for step in 0..<19 { #expect(host.send(.quote(1000 + Int64(step), 1002)) == KEEL_OK) }
  }

  @Test func theFaultyOneTrapsAtItsTwentiethLiveBatch() async throws {
    await #expect(processExitsWith: .failure) {
      let host = try FakeHost(library: Workbench.library("SMACrossoverFaulty"))
      try host.activate()
      for step in 0..<20 { host.send(.quote(1000 + Int64(step), 1002)) }
      // Reached only when the trap did not come.
      print("it went on")
    }
  }
}
