import PluginABI
import PluginBridge
import Wording
import Market

/// Rows to records: what the numbers of a row mean by the layout of its file.
final class RecordMaker {
  /// Of the row at hand.
  var shape: RowShape
  let values: UnsafeMutablePointer<Int64>
  let output: RecordOutput
  /// A table that keel wrote: each row has all of its record's header.
  let isOwn: Bool
  let interval: BarInterval
  let instrument: UInt32
  /// Rows may come in any order, as somebody sorts the records.
  let allowsAnyOrder: Bool

  /// Whole messages end here in `output`.
  var complete = 0
  /// Of the record made last.
  var time = Int64.min
  var message: BookMessage?
  var lost: UInt64 = 0
  /// The bid and ask sides of a book by side word, once.
  let words = BookWords()

  init(
    shape: RowShape, values: UnsafeMutablePointer<Int64>, isOwn: Bool, interval: BarInterval,
    instrument: UInt32, allowsAnyOrder: Bool
  ) {
    self.shape = shape
    self.values = values
    self.isOwn = isOwn
    self.interval = interval
    self.instrument = instrument
    self.allowsAnyOrder = allowsAnyOrder
    output = RecordOutput()
  }

  @inline(__always)
  func value(_ role: ColumnRole) -> Int64 { values[role.slot] }
  @inline(__always)
  func number(_ role: ColumnRole) -> UInt64 {
    let value = values[role.slot]
    return value == KEEL_NULL ? 0 : UInt64(bitPattern: value)
  }

  /// Makes what the row that was read last says.
  @inline(__always)
  func make() throws(RowDefect) {
    switch shape {
    case .bars: try makeBar()
    case .trades: try makeTrade()
    case .quotes: try makeQuote()
    case .levels: return try makeLevel()
    case .books: try makeBook()
    case .funding: try makeFunding()
    case .marks: try makeMark()
    }
    complete = output.count
  }

  /// A row was left out, so that what depends on every row is told.
  func noteLoss() { lost += 1 }

  /// Nothing follows: what is begun is whole.
  func finish() {
    endMessage()
    reportLoss(at: time)
    complete = output.count
  }

  /// A header for the row, whose time must not be before the last one's.
  @inline(__always)
  func header<C: BitwiseCopyable>(
    _ type: Int, of struct: C.Type, venue: Int64, receive: Int64
  ) throws(RowDefect) -> keel_event {
    if receive < time, !allowsAnyOrder { throw disorder(receive) }
    time = receive
    var header = keel_event()
    header.size = UInt32(truncatingIfNeeded: MemoryLayout<C>.size)
    header.type = UInt16(truncatingIfNeeded: type)
    header.ts_venue = venue
    header.ts_recv = receive
    if isOwn {
      header.inst = UInt32(truncatingIfNeeded: value(.symbol))
      header.seq = number(.sequence)
      header.source = UInt32(truncatingIfNeeded: number(.source))
      header.flags = UInt16(truncatingIfNeeded: number(.flags))
    } else {
      header.inst = instrument
      header.flags = UInt16(KEEL_EVF_LAST)
    }
    return header
  }

  func disorder(_ receive: Int64) -> RowDefect {
    func text(_ time: Int64) -> String { UTCTime.text(Timestamp(nanoseconds: time)) }
    return RowDefect(
      "its time \(text(receive)) is before \(text(time)), that of a row before it",
      remedy: "let keel order the rows with --sort")
  }

  /// When it was received; the venue's time where the file has no other.
  @inline(__always)
  var receiveTime: Int64 {
    let received = value(.receiveTime)
    return received == KEEL_NULL ? value(.time) : received
  }

  private func makeBar() throws(RowDefect) {
    var bar = keel_ev_bar()
    bar.open = value(.open)
    bar.high = value(.high)
    bar.low = value(.low)
    bar.close = value(.close)
    let volume = value(.volume)
    bar.volume = volume == KEEL_NULL ? 0 : volume
    let (close, length) = try closing()
    let isPossible =
      bar.high >= bar.low && bar.high >= bar.open && bar.high >= bar.close
      && bar.low <= bar.open && bar.low <= bar.close
    guard isPossible || isOwn else {
      throw RowDefect("its high and low do not enclose its open and close")
    }
    bar.interval = length
    bar.h = try header(
      KEEL_EV_BAR, of: keel_ev_bar.self, venue: isOwn ? value(.time) : close, receive: close)
    output.append(bar)
  }

  /// When the bar of the row closes, and how long it is: files name the instant it opens.
  @inline(__always)
  private func closing() throws(RowDefect) -> (close: Int64, length: Int64) {
    let open = value(.time)
    switch interval {
    case .fixed(let length): return (open &+ length, length)
    case .column: return (value(.receiveTime), value(.interval))
    case .byRow(let step):
      let close = value(.closeTime) &+ step
      guard close > open else { throw RowDefect("it closes before it opens") }
      return (close, close &- open)
    }
  }

  private func makeTrade() throws(RowDefect) {
    var trade = keel_ev_trade()
    trade.px = value(.price)
    trade.qty = value(.quantity)
    trade.trade_id = number(.tradeID)
    trade.venue_seq = number(.updateID)
    let maker = value(.buyerIsMaker)
    if maker != KEEL_NULL {
      guard let isMaker = words.truth(maker) else {
        throw RowDefect("whether the buyer was the maker is neither true nor false")
      }
      trade.side = UInt8(isMaker ? KEEL_SELL : KEEL_BUY)
    } else if value(.side) != KEEL_NULL {
      guard let side = SideWord(packed: value(.side)) else {
        throw RowDefect("its side is neither buy nor sell")
      }
      trade.side = side.abi
    }
    guard trade.qty > 0 || isOwn else { throw RowDefect("its quantity is not above zero") }
    trade.h = try header(
      KEEL_EV_TRADE, of: keel_ev_trade.self, venue: value(.time), receive: receiveTime)
    output.append(trade)
  }

  private func makeQuote() throws(RowDefect) {
    var quote = keel_ev_quote()
    quote.bid = value(.bid)
    quote.ask = value(.ask)
    quote.bid_qty = max(0, value(.bidQuantity))
    quote.ask_qty = max(0, value(.askQuantity))
    quote.venue_seq = number(.updateID)
    quote.h = try header(
      KEEL_EV_QUOTE, of: keel_ev_quote.self, venue: value(.time), receive: receiveTime)
    output.append(quote)
  }

  private func makeFunding() throws(RowDefect) {
    var funding = keel_ev_funding()
    funding.rate = value(.rate)
    funding.rate_exp = Int8(-FundingRate.decimals)
    funding.mark = value(.mark)
    funding.due = value(.due) == KEEL_NULL ? receiveTime : value(.due)
    if isOwn {
      let exponent = value(.rateExponent)
      guard exponent <= 0, exponent >= -Int64(FundingRate.decimals) else {
        throw RowDefect("its rateExponent is not from -\(FundingRate.decimals) to 0")
      }
      funding.due = value(.due)
      funding.rate_exp = Int8(exponent)
      let (rate, rest) = funding.rate.quotientAndRemainder(
        dividingBy: Int64(Digits.powers[FundingRate.decimals + Int(exponent)]))
      guard rest == 0 else { throw RowDefect("its rate has more digits than its rateExponent") }
      funding.rate = rate
    }
    funding.h = try header(
      KEEL_EV_FUNDING, of: keel_ev_funding.self, venue: value(.time), receive: receiveTime)
    output.append(funding)
  }

  private func makeMark() throws(RowDefect) {
    var mark = keel_ev_mark()
    mark.mark = value(.mark)
    mark.index = value(.index)
    mark.h = try header(
      KEEL_EV_MARK, of: keel_ev_mark.self, venue: value(.time), receive: receiveTime)
    output.append(mark)
  }
}
