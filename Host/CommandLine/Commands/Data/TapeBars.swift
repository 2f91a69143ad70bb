import Market
import MarketHistory
import PluginABI
import PluginBridge
import Storage

/// The closes of a tape's bars of one length, as they come: those that are there, or made of its
/// trades, quotes or smaller bars.
struct TapeBars {
  /// Holds the records where they lie.
  private let tape: Tape
  private var records: RecordReader
  private var resampler: Resampler?
  private let interval: Nanoseconds
  private let scales: [Double]
  private var made: [keel_ev_bar] = []
  private var waiting: [(instrument: Int, point: SourceComparison.Point)] = []
  private var head = 0
  private var hasEnded = false

  init(_ contents: TapeContents, _ interval: Nanoseconds) throws(CommandError) {
    tape = contents.tape
    records = contents.records
    self.interval = interval
    scales = contents.numbers.map { numbers in
      let exponent = numbers?.priceExponent ?? 0
      let power = Double(FixedPoint.powerOfTen(exponent < 0 ? -exponent : exponent) ?? 1)
      return exponent < 0 ? 1 / power : power
    }
    let hasBars = contents.records.contains { record in
      record.type == KEEL_EV_BAR
        && record.cast(to: keel_ev_bar.self)?.pointee.interval == interval.count
    }
    if !hasBars {
      guard let source = contents.source(of: { _ in true }) else {
        throw CommandError(
          subject: contents.tape.path, "it has no trades, quotes or bars to compare",
          remedy: "name another tape")
      }
      let wanted = contents.numbers.compactMap { numbers in
        numbers.map { (instrument: $0, rules: [BarRule.time(interval)]) }
      }
      guard wanted.count == contents.numbers.count else {
        throw CommandError(
          subject: contents.tape.path, "the definition of an instrument contradicts itself",
          remedy: "record the tape again")
      }
      resampler = Resampler(wanted, from: source)
    }
    fill()
  }

  var next: (instrument: Int, point: SourceComparison.Point)? {
    head < waiting.count ? waiting[head] : nil
  }

  mutating func pop() -> (instrument: Int, point: SourceComparison.Point)? {
    guard let next else { return nil }
    head += 1
    if head == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      head = 0
      fill()
    }
    return next
  }

  private mutating func fill() {
    while waiting.isEmpty, !hasEnded {
      if let record = records.next() {
        take(record)
      } else {
        hasEnded = true
        resampler?.finish(into: &made)
      }
      for bar in made { add(bar, close: Timestamp(nanoseconds: bar.h.ts_venue)) }
      made.removeAll(keepingCapacity: true)
    }
  }

  private mutating func take(_ record: Record) {
    if resampler != nil {
      resampler?.advance(to: record.time, into: &made)
      resampler?.take(record, into: &made)
      return
    }
    guard record.type == KEEL_EV_BAR, let bar = record.cast(to: keel_ev_bar.self)?.pointee,
      bar.interval == interval.count
    else { return }
    add(bar, close: BarClose.time(received: record.time, interval: interval))
  }

  private mutating func add(_ bar: keel_ev_bar, close: Timestamp) {
    let instrument = Int(bar.h.inst)
    guard instrument < scales.count, bar.close != KEEL_NULL else { return }
    waiting.append(
      (
        instrument,
        SourceComparison.Point(
          close: close, price: Double(bar.close) * scales[instrument])
      ))
  }
}
