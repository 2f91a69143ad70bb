import Market
import Performance
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// Random fills, from their seeds.
@Suite struct LedgerPropertyTests {
  private func scenario(_ seed: UInt64, _ counting: TradeCounting) -> LedgerScenario {
    var random = SeededGenerator(seed: seed)
    var scenario = LedgerScenario(counting: counting)
    for _ in 0..<300 {
      let side = Bool.random(using: &random) ? "buy" : "sell"
      let quantity = Int.random(in: 1...30_000, using: &random)
      let price = Int.random(in: 9_000...11_000, using: &random)
      scenario.fill(
        "\(side) \(DecimalText.format(Int64(quantity), exponent: -4)) @ "
          + "\(DecimalText.format(Int64(price), exponent: -2)) fee 0.0\(quantity % 90 + 10)")
    }
    let held = scenario.ledger.quantity(slot: 1, scenario.instrument.id)
    if held != 0 {
      let text = DecimalText.format(abs(held), exponent: -4)
      scenario.fill("\(held > 0 ? "sell" : "buy") \(text) @ 100 fee 0.5")
    }
    return scenario
  }

  /// When all is flat, what trades brought is what cash did: to the last of sixteen decimals.
  @Test(arguments: 1...20 as ClosedRange<UInt64>, [TradeCounting.flatToFlat, .everyClose])
  func tradesAddUpToTheCash(_ seed: UInt64, _ counting: TradeCounting) {
    let scenario = scenario(seed, counting)
    #expect(scenario.ledger.openTrades == 0 && !scenario.ledger.trades.isEmpty)
    let net = scenario.ledger.trades.reduce(Int128(0)) { $0 + $1.net.units }
    #expect(net == scenario.cash)
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func bothWaysOfCountingBringTheSame(_ seed: UInt64) {
    let whole = scenario(seed, .flatToFlat).ledger
    let parts = scenario(seed, .everyClose).ledger
    func sum(_ ledger: TradeLedger, _ amount: (ClosedTrade) -> Money) -> Int128 {
      ledger.trades.reduce(0) { $0 + amount($1).units }
    }
    #expect(sum(whole, \.gross) == sum(parts, \.gross))
    #expect(sum(whole, \.fees) == sum(parts, \.fees))
    #expect(sum(whole, \.slippage) == sum(parts, \.slippage))
    #expect(parts.trades.count > whole.trades.count)
  }

  /// Only streaks depend on the order of trades.
  @Test(arguments: 1...10 as ClosedRange<UInt64>)
  func theOrderOfTradesDoesNotMatter(_ seed: UInt64) {
    let trades = scenario(seed, .everyClose).ledger.trades
    var random = SeededGenerator(seed: seed)
    let a = TradeTotals(trades)
    let b = TradeTotals(trades.shuffled(using: &random))
    #expect(a.count == b.count && a.wins == b.wins && a.losses == b.losses)
    #expect(isNear(a.net, b.net, 1e-12) && isNear(a.profitFactor, b.profitFactor, 1e-12))
    #expect(a.best == b.best && a.worst == b.worst)
    #expect(isNear(a.averageReturn, b.averageReturn, 1e-10))
  }

  /// Instruments are marked through lists of who holds them: whoever comes and goes.
  @Test func everyHolderIsMarkedAndNobodyElse() {
    var random = SeededGenerator(seed: 7)
    var scenario = LedgerScenario()
    var lowest: [Int: Int64] = [:]
    for _ in 0..<2_000 {
      let slot = Int.random(in: 1...3, using: &random)
      let held = scenario.ledger.quantity(slot: slot, scenario.instrument.id)
      let before = scenario.ledger.trades.count
      scenario.fill("\(held == 0 ? "buy" : "sell") 1 @ 100 by \(slot)")
      if held == 0 {
        lowest[slot] = 100
      } else {
        let trade = scenario.ledger.trades[before]
        let expected = Int128((lowest[slot] ?? 0) - 100) * 10_000_000_000_000_000
        #expect(trade.slot == slot && trade.adverse.units == expected)
        lowest[slot] = nil
      }
      let mark = Int64.random(in: 50...100, using: &random)
      scenario.mark("\(mark)")
      for (slot, low) in lowest { lowest[slot] = min(low, mark) }
    }
  }
}
