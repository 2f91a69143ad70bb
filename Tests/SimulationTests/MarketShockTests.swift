import Market
import PluginABI
import PluginBridge
import Testing

@testable import Simulation

/// What a scenario makes of single records.
@Suite struct MarketShockTests {
  private static let second: Int64 = 1_000_000_000

  private func quote(
    at seconds: Int64, bid: Int64, ask: Int64, quantity: Int64 = 100, _ shock: MarketShock,
    tick: Int64 = 1
  ) -> (bid: Int64, ask: Int64, quantity: Int64) {
    var quote = keel_ev_quote()
    quote.h = keel_event(
      KEEL_EV_QUOTE, of: keel_ev_quote.self, instrument: InstrumentID(rawValue: 0),
      time: Timestamp(nanoseconds: seconds * Self.second))
    (quote.bid, quote.ask, quote.bid_qty, quote.ask_qty) = (bid, ask, quantity, quantity)
    withUnsafeMutablePointer(to: &quote) {
      shock.apply(
        to: UnsafeMutableRawPointer($0).assumingMemoryBound(to: keel_event.self), tick: tick,
        lot: 10)
    }
    return (quote.bid, quote.ask, quote.bid_qty)
  }

  private func shock(
    _ kind: MarketShock.Kind, size: Int64, recovery: Int64? = nil
  ) -> MarketShock {
    MarketShock(
      kind, at: Timestamp(nanoseconds: 100 * Self.second), length: .seconds(10), size: size,
      recovery: recovery.map { .seconds($0) })
  }

  @Test func aCrashFallsInAStraightLineAndStays() {
    let crash = shock(.crash, size: 300_000)
    #expect(quote(at: 99, bid: 1_000, ask: 1_002, crash) == (1_000, 1_002, 100))
    #expect(quote(at: 105, bid: 1_000, ask: 1_002, crash) == (850, 852, 100))
    #expect(quote(at: 110, bid: 1_000, ask: 1_002, crash) == (700, 702, 100))
    #expect(quote(at: 500, bid: 1_000, ask: 1_002, crash) == (700, 702, 100))
  }

  @Test func aCrashWithARecoveryComesBack() {
    let crash = shock(.crash, size: 300_000, recovery: 20)
    #expect(quote(at: 120, bid: 1_000, ask: 1_000, crash).bid == 850)
    #expect(quote(at: 130, bid: 1_000, ask: 1_000, crash) == (1_000, 1_000, 100))
  }

  @Test func pricesStayOnTheirTickAndApart() {
    let crash = shock(.crash, size: 333_333)
    let shown = quote(at: 110, bid: 1_000, ask: 1_005, crash, tick: 5)
    #expect(shown.bid % 5 == 0 && shown.ask % 5 == 0 && shown.bid <= shown.ask)
    #expect(quote(at: 110, bid: 1, ask: 1, crash, tick: 5) == (5, 5, 100))
  }

  @Test func aGapIsSilentThenElsewhere() {
    let gap = shock(.gap, size: -100_000)
    #expect(gap.hears(99 * Self.second) && !gap.hears(100 * Self.second))
    #expect(!gap.hears(109 * Self.second) && gap.hears(110 * Self.second))
    #expect(quote(at: 110, bid: 1_000, ask: 1_010, gap) == (900, 909, 100))
  }

  @Test func illiquidityTakesQuantityAndWidensTheSpreadForAWhile() {
    let dry = shock(.illiquidity, size: 900_000)
    #expect(quote(at: 105, bid: 1_000, ask: 1_002, dry) == (991, 1_011, 10))
    #expect(quote(at: 110, bid: 1_000, ask: 1_002, dry) == (1_000, 1_002, 100))
  }

  @Test func anOutageLeavesTheMarketAlone() {
    let outage = shock(.outage, size: 0)
    #expect(quote(at: 105, bid: 1_000, ask: 1_002, outage) == (1_000, 1_002, 100))
    #expect(outage.hears(105 * Self.second))
  }
}
