import Market
import PluginABI
import PluginBridge

/// The book updates of one instrument from one source, held against what `event.h` asks of them.
struct BookStream: QualityStream {
  let key: StreamKey
  private var book = BookReplica()
  private var count = 0
  private var first: Timestamp?
  private var last: Timestamp?
  private var validSince: Timestamp?
  /// Nanoseconds in which the book was valid.
  private var valid = 0.0

  init(_ key: StreamKey, _ options: QualityOptions) { self.key = key }

  mutating func take(_ place: RecordPlace, into log: inout FindingLog) {
    guard let update = BookUpdate(place.record) else { return }
    count += 1
    first = first ?? place.time
    last = place.time
    checkLevel(update, place, into: &log)
    if let fault = book.take(update) {
      switch fault {
      case .sequenceGap: log.add(place.finding(.bookGap, .identifier(update.venueSequence)))
      case .cutShort: log.add(place.finding(.bookMessage, .identifier(update.venueSequence)))
      case .crossed:
        log.add(place.finding(.bookCrossed, .price(book.bestBid ?? update.price.mantissa)))
      case .impossibleLevel: log.add(place.finding(.bookLevel, .price(update.price.mantissa)))
      }
    }
    followValidity(place.time)
  }

  /// Levels are on tick and lot as trades are.
  private func checkLevel(
    _ update: BookUpdate, _ place: RecordPlace, into log: inout FindingLog
  ) {
    guard update.action == .set, update.raw.pointee.px > 0, update.raw.pointee.qty > 0 else {
      return
    }
    if !place.rules.isOnTick(update.price.mantissa) {
      log.add(place.finding(.offTick, .price(update.price.mantissa)))
    }
    if !place.rules.isOnLot(update.quantity.mantissa) {
      log.add(place.finding(.offLot, .quantity(update.quantity.mantissa)))
    }
  }

  mutating func takeGap(_ place: RecordPlace) {
    book.breakOff()
    followValidity(place.time)
  }

  private mutating func followValidity(_ time: Timestamp) {
    if book.isValid {
      validSince = validSince ?? time
    } else if let since = validSince {
      valid += Double((time - since).count)
      validSince = nil
    }
  }

  mutating func finish(into log: inout FindingLog) -> StreamSummary {
    if let last { followValidity(last) }
    var coverage = book.isValid ? 1.0 : 0
    if let first, let last, last > first {
      let rest = validSince.map { Double((last - $0).count) } ?? 0
      coverage = (valid + rest) / Double((last - first).count)
    }
    return StreamSummary(
      key: key, records: count, first: first, last: last, medianSpacing: nil, coverage: coverage,
      missing: 0)
  }
}
