import Kernel
import Market
import PluginABI
import PluginBridge

/// Books in words.
extension KernelScenario {
  /// `P set buy 100x5 seq=7 prev=6 last`: price x quantity, as in a quote.
  static func book(_ words: [String]) -> keel_ev_book {
    let actions = [
      "set": KEEL_BOOK_SET, "delete": KEEL_BOOK_DELETE, "clear": KEEL_BOOK_CLEAR,
      "nothing": KEEL_BOOK_NONE, "unheard": 9,
    ]
    var record = keel_ev_book()
    record.h = keel_event(
      KEEL_EV_BOOK, of: keel_ev_book.self, instrument: ScenarioInstrument.id(words[0]))
    record.action = UInt8(actions[words[1]]!)
    record.side = words.contains("buy") ? 1 : words.contains("sell") ? 2 : 0
    if words.contains("snapshot") { record.h.flags |= UInt16(KEEL_EVF_SNAPSHOT) }
    if words.contains("last") { record.h.flags |= UInt16(KEEL_EVF_LAST) }
    record.h.source = option("from", words).flatMap(UInt32.init) ?? 0
    record.venue_seq = option("seq", words).flatMap(UInt64.init) ?? 0
    record.venue_seq_prev = option("prev", words).flatMap(UInt64.init) ?? 0
    record.order_id = option("order", words).flatMap(UInt64.init) ?? 0
    guard words.count > 3, record.side != 0 || words[2] == "none" else { return record }
    let parts = words[3].split(separator: "x")
    if let price = parts.first.flatMap({ Int64($0) }) { record.px = price }
    if parts.count > 1 { record.qty = Int64(parts[1])! }
    return record
  }

  static func gap(_ words: [String]) -> keel_ev_gap {
    var record = keel_ev_gap()
    record.h = keel_event(
      KEEL_EV_GAP, of: keel_ev_gap.self, instrument: ScenarioInstrument.id(words[0]))
    record.h.source = option("from", words).flatMap(UInt32.init) ?? 0
    record.cause = UInt32(KEEL_GAP_FEED)
    return record
  }

  /// `depth P -> 100x5 99x3 | 101x4`; a truncated side ends in `..`, and before what is not valid
  /// stands why.
  func depth(_ words: [String]) -> String {
    let id = ScenarioInstrument.id(words[0])
    guard let book = kernel.state.book(id) else {
      return kernel.state.books.hasRefused(id) ? "no room" : "no book"
    }
    func text(_ side: BookSide) -> [String] {
      side.map { "\($0.price.mantissa)x\($0.quantity.mantissa)" } + (side.isTruncated ? [".."] : [])
    }
    let levels = text(book.bids) + ["|"] + text(book.asks)
    let state = (book.fault.map { ["\($0):"] } ?? []) + (book.isMidMessage ? ["half:"] : [])
    return (state + levels).joined(separator: " ")
  }

  /// `top P -> 99|101`, and whether the book behind it is broken.
  func top(_ words: [String]) -> String {
    guard let market = kernel.state.market(ScenarioInstrument.id(words[0])) else { return "none" }
    func text(_ price: Price?) -> String { price.map { "\($0.mantissa)" } ?? "-" }
    return "\(text(market.bid))|\(text(market.ask))" + (market.isGapped ? " gapped" : "")
  }
}
