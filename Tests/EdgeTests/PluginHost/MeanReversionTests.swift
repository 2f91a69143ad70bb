import Market
import PluginABI
import PluginBridge
import PluginHost
import TestSupport
import Testing

/// The sample strategy in C.
@Suite struct MeanReversionTests {
  let bench = PluginBench()

  private func strategy(isActive: Bool = true) throws -> PluginInstance {
    let instance = try bench.created(
      CPluginCompiler.compile("Plugins/Strategies/MeanReversion/mean_reversion.c"))
    try instance.set([("window", .integer(4)), ("quantity", .decimal(0.5))])
    if isActive { try instance.activate() }
    return instance
  }

  private let calm: [(bid: Int64, ask: Int64)] = [(99, 101), (100, 102), (99, 101), (100, 102)]

  private func intents(_ answer: Answer) -> [keel_intent] {
    answer.bytes.withUnsafeBytes { Array($0.bindMemory(to: keel_intent.self)) }
  }

  private func order(_ state: Int, intent: UInt64, id: UInt64 = 40) -> [UInt8] {
    var order = keel_ev_order()
    order.h = keel_event(
      Int(KEEL_EV_ORDER), of: keel_ev_order.self, instrument: InstrumentID(rawValue: 0))
    order.order_id = id
    order.intent_id = intent
    order.generation = 1
    order.state = UInt8(state)
    return withUnsafeBytes(of: order) { Array($0) }
  }

  @Test func buysFarBelowTheMeanAtTheBid() throws {
    let instance = try strategy()
    #expect(try instance.interests()?.warmupRecords == 4)
    #expect(instance.give(quotes: calm).bytes.isEmpty)
    let placed = intents(instance.give(quotes: [(80, 82)]))
    #expect(placed.count == 1)
    #expect(placed[0].h.type == UInt16(KEEL_IN_PLACE) && placed[0].side == UInt8(KEEL_BUY))
    #expect(placed[0].limit == 80 && placed[0].qty == 500, "0.5 at quantity exponent -3")
    #expect(instance.give(quotes: [(70, 72)]).bytes.isEmpty, "one order at a time")
  }

  @Test func cancelsWhatRestedTooLong() throws {
    let instance = try strategy()
    _ = instance.give(quotes: calm + [(120, 122)])
    #expect(instance.give(order(Int(KEEL_ORDER_ACCEPTED), intent: 1), count: 1).bytes.isEmpty)
    let waited = (0..<5).flatMap { step in
      intents(instance.give(quotes: [(120 + step % 2, 122 + step % 2)]))
    }
    #expect(waited.map(\.h.type) == [UInt16(KEEL_IN_CANCEL)])
    #expect(waited[0].order_id == 40)
    _ = instance.give(order(Int(KEEL_ORDER_CANCELLED), intent: 1), count: 1)
    #expect(intents(instance.give(quotes: [(60, 62)])).map(\.side) == [UInt8(KEEL_BUY)])
  }

  @Test func warmsUpWithoutTrading() throws {
    let instance = try strategy()
    #expect(instance.give(quotes: calm + [(80, 82)], mode: Int(KEEL_WARMUP)).bytes.isEmpty)
    #expect(instance.give(quotes: [(20, 22)]).types == [Int(KEEL_IN_PLACE)])
  }

  @Test func stateCarriesDecisionsAcross() throws {
    let old = try strategy()
    _ = old.give(quotes: calm + [(80, 82)])
    let state = try old.saveState(sequence: 5)
    let new = try strategy(isActive: false)
    try new.loadState(state, version: 1)
    try new.activate()
    #expect(try new.saveState(sequence: 5) == state)
    for quote: (Int64, Int64) in [(70, 72), (75, 77), (140, 142)] {
      #expect(new.give(quotes: [quote]).bytes == old.give(quotes: [quote]).bytes)
    }
  }

  @Test func untrustedStateIsRefused() throws {
    let old = try strategy()
    _ = old.give(quotes: calm)
    let state = try old.saveState(sequence: 1)
    for count in 0..<state.count {
      let new = try strategy(isActive: false)
      #expect(throws: PluginHostError.self) {
        try new.loadState(Array(state.prefix(count)), version: 1)
      }
      #expect(!new.isQuarantined)
    }
    for seed in 0..<UInt64(200) {
      var bytes = state
      let position = Int(seed &* 2_654_435_761 % UInt64(state.count))
      bytes[position] = bytes[position] ^ UInt8(truncatingIfNeeded: seed | 1)
      let new = try strategy(isActive: false)
      try? new.loadState(bytes, version: 1)
      #expect(!new.isQuarantined)
    }
  }
}
