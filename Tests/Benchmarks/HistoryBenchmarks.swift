import Market
import MarketHistory
import PluginABI
import PluginBridge
import Sessions
import Simulation

/// How fast markets are invented, looked at, and made into bars.
struct HistoryBenchmarks {
  private static let records = 1_000_000
  private static let runs = 5

  func run() {
    for model in InventedMarket.Model.allCases {
      var rates: [Double] = []
      var tape = HistoryTape(capacity: Self.records)
      for _ in 0..<Self.runs { rates.append(rate(tape.fill(model))) }
      Benchmark(name: "history.generate, \(model.rawValue)", unit: "events/s").report(rates)
      check(tape, model)
      if model == .regimes { resample(tape) }
    }
  }

  private func rate(_ measured: (records: Int, nanoseconds: Int64)) -> Double {
    Double(measured.records) / Double(Swift.max(1, measured.nanoseconds)) * 1e9
  }

  private func check(_ tape: borrowing HistoryTape, _ model: InventedMarket.Model) {
    var rates: [Double] = []
    for _ in 0..<Self.runs {
      var check = QualityCheck([HistoryTape.definition])
      let start = MonotonicClock.now()
      for record in tape.records { check.take(record) }
      let report = check.finish()
      rates.append(rate((report.records, MonotonicClock.now() - start)))
      guard report.errors == 0 else { Benchmark.fail("an invented market has errors") }
    }
    Benchmark(name: "history.check, \(model.rawValue)", unit: "records/s").report(rates)
  }

  /// Of trades alone, by four rules at once.
  private func resample(_ tape: borrowing HistoryTape) {
    let rules: [BarRule] = [
      .time(.seconds(60)), .ticks(200), .volume(Quantity(mantissa: 1_000_000)),
      .notional(500_000 * 10_000_000_000_000_000),
    ]
    var trades = RecordBuffer(capacity: tape.bytes)
    for record in tape.records where record.type == KEEL_EV_TRADE { trades.append(record.bytes) }
    var rates: [Double] = []
    for _ in 0..<Self.runs {
      var resampler = Resampler([(HistoryTape.instrument, rules)], from: .trades)
      var bars: [keel_ev_bar] = []
      let start = MonotonicClock.now()
      var count = 0
      for record in trades.records {
        resampler.advance(to: record.time, into: &bars)
        resampler.take(record, into: &bars)
        if bars.count > 1_000 {
          count += bars.count
          bars.removeAll(keepingCapacity: true)
        }
      }
      rates.append(rate((trades.recordCount, MonotonicClock.now() - start)))
      guard count + bars.count > 100 else { Benchmark.fail("there are no bars") }
    }
    Benchmark(name: "history.resample, four rules", unit: "trades/s").report(rates)
  }
}

/// An invented market in memory.
private struct HistoryTape: ~Copyable {
  private var buffer: RecordBuffer
  private let capacity: Int

  static let definition: keel_ev_instrument = {
    var record = keel_ev_instrument()
    record.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: InstrumentID(rawValue: 0))
    (record.px_exp, record.qty_exp, record.kind, record.multiplier) = (-2, -5, 1, 1)
    (record.tick, record.lot) = (1, 1)
    (record.expiry, record.strike) = (KEEL_NULL, KEEL_NULL)
    return record
  }()
  static let instrument: Instrument = {
    guard let numbers = InstrumentDefinition.numbers(of: definition) else {
      Benchmark.fail("the instrument contradicts itself")
    }
    return numbers
  }()

  init(capacity: Int) {
    self.capacity = capacity
    buffer = RecordBuffer(capacity: (capacity + 4_096) * MemoryLayout<keel_ev_book>.size)
  }

  var records: RecordReader { buffer.records }
  var bytes: Int { buffer.byteCount }

  mutating func fill(_ model: InventedMarket.Model) -> (records: Int, nanoseconds: Int64) {
    guard
      let invented = InventedInstrument(
        Self.instrument, startPrice: Price(mantissa: 4_000_000),
        order: Quantity(mantissa: 5_000))
    else { Benchmark.fail("no market is like that") }
    buffer.removeAll()
    var market = InventedMarket(model, [invented], MarketShape())
    let start = MonotonicClock.now()
    while buffer.recordCount < capacity { market.next(into: &buffer) }
    return (buffer.recordCount, MonotonicClock.now() - start)
  }
}
