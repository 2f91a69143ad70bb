import Market
import PluginABI
import PluginBridge

/// The quotes of one instrument from one source.
struct QuoteStream: QualityStream {
  let key: StreamKey
  private var gaps: GapWatch
  private var prices: PriceWatch
  private var order = StreamOrder()
  private var last = (bid: Int64(0), ask: Int64(0))

  init(_ key: StreamKey, _ options: QualityOptions) {
    self.key = key
    gaps = GapWatch(options)
    prices = PriceWatch(options, isOfBars: false)
  }

  mutating func take(_ place: RecordPlace, into log: inout FindingLog) {
    guard let quote = place.record.cast(to: keel_ev_quote.self)?.pointee else { return }
    gaps.take(place.time, record: place.number)
    order.takeVenueTime(place, into: &log)
    order.takeRepetition(place, into: &log)
    let bid = check(quote.bid, quote.bid_qty, place, &log)
    let ask = check(quote.ask, quote.ask_qty, place, &log)
    guard let bid, let ask else { return }
    if bid > ask {
      log.add(place.finding(.crossedQuote, .basisPoints(2e4 * Self.apart(bid, ask))))
    } else if bid == ask {
      log.add(place.finding(.lockedQuote, .price(bid)))
    }
    prices.take(
      Double(bid) + Double(ask), isSame: bid == last.bid && ask == last.ask, place.time,
      place.number, key.instrument, into: &log)
    last = (bid, ask)
  }

  private static func apart(_ bid: Int64, _ ask: Int64) -> Double {
    (Double(bid) - Double(ask)) / (Double(bid) + Double(ask))
  }

  /// The side's price; nil where it is empty or cannot be.
  private func check(
    _ price: Int64, _ quantity: Int64, _ place: RecordPlace, _ log: inout FindingLog
  ) -> Int64? {
    guard price != KEEL_NULL else { return nil }
    if quantity < 0 {
      log.add(place.finding(.badQuantity, .quantity(quantity)))
    } else if !place.rules.isOnLot(quantity) {
      log.add(place.finding(.offLot, .quantity(quantity)))
    }
    guard price > 0 else {
      log.add(place.finding(.badPrice, .price(price)))
      return nil
    }
    if !place.rules.isOnTick(price) { log.add(place.finding(.offTick, .price(price))) }
    return price
  }

  mutating func finish(into log: inout FindingLog) -> StreamSummary {
    prices.finish(key.instrument, into: &log)
    return gaps.summary(key, into: &log)
  }
}
