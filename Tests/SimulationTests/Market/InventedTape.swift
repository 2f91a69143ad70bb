import Market
import MarketHistory
import PluginABI
import PluginBridge
import Simulation
import TestSupport

/// So many records of an invented market, kept.
struct InventedTape {
  private(set) var bytes = RecordBytes()
  private(set) var jumps = 0
  /// By step of the model: its regime then.
  private(set) var regimes: [MarketRegime] = []

  static func definition(_ id: UInt32) -> keel_ev_instrument {
    var record = keel_ev_instrument()
    record.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: InstrumentID(rawValue: id))
    (record.px_exp, record.qty_exp, record.kind, record.multiplier) = (-2, -5, 1, 1)
    (record.tick, record.lot) = (5, 10)
    (record.expiry, record.strike) = (KEEL_NULL, KEEL_NULL)
    return record
  }

  init(
    _ model: InventedMarket.Model, seed: UInt64 = 1, records: Int, instruments: Int = 1,
    change: (inout MarketShape) -> Void = { _ in }
  ) {
    var shape = MarketShape()
    shape.seed = seed
    change(&shape)
    let invented = (0..<instruments).map { id in
      InventedInstrument(
        InstrumentDefinition.numbers(of: Self.definition(UInt32(id)))!,
        startPrice: Price(mantissa: 4_000_000), order: Quantity(mantissa: 5_000))!
    }
    var market = InventedMarket(model, invented, shape)
    var buffer = RecordBuffer(capacity: market.bytesMax)
    var count = 0
    while count < records {
      buffer.removeAll()
      market.next(into: &buffer)
      regimes.append(market.regime)
      count += buffer.recordCount
      bytes.append(buffer.bytes)
    }
    jumps = market.jumps
  }

  func forEach(_ body: (Record) -> Void) {
    bytes.withRecords { for record in $0 { body(record) } }
  }

  /// Mids of one instrument's quotes, one a step.
  func mids(_ instrument: UInt32 = 0) -> [Double] {
    var mids: [Double] = []
    forEach { record in
      guard let quote = Quote(record), quote.instrument.rawValue == instrument,
        let bid = quote.bid, let ask = quote.ask
      else { return }
      mids.append(Double(bid.mantissa + ask.mantissa) / 2)
    }
    return mids
  }

  static func returns(_ prices: [Double]) -> [Double] {
    zip(prices, prices.dropFirst()).map { $1 / $0 - 1 }
  }

  func check() -> QualityReport {
    var check = QualityCheck((0..<8).map { Self.definition(UInt32($0)) })
    forEach { check.take($0) }
    return check.finish()
  }
}

/// Of samples that are given whole.
enum InventedTapeStatistics {
  static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(max(1, values.count))
  }
  static func deviation(_ values: [Double]) -> Double {
    let middle = mean(values)
    return mean(values.map { ($0 - middle) * ($0 - middle) }).squareRoot()
  }
  static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let (meanA, meanB) = (mean(a), mean(b))
    let product = mean(zip(a, b).map { ($0 - meanA) * ($1 - meanB) })
    return product / (deviation(a) * deviation(b))
  }
  static func autocorrelation(_ values: [Double], lag: Int) -> Double {
    correlation(Array(values.dropLast(lag)), Array(values.dropFirst(lag)))
  }
  /// Fourth moment over the squared second: 3 where a sample is normal.
  static func kurtosis(_ values: [Double]) -> Double {
    let (middle, spread) = (mean(values), deviation(values))
    return mean(
      values.map {
        let z = ($0 - middle) / spread; return z * z * z * z
      })
  }
}
