import Market
import PluginABI
import PluginBridge
import TestSupport

/// Market data and other records from words.
extension KernelScenario {
  static func quote(_ words: [String]) -> keel_ev_quote {
    let sides = words[1].split(separator: "|").map(String.init)
    func side(_ word: String) -> (price: Int64, quantity: Int64) {
      guard word != "-" else { return (KEEL_NULL, 0) }
      let parts = word.split(separator: "x")
      return (Int64(parts[0])!, Int64(parts[1])!)
    }
    var record = keel_ev_quote()
    record.h = keel_event(
      KEEL_EV_QUOTE, of: keel_ev_quote.self, instrument: ScenarioInstrument.id(words[0]))
    (record.bid, record.bid_qty) = side(sides[0])
    (record.ask, record.ask_qty) = side(sides[1])
    return record
  }

  static func trade(_ words: [String]) -> keel_ev_trade {
    var record = keel_ev_trade()
    record.h = keel_event(
      KEEL_EV_TRADE, of: keel_ev_trade.self, instrument: ScenarioInstrument.id(words[0]))
    let (quantity, price) = amount(words[1])
    record.px = price!
    record.qty = quantity
    return record
  }

  static func bar(_ words: [String]) -> keel_ev_bar {
    var record = keel_ev_bar()
    record.h = keel_event(
      KEEL_EV_BAR, of: keel_ev_bar.self, instrument: ScenarioInstrument.id(words[0]))
    let price = Int64(words[1])!
    (record.open, record.high, record.low, record.close) = (price, price, price, price)
    record.low = option("low", words).flatMap(Int64.init) ?? price
    record.high = option("high", words).flatMap(Int64.init) ?? price
    record.interval = 60
    return record
  }

  static func status(_ words: [String], _ state: Int) -> keel_ev_status {
    var record = keel_ev_status()
    record.h = keel_event(
      KEEL_EV_STATUS, of: keel_ev_status.self, instrument: ScenarioInstrument.id(words[0]))
    record.state = UInt8(state)
    return record
  }

  /// `rate 4 2`: fixed; `rate 4 2 quoted`; `rate 3 S`: what the market of S says.
  static func rate(_ words: [String]) -> keel_rec_rate {
    var record = keel_rec_rate()
    record.h = keel_event(KEEL_REC_RATE, of: keel_rec_rate.self)
    record.asset = UInt32(words[0])!
    if let whole = Int64(words[1]) {
      record.rate = whole * 100_000_000
      record.kind = UInt32(words.count > 2 ? KEEL_RATE_QUOTED : KEEL_RATE_FIXED)
    } else {
      record.h.inst = ScenarioInstrument.id(words[1]).rawValue
      record.kind = UInt32(KEEL_RATE_MARKET)
    }
    return record
  }

  /// `trading reducing`, of all or of one slot.
  static func trading(_ words: [String]) -> keel_rec_trading {
    var record = keel_rec_trading()
    record.h = keel_event(KEEL_REC_TRADING, of: keel_rec_trading.self)
    record.h.source = words.count > 1 ? UInt32(words[1])! : 0
    let states = [
      "active": KEEL_TRADING_ACTIVE, "reducing": KEEL_TRADING_REDUCING,
      "halted": KEEL_TRADING_HALTED,
    ]
    record.state = UInt32(states[words[0]]!)
    return record
  }

  /// `whole` units of the asset.
  static func cash(_ asset: UInt32, _ whole: Int128) -> keel_rec_cash {
    let units = whole * FixedPoint.powerOfTen(-Money.exponent)!
    var record = keel_rec_cash()
    record.h = keel_event(KEEL_REC_CASH, of: keel_rec_cash.self)
    record.cause = UInt16(KEEL_CASH_DEPOSIT)
    record.low = UInt64(truncatingIfNeeded: units)
    record.high = Int64(truncatingIfNeeded: units >> 64)
    record.asset = asset
    return record
  }

  static func change(_ slot: UInt32, _ cause: Int, _ generation: UInt32) -> keel_rec_slot {
    var record = keel_rec_slot()
    record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    record.h.source = slot
    record.cause = UInt32(cause)
    record.generation = generation
    return record
  }

  static func signal(_ words: [String]) -> keel_signal {
    var record = keel_signal()
    record.h = keel_event(
      KEEL_EV_SIGNAL, of: keel_signal.self, instrument: ScenarioInstrument.id(words[0]))
    record.score = Double(words[1])!
    record.confidence = words.count > 2 ? Double(words[2])! : 1
    return record
  }

  /// A slot that receives everything.
  static func started(_ number: UInt32, _ wish: SlotWish, warmup: UInt64) -> RecordBytes {
    var record = keel_rec_slot()
    var listed = (0..<UInt32(ScenarioInstrument.all.count)).map { $0 }
    record.instruments = UInt32(listed.count)
    record.kind = 1
    if case .strategy(let alphas) = wish {
      record.kind = 2
      record.alphas = UInt32(alphas.count)
      listed += alphas
    }
    if listed.count % 2 == 1 { listed.append(0) }
    record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    record.h.size += UInt32(listed.count * 4)
    record.h.source = number
    record.cause = UInt32(KEEL_SLOT_STARTED)
    record.generation = 1
    record.types = .max
    record.warmup = warmup
    var bytes = RecordBytes()
    bytes.append(record)
    listed.withUnsafeBytes { bytes.append($0) }
    return bytes
  }
}

/// What venues, accounts and operators bring besides orders and fills.
extension KernelScenario {
  /// `external buy P 5x100`: a fill of no order of the host; `closing` is the venue's own doing.
  func external(_ words: [String], _ why: Int = KEEL_FILL_FOREIGN) -> keel_ev_fill {
    let (quantity, price) = Self.amount(words[2])
    var record = keel_ev_fill()
    record.h = keel_event(
      KEEL_EV_FILL, of: keel_ev_fill.self, instrument: ScenarioInstrument.id(words[1]))
    record.px = price!
    record.qty = quantity
    record.side = (words[0] == "buy" ? Side.buy : .sell).rawValue
    record.is_external = UInt8(why)
    record.fee = Self.option("fee", words).flatMap(Int64.init) ?? 0
    record.fee_asset = 2
    FixedText.write(Self.option("exec", words) ?? nextExecution(), to: &record.exec_id)
    return record
  }

  /// `found buy P 5x100 venue=V1`: an open order that the venue tells of unasked.
  func found(_ words: [String]) -> keel_ev_order {
    let (quantity, price) = Self.amount(words[2])
    var record = keel_ev_order()
    record.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: ScenarioInstrument.id(words[1]))
    record.side = (words[0] == "buy" ? Side.buy : .sell).rawValue
    record.limit = price ?? KEEL_NULL
    record.trigger = KEEL_NULL
    record.average = KEEL_NULL
    record.qty = quantity
    record.order_type = UInt8(KEEL_LIMIT)
    record.tif = UInt8(KEEL_GTC)
    record.state =
      (words.contains("cancelled") ? OrderState.cancelled : OrderState.accepted).rawValue
    FixedText.write(Self.option("client", words) ?? "", to: &record.client_id)
    FixedText.write(Self.option("venue", words) ?? "", to: &record.venue_id)
    return record
  }

  /// `account 0 fee=500 amend stops hedging`: what the account's venue takes, and offers.
  static func account(_ words: [String]) -> keel_rec_account {
    var record = keel_rec_account()
    record.h = keel_event(KEEL_REC_ACCOUNT, of: keel_rec_account.self)
    record.account = UInt32(words[0])!
    record.taker_fee = option("fee", words).flatMap(Int32.init) ?? 0
    let offers = [
      "amend": KEEL_OFFER_AMEND, "reduce": KEEL_OFFER_REDUCE_ONLY, "hedging": KEEL_OFFER_HEDGING,
      "margin": KEEL_OFFER_MARGIN,
    ]
    record.offers = words.compactMap { offers[$0] }
      .reduce(UInt32(KEEL_OFFER_POST_ONLY)) { $0 | UInt32($1) }
    record.order_types = UInt32(1 << KEEL_MARKET | 1 << KEEL_LIMIT)
    if words.contains("stops") { record.order_types |= UInt32(1 << KEEL_STOP) }
    record.times_in_force = UInt32(1 << KEEL_GTC | 1 << KEEL_IOC)
    if words.contains("fok") { record.times_in_force |= UInt32(1 << KEEL_FOK) }
    if words.contains("gtd") { record.times_in_force |= UInt32(1 << KEEL_GTD) }
    return record
  }

  /// `funding P 100 mark=50 due=7`: a rate in parts per million.
  static func funding(_ words: [String], at now: Timestamp) -> keel_ev_funding {
    var record = keel_ev_funding()
    record.h = keel_event(
      KEEL_EV_FUNDING, of: keel_ev_funding.self, instrument: ScenarioInstrument.id(words[0]))
    record.rate = Int64(words[1])!
    record.rate_exp = -6
    record.mark = option("mark", words).flatMap(Int64.init) ?? KEEL_NULL
    record.due = option("due", words).flatMap(Int64.init) ?? now.nanoseconds
    return record
  }

  static func mark(_ words: [String]) -> keel_ev_mark {
    var record = keel_ev_mark()
    record.h = keel_event(
      KEEL_EV_MARK, of: keel_ev_mark.self, instrument: ScenarioInstrument.id(words[0]))
    record.mark = Int64(words[1])!
    record.index = KEEL_NULL
    return record
  }

  static func trading(_ state: Int, _ flags: Int, _ words: [String]) -> keel_rec_trading {
    var record = keel_rec_trading()
    record.h = keel_event(KEEL_REC_TRADING, of: keel_rec_trading.self)
    record.h.source = words.first.flatMap(UInt32.init) ?? 0
    record.state = UInt32(state)
    record.flags = UInt32(flags)
    FixedText.write("test", to: &record.who)
    return record
  }
}
