import Market
import PluginABI
import PluginBridge

/// The trades of one instrument from one source.
struct TradeStream: QualityStream {
  let key: StreamKey
  private var gaps: GapWatch
  private var prices: PriceWatch
  private var order = StreamOrder()
  private var ids = RecentNumbers(places: 8192)
  private var last: Int64 = 0

  init(_ key: StreamKey, _ options: QualityOptions) {
    self.key = key
    gaps = GapWatch(options)
    prices = PriceWatch(options, isOfBars: false)
  }

  mutating func take(_ place: RecordPlace, into log: inout FindingLog) {
    guard let trade = place.record.cast(to: keel_ev_trade.self)?.pointee else { return }
    gaps.take(place.time, record: place.number)
    order.takeVenueTime(place, into: &log)
    // Two trades without ids may be alike, but hardly to the nanosecond of both clocks.
    if trade.trade_id == 0 {
      order.takeRepetition(place, into: &log)
    } else if ids.insert(trade.trade_id) {
      log.add(place.finding(.duplicateTrade, .identifier(trade.trade_id)))
    }
    if trade.qty < 0 {
      log.add(place.finding(.badQuantity, .quantity(trade.qty)))
    } else if trade.qty == 0 {
      log.add(place.finding(.zeroTrade))
    } else if !place.rules.isOnLot(trade.qty) {
      log.add(place.finding(.offLot, .quantity(trade.qty)))
    }
    guard trade.px > 0 else { return log.add(place.finding(.badPrice, .price(trade.px))) }
    if !place.rules.isOnTick(trade.px) { log.add(place.finding(.offTick, .price(trade.px))) }
    prices.take(
      Double(trade.px), isSame: trade.px == last, place.time, place.number, key.instrument,
      into: &log)
    last = trade.px
  }

  mutating func finish(into log: inout FindingLog) -> StreamSummary {
    prices.finish(key.instrument, into: &log)
    return gaps.summary(key, into: &log)
  }
}
