import AllocationCounter
import JSON
import Market
import Performance
import PluginABI
import PluginBridge
import Sessions

/// What is made of a run when it is over: figures of a million samples, ten thousand paths, a
/// report; and what a fill costs while it goes on.
struct PerformanceBenchmarks {
  func run() {
    fills()
    marks()
    let curve = Self.curve(1_000_000)
    milliseconds("performance.summary, 1,000,000 samples", aim: 500) {
      PerformanceSummary(curve).returns.sharpe != nil
    }
    let returns = Self.curve(1_001).returns
    milliseconds("performance.monte carlo, 10,000 paths of 1,000 steps", aim: 1_000) {
      var settings = MonteCarlo()
      settings.periodsPerYear = 252
      return settings.run(returns, .stationary(10)) != nil
    }
    let trials = (0..<100).map { seed in Self.curve(1_001, seed: UInt64(seed + 7)).returns }
    milliseconds("performance.overfitting, 12,870 combinations of 100 configurations") {
      BacktestOverfitting(trials) != nil
    }
    let report = Self.report()
    milliseconds("performance.report, 2,000 days and 5,000 trades", aim: 100) {
      HTMLReport(report).text.utf8.count > 1_000
    }
  }

  private func milliseconds(_ name: String, aim: Double? = nil, _ body: () -> Bool) {
    guard body() else { Benchmark.fail("\(name) has no result") }
    let times = Benchmark.time(runs: 5, repetitions: 1) { _ in
      if !body() { Benchmark.fail("\(name) has no result") }
    }
    Benchmark(name: name, unit: "ms", aim: aim).report(times.map { $0 / 1e6 })
  }

  private func fills() {
    var ledger = Self.ledger()
    Self.trade(&ledger, 20_000)
    let before = allocation_counter_read()
    var count = 0
    let times = Benchmark.time(repetitions: 200_000) {
      Self.trade(&ledger, $0)
      count += $0
    }
    let allocations = Double(allocation_counter_read() - before) / Double(count)
    Benchmark(name: "performance.fill into the ledger", unit: "ns/fill", aim: 200)
      .report(times, [("allocationsPerFill", .double(allocations < 0.0001 ? 0 : allocations))])
  }

  private func marks() {
    var ledger = Self.ledger()
    Self.trade(&ledger, 3)
    let times = Benchmark.time(repetitions: 1_000_000) { count in
      for index in 0..<count {
        ledger.mark(InstrumentID(rawValue: 0), Price(mantissa: 10_000 + Int64(index & 63)))
      }
    }
    Benchmark(name: "performance.price marks an open trade", unit: "ns/price").report(times)
  }

  private static let dollars = AssetID(rawValue: 1)

  private static func ledger() -> TradeLedger {
    var options = TradeLedger.Options(reporting: dollars)
    options.tradesMax = 10_000
    var ledger = TradeLedger(options)
    ledger.define(
      Instrument(
        id: InstrumentID(rawValue: 0), kind: .perpetual, priceExponent: -2, quantityExponent: -4,
        tick: Price(mantissa: 1), lot: Quantity(mantissa: 1), quantityMin: Quantity(mantissa: 1),
        notionalMin: .zero(dollars), base: AssetID(rawValue: 2), quote: dollars,
        settlement: dollars))
    return ledger
  }

  /// In by two fills and out by two, again and again.
  private static func trade(_ ledger: inout TradeLedger, _ count: Int) {
    var fill = keel_ev_fill()
    fill.h = keel_event(
      KEEL_EV_FILL, of: keel_ev_fill.self, instrument: InstrumentID(rawValue: 0))
    fill.h.source = 1
    (fill.fee, fill.fee_exp, fill.fee_asset, fill.liquidity) = (500, -4, dollars.rawValue, 2)
    for index in 0..<count {
      fill.h.ts_recv = Int64(index) * 1_000_000
      fill.px = 10_000 + Int64(index & 63)
      let step = index & 3
      fill.side = UInt8(step < 2 ? KEEL_BUY : KEEL_SELL)
      fill.qty = step == 2 ? 5_000 : step == 3 ? 15_000 : 10_000
      let refusal = withUnsafePointer(to: fill) { ledger.add($0, mid: Price(mantissa: 10_020)) }
      if let refusal { Benchmark.fail("a fill was refused: \(refusal)") }
    }
  }

  static func curve(_ samples: Int, seed: UInt64 = 1) -> EquityCurve {
    var random = ResamplingGenerator(seed: seed)
    var curve = EquityCurve(period: .everySample)
    var equity = 100_000.0
    for index in 0..<samples {
      curve.add(
        EquitySample(
          time: Timestamp(nanoseconds: Int64(index) * 60_000_000_000), equity: equity,
          gross: equity, net: equity, benchmark: equity * 0.5 + 1_000))
      equity *= 1 + Double.random(in: -0.001...0.00101, using: &random)
    }
    return curve
  }

  private static func report() -> BacktestReport {
    var random = ResamplingGenerator(seed: 2)
    var curve = EquityCurve(period: .day)
    var equity = 100_000.0
    for day in 0..<2_000 {
      let time =
        Timestamp(nanoseconds: 1_500_000_000_000_000_000)
        + Nanoseconds.seconds(Int64(day) * 86_400)
      curve.add(
        EquitySample(time: time, equity: equity, gross: equity, net: equity, benchmark: equity + 1))
      equity *= 1 + Double.random(in: -0.01...0.0105, using: &random)
    }
    var ledger = Self.ledger()
    trade(&ledger, 10_000)
    let summary = PerformanceSummary(
      curve, trades: ledger.totals, execution: ledger.execution)
    var report = BacktestReport(
      title: "Benchmark", currency: "USD", curve: curve, summary: summary)
    report.take(ledger)
    if let result = MonteCarlo().run(curve.returns, .stationary(12)) {
      report.simulations = [BacktestReport.Simulation(name: "returns", result: result)]
    }
    return report
  }
}
