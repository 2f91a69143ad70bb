import Market
import PluginABI
import PluginBridge

/// Records from words.
extension VenueScenario {
  private static let instrument = InstrumentID(rawValue: 0)

  /// A number behind `key=`.
  private func number(_ key: String, _ words: some Sequence<String>) -> Int64? {
    words.first { $0.hasPrefix(key + "=") }.map { Int64($0.dropFirst(key.count + 1))! }
  }

  private func pair(_ text: some StringProtocol) -> (first: Int64, second: Int64) {
    let parts = text.split(whereSeparator: { $0 == "x" })
    return (Int64(String(parts[0]))!, parts.count > 1 ? Int64(String(parts[1]))! : KEEL_NULL)
  }

  /// `quote 99x5|101x5`, `-` for an empty side.
  func quote(_ word: String) -> keel_ev_quote {
    var record = keel_ev_quote()
    record.h = keel_event(KEEL_EV_QUOTE, of: keel_ev_quote.self, instrument: Self.instrument)
    let sides = word.split(whereSeparator: { $0 == "|" })
    (record.bid, record.bid_qty) = sides[0] == "-" ? (KEEL_NULL, 0) : pair(sides[0])
    (record.ask, record.ask_qty) = sides[1] == "-" ? (KEEL_NULL, 0) : pair(sides[1])
    return record
  }

  /// `trade 5x99 [buy|sell]`: quantity x price, and who took.
  func trade(_ words: [String]) -> keel_ev_trade {
    var record = keel_ev_trade()
    record.h = keel_event(KEEL_EV_TRADE, of: keel_ev_trade.self, instrument: Self.instrument)
    (record.qty, record.px) = pair(words[1])
    record.side = words.count < 3 ? 0 : (words[2] == "buy" ? Side.buy : Side.sell).rawValue
    return record
  }

  /// `bar open high low close [interval] [volume=1000]`, delivered now.
  func bar(_ words: [String]) -> keel_ev_bar {
    let prices = words[1...4].map { Int64($0)! }
    var record = keel_ev_bar()
    record.h = keel_event(KEEL_EV_BAR, of: keel_ev_bar.self, instrument: Self.instrument)
    (record.open, record.high, record.low, record.close) =
      (prices[0], prices[1], prices[2], prices[3])
    record.interval = words.count > 5 ? Int64(words[5]) ?? 10 : 10
    record.volume = number("volume", words) ?? 1
    return record
  }

  /// One message of a whole book, best levels first.
  func book(_ text: String) {
    venueSequence += 1
    var records = [update(KEEL_BOOK_CLEAR, 0, 0, 0)]
    let sides: [Substring] = text.split(separator: "|", omittingEmptySubsequences: false)
    for (side, levels) in zip([KEEL_BUY, KEEL_SELL], sides) {
      let words: [Substring] = levels.split(separator: " ")
      for word in words where word != "-" {
        let (price, quantity) = pair(word)
        records.append(update(KEEL_BOOK_SET, side, price, quantity))
      }
    }
    for index in records.indices {
      records[index].h.flags = UInt16(KEEL_EVF_SNAPSHOT)
      if index == records.count - 1 { records[index].h.flags |= UInt16(KEEL_EVF_LAST) }
      see(records[index])
    }
  }

  /// One level's new total, as a message of its own; 0 takes it away.
  func level(_ side: String, _ word: String) -> keel_ev_book {
    let (price, quantity) = pair(word)
    var record = update(
      quantity == 0 ? KEEL_BOOK_DELETE : KEEL_BOOK_SET, side == "bid" ? KEEL_BUY : KEEL_SELL,
      price, quantity)
    record.venue_seq_prev = venueSequence
    venueSequence += 1
    record.venue_seq = venueSequence
    record.h.flags = UInt16(KEEL_EVF_LAST)
    return record
  }

  private func update(
    _ action: Int, _ side: Int, _ price: Int64, _ quantity: Int64
  ) -> keel_ev_book {
    var record = keel_ev_book()
    record.h = keel_event(KEEL_EV_BOOK, of: keel_ev_book.self, instrument: Self.instrument)
    (record.px, record.qty, record.venue_seq) = (price, quantity, venueSequence)
    (record.action, record.side) = (UInt8(action), UInt8(side))
    return record
  }

  func gap() -> keel_ev_gap {
    var record = keel_ev_gap()
    record.h = keel_event(KEEL_EV_GAP, of: keel_ev_gap.self, instrument: Self.instrument)
    return record
  }

  func status(_ state: Int) -> keel_ev_status {
    var record = keel_ev_status()
    record.h = keel_event(KEEL_EV_STATUS, of: keel_ev_status.self, instrument: Self.instrument)
    record.state = UInt8(state)
    return record
  }

  /// `mark price [index]`.
  func mark(_ words: [String]) -> keel_ev_mark {
    var record = keel_ev_mark()
    record.h = keel_event(KEEL_EV_MARK, of: keel_ev_mark.self, instrument: Self.instrument)
    record.mark = Int64(words[1])!
    record.index = words.count > 2 ? Int64(words[2])! : 0
    return record
  }

  /// `funding partsPerMillion mark`, due now.
  func funding(_ words: [String]) -> keel_ev_funding {
    var record = keel_ev_funding()
    record.h = keel_event(KEEL_EV_FUNDING, of: keel_ev_funding.self, instrument: Self.instrument)
    (record.rate, record.rate_exp) = (Int64(words[1])!, -6)
    (record.mark, record.due) = (Int64(words[2])!, now.nanoseconds)
    return record
  }

  /// So many of the settlement asset.
  func cash(_ amount: Int64) -> keel_rec_cash {
    var record = keel_rec_cash()
    record.h = keel_event(KEEL_REC_CASH, of: keel_rec_cash.self)
    let money = Money(
      units: Int128(amount) * 10_000_000_000_000_000, asset: AssetID(rawValue: 2))
    (record.low, record.high, record.asset) = (money.low, money.high, 2)
    return record
  }

  func named(_ word: String) -> keel_order {
    let id = UInt64(word.dropFirst())!
    return sent[id] ?? order(id, "buy", ["1"])
  }

  /// `amend #1 5x100 [stop=..]`: the new total and limit.
  func amend(_ words: [String]) {
    var order = named(words[1])
    (order.qty, order.limit) = pair(words[2])
    if let trigger = number("stop", words) { order.trigger = trigger }
    sent[order.order_id] = order
    send(KEEL_CMD_AMEND, order)
  }

  func order(_ id: UInt64, _ side: String, _ words: [String]) -> keel_order {
    var command = keel_order()
    command.h = keel_event(KEEL_CMD_SUBMIT, of: keel_order.self, instrument: Self.instrument)
    command.order_id = id
    (command.qty, command.limit) = pair(words[0])
    command.side = (side == "buy" ? Side.buy : Side.sell).rawValue
    let hasLimit = command.limit != KEEL_NULL
    command.order_type = UInt8(hasLimit ? KEEL_LIMIT : KEEL_MARKET)
    (command.trigger, command.trail) = (KEEL_NULL, KEEL_NULL)
    for (key, type) in [
      ("stop", hasLimit ? KEEL_STOP_LIMIT : KEEL_STOP), ("profit", KEEL_TAKE_PROFIT),
      ("touch", KEEL_IF_TOUCHED),
    ] {
      guard let trigger = number(key, words) else { continue }
      command.trigger = trigger
      command.order_type = UInt8(type)
    }
    if let trail = number("trail", words) {
      command.trail = trail
      command.order_type = UInt8(KEEL_TRAILING_STOP)
    }
    command.display = number("show", words) ?? 0
    command.expires = number("gtd", words) ?? KEEL_NULL
    command.tif = UInt8(
      words.contains("ioc")
        ? KEEL_IOC
        : words.contains("fok")
          ? KEEL_FOK
          : words.contains("day") ? KEEL_DAY : command.expires == KEEL_NULL ? KEEL_GTC : KEEL_GTD)
    if words.contains("post") { command.flags |= UInt8(KEEL_INF_POST_ONLY) }
    if words.contains("reduce") { command.flags |= UInt8(KEEL_INF_REDUCE_ONLY) }
    if words.contains("long") { command.position_side = UInt8(KEEL_POSITION_LONG) }
    if words.contains("short") { command.position_side = UInt8(KEEL_POSITION_SHORT) }
    return command
  }
}
