import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import Kernel

@Suite struct PortfolioTests {
  private func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    KernelScenario(slots: [.strategy(alphas: []), .strategy(alphas: [])])
      .run(text, sourceLocation: sourceLocation)
  }

  @Test func moneyThatComesAndGoesIsNeitherProfitNorDrawdown() {
    check(
      """
      equity -> unknown ; deposit 2 1000 ; equity -> 1000 ; deposit 2 500
      marks -> highest 1500 first 1500 entries 0
      quote P 100x5|100x5 ; buy P 5x100 ; fill #1 5x100 ; quote P 110x5|110x5 ; deposit 2 -600
      marks -> highest 950 first 900 entries 1 ; equity -> 950
      terms -> flows 900 traded 0 revaluation 0 unrealised 50
      """)
  }

  @Test func revaluationIsATermOfItsOwn() {
    check(
      """
      deposit 2 1000, quote S 100x5|100x5, rate 3 S ; equity -> 1000
      buy S 5x100 ; fill #1 5x100 fee=10 ; equity -> 990
      terms -> flows 1000 traded -10 revaluation 0 unrealised 0
      quote S 120x5|120x5 ; equity -> 1090 ; gross -> 600
      terms -> flows 1000 traded -10 revaluation 100 unrealised 0
      """)
  }

  @Test func whatHasNoRateIsNotKnown() {
    check(
      """
      deposit 2 1000, deposit 4 10 ; equity -> unknown ; rate 4 3 ; equity -> 1030
      marks -> highest - first - entries 0 ; quote P 1x1|1x1
      marks -> highest 1030 first 1030 entries 0 ; deposit 5 7 ; equity -> unknown
      rate 5 2 ; equity -> 1044 ; marks -> highest 1044 first 1044 entries 0
      terms -> flows 1044 traded 0 revaluation 0 unrealised 0
      """)
  }

  /// Counted in 2, settled in 3: what 100 contracts are worth does not hang on the price.
  @Test func inverseContracts() {
    check(
      """
      deposit 3 10, quote S 50x5|50x5, rate 3 S, quote I 50x5|50x5 ; equity -> 500
      buy I 100x50 ; gross -> 100
      quote S 100x5|100x5, quote I 100x5|100x5 ; gross -> 100 ; equity -> 1000
      terms -> flows 500 traded 0 revaluation 500 unrealised 0
      """)
  }

  /// One bought at 100, the other sold at 110: the account holds nothing, and its cash lacks
  /// the fifty that they will bring, whatever the price.
  @Test func slotsThatHoldAgainstEachOtherAreWorthWhatTheyPaid() {
    check(
      """
      deposit 2 1000, quote P 100x5|100x5
      buy P 5x100, 2.sell P 5x110 ; fill #1 5x100 ; fill #2 5x110
      quote P 300x5|300x5 ; equity -> 1050
      terms -> flows 1000 traded 0 revaluation 0 unrealised 50
      """)
  }

  @Test func exposureIsTheFurtherEnd() {
    check(
      """
      quote P 100x5|100x5 ; buy P 5x100 ; sell P 8x100 ; gross -> 800
      fill #1 5x100 ; gross -> 500 ; cancelled #2 ; gross -> 500 ; 2.sell P 5x100 ; gross -> 500
      fill #3 5x100 ; gross -> 0
      """)
  }

  @Test func aProtectiveStopCoversWhatItCloses() {
    var portfolio = Portfolio(limits: .scenario)
    let instrument = InstrumentDefinition.numbers(of: ScenarioInstrument.all[0].definition)!
    portfolio.define(instrument)
    portfolio.rate(2, .one)
    var position = Position()
    _ = position.fill(.buy, Quantity(mantissa: 10), value: 0)
    portfolio.moved(1, instrument.id, position, price: Price(mantissa: 100))
    portfolio.revalue()
    #expect(portfolio.openRisk(unprotected: 100_000).micros == 100_000_000)
    var stop = Order(
      id: 1 << 20, slot: 1, generation: 1, author: 1, intentID: 1, instrument: instrument.id,
      side: .sell, type: .stop, timeInForce: .goodTillCancelled,
      flags: UInt8(KEEL_INF_REDUCE_ONLY), quantity: Quantity(mantissa: 6))
    stop.trigger = Price(mantissa: 98)
    portfolio.opened(stop, position, market: Price(mantissa: 100))
    portfolio.revalue()
    // Six lose two each; four lose a tenth of a hundred each.
    #expect(portfolio.openRisk(unprotected: 100_000).micros == 52_000_000)
    var gone = stop
    gone.state = .cancelled
    portfolio.changed(stop, gone, position, market: Price(mantissa: 100))
    portfolio.revalue()
    #expect(portfolio.openRisk(unprotected: 100_000).micros == 100_000_000)
    stop.type = .takeProfit
    portfolio.opened(stop, position, market: Price(mantissa: 100))
    portfolio.revalue()
    #expect(portfolio.openRisk(unprotected: 100_000).micros == 100_000_000)
  }

  private func number(_ random: inout SeededGenerator) -> UInt64 {
    UInt64.random(in: 0...(.max), using: &random) >> UInt64.random(in: 0..<64, using: &random)
  }

  @Test func productsAreExactAndEndAtTheirEnds() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<20_000 {
      let (a, b, c) = (number(&random), number(&random), Swift.max(1, number(&random)))
      let exponent = Int.random(in: -30...6, using: &random)
      let got = WorthProduct.roundedUp(a, b, c, exponent: exponent)
      let (first, wide) = (UInt128(a) * UInt128(b)).multipliedReportingOverflow(
        by: UInt128(c))
      guard !wide else { continue }
      var expected = first
      var isExact = true
      for _ in 0..<max(0, -exponent) {
        isExact = isExact && expected % 10 == 0
        expected /= 10
      }
      if !isExact { expected += 1 }
      var overflow = false
      for _ in 0..<max(0, exponent) {
        let (next, over) = expected.multipliedReportingOverflow(by: 10)
        expected = next
        overflow = overflow || over
      }
      let most = overflow || expected >= UInt128(Int64.max)
      #expect(got.micros == (most ? .max : Int64(expected)), "\(a) \(b) \(c) \(exponent)")
    }
    #expect(Worth.most + .most == .most && Worth.zero - .most - .most == Worth(micros: .min))
    #expect(Worth(micros: -3).share(500_000).micros == -2)
    #expect(Worth(micros: -3).shareRoundedUp(500_000).micros == -1)
    let half = WorthProduct.roundedDown(-5_000_000_001, at: .one)
    #expect(half.micros == -1 && WorthProduct.roundedDown(5_000_000_001, at: .one).micros == 0)
  }
}
