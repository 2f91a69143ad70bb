import Market
import PluginABI
import PluginBridge

/// The book by price, level by level: queues follow each level, fills the whole message.
extension MatchingEngine {
  mutating func see(_ update: BookUpdate, _ market: Market, _ reports: inout RecordBuffer) {
    let book = market.pointee.book ?? open(market)
    let price = update.raw.pointee.px
    let isBid = Int(update.raw.pointee.side) == KEEL_BUY
    let place: VenueOrder.Place = isBid ? .buys : .sells
    let key = isBid ? price : 0 &- price
    let isLevel =
      market.pointee.orderCount > 0 && book.pointee.isValid
      && market.pointee.list(place).pointee.bestKey >= key
    let before =
      isLevel
      ? (isBid ? book.pointee.bids.quantity(at: price) : book.pointee.asks.quantity(at: price)) : 0
    let outcome = book.pointee.apply(update)
    switch outcome {
    case .nothing: return
    case .broken:
      closeBook(market)
      return
    case .changed, .whole: break
    }
    let time = update.raw.pointee.h.ts_recv
    if isLevel {
      let isSet = Int(update.raw.pointee.action) == KEEL_BOOK_SET
      showLevel(market, place, key: key, before: before, now: isSet ? update.raw.pointee.qty : 0)
    }
    guard outcome == .whole else { return }
    show(book, market, update.raw.pointee.h)
    guard !market.pointee.isIdle, market.pointee.instrument != nil else { return }
    if market.pointee.orderCount > 0, market.pointee.isTrading {
      if update.isSnapshot || Int(update.raw.pointee.action) == KEEL_BOOK_CLEAR {
        showAll(market, .buys)
        showAll(market, .sells)
      }
      if concerns(market) { meetPrices(market, at: time, &reports) }
    }
    if model.margin.isWatched { watch(market, at: time, &reports) }
  }

  private mutating func open(_ market: Market) -> UnsafeMutablePointer<VenueBook> {
    let book = UnsafeMutablePointer<VenueBook>.allocate(capacity: 1)
    book.initialize(to: VenueBook())
    market.pointee.book = book
    return book
  }

  private mutating func show(
    _ book: UnsafeMutablePointer<VenueBook>, _ market: Market, _ header: keel_event
  ) {
    market.pointee.source = .book
    market.pointee.bid =
      book.pointee.bids.count > 0 ? book.pointee.bids.price(0) : VenueMarket.noBid
    market.pointee.ask =
      book.pointee.asks.count > 0 ? book.pointee.asks.price(0) : VenueMarket.noAsk
    market.pointee.priced = Self.priced(header)
  }

  /// After a full picture nobody knows who cancelled: no more stands before an order than is there.
  private mutating func showAll(_ market: Market, _ place: VenueOrder.Place) {
    guard let book = market.pointee.book else { return }
    let list = market.pointee.list(place)
    for index in 0..<list.pointee.count {
      let order = orders[list.pointee[index].slot]
      let limit = order.pointee.limit
      let shown =
        place == .buys
        ? book.pointee.bids.quantity(at: limit) : book.pointee.asks.quantity(at: limit)
      shorten(order, before: -1, now: shown, lot: market.pointee.lot)
    }
  }

  /// The book is broken: there is no price until it is whole again.
  mutating func closeBook(_ market: Market) {
    market.pointee.source = .book
    market.pointee.bid = VenueMarket.noBid
    market.pointee.ask = VenueMarket.noAsk
  }
}
