import Market
import PluginABI
import PluginBridge

/// Bars of one length of one instrument from one source.
struct BarStream: QualityStream {
  let key: StreamKey
  private let options: QualityOptions
  private var prices: PriceWatch
  private var order = StreamOrder()
  private var count = 0
  private var first: Timestamp?
  /// Close of the newest bar.
  private var last: Timestamp?
  private var missing = 0
  private var distinct = 0
  private var closings: ClosingTable
  private var before = [Int64](repeating: 0, count: 4)

  init(_ key: StreamKey, _ options: QualityOptions) {
    self.key = key
    self.options = options
    prices = PriceWatch(options, isOfBars: true)
    closings = ClosingTable(
      isOfDays: key.interval >= 86_400_000_000_000, examplesMax: options.examplesMax)
  }

  mutating func take(_ place: RecordPlace, into log: inout FindingLog) {
    guard let bar = place.record.cast(to: keel_ev_bar.self)?.pointee else { return }
    count += 1
    takeTime(place, into: &log)
    if bar.volume < 0 {
      log.add(place.finding(.badQuantity, .quantity(bar.volume)))
    } else if bar.volume == 0 {
      log.add(place.finding(.zeroVolumeBar))
    } else if !place.rules.isOnLot(bar.volume), bar.volume < .max {
      log.add(place.finding(.offLot, .quantity(bar.volume)))
    }
    let now = [bar.open, bar.high, bar.low, bar.close]
    if let bad = now.first(where: { $0 <= 0 }) {
      return log.add(place.finding(.badPrice, .price(bad)))
    }
    guard bar.high >= bar.low, (bar.low...bar.high).contains(bar.open),
      (bar.low...bar.high).contains(bar.close)
    else { return log.add(place.finding(.badBar, .price(bar.close))) }
    // Bars of quotes have no volume, and their mids may lie between two ticks.
    if bar.volume > 0, let off = now.first(where: { !place.rules.isOnTick($0) }) {
      log.add(place.finding(.offTick, .price(off)))
    }
    prices.take(
      Double(bar.close), isSame: now == before && bar.high == bar.low, place.time, place.number,
      key.instrument, into: &log)
    before = now
  }

  private mutating func takeTime(_ place: RecordPlace, into log: inout FindingLog) {
    let interval = Nanoseconds(key.interval)
    guard interval > .zero else {
      // Several bars of trades may close at one time; only the same bar is one too many.
      order.takeRepetition(place, into: &log)
      order.takeVenueTime(place, into: &log)
      first = first ?? place.time
      last = place.time
      return
    }
    let close = BarClose.time(received: place.time, interval: interval)
    guard let last else {
      (first, self.last) = (close, close)
      distinct = 1
      return
    }
    // To the nearest whole interval: a bar may come off the grid.
    let apart = (close - last).count.quotientAndRemainder(dividingBy: interval.count)
    let steps = apart.quotient + (apart.remainder > interval.count / 2 ? 1 : 0)
    guard steps > 0 else { return log.add(place.finding(.duplicateBar)) }
    distinct += 1
    self.last = close
    guard steps > 1 else { return }
    if let most = options.gapMax, close - last <= most {
      missing += Int(steps - 1)
      return
    }
    let length = Nanoseconds((close - last).count - interval.count)
    let hole = ClosingTable.Hole(
      began: last, length: length, record: place.number, bars: Int(steps - 1))
    if !options.isAlwaysOpen, closings.take(hole) { return }
    missing += hole.bars
    tell(hole, into: &log, count: 1)
  }

  private func tell(_ hole: ClosingTable.Hole, into log: inout FindingLog, count: Int) {
    log.add(
      Finding(
        .missingBars, key.instrument, at: hole.began + Nanoseconds(key.interval),
        record: hole.record, .count(hole.bars)), count: count)
  }

  /// What came back at the same hours was closed; what did not is missing.
  private mutating func settleClosings(into log: inout FindingLog) {
    for kind in closings.kinds {
      if !kind.isClosing { missing += kind.bars }
      for (index, hole) in kind.examples.enumerated() {
        // All that are counted come with the first example.
        let count = index == 0 ? kind.count : 0
        if kind.isClosing {
          log.add(hole.closing(key.instrument), count: count)
        } else {
          tell(hole, into: &log, count: count)
        }
      }
    }
  }

  mutating func finish(into log: inout FindingLog) -> StreamSummary {
    prices.finish(key.instrument, into: &log)
    settleClosings(into: &log)
    let expected = distinct + missing
    return StreamSummary(
      key: key, records: count, first: first, last: last,
      medianSpacing: key.interval > 0 ? Nanoseconds(key.interval) : nil,
      coverage: expected > 0 ? Double(distinct) / Double(expected) : 1, missing: missing)
  }
}
