import Market
import PluginABI
import PluginBridge
import Simulation
import TestSupport
import Testing

/// A simulated venue driven by words: `inputs -> reports`, apart by commas, one step to a line or
/// between semicolons. `@5` sets the time; what has arrived by then is reported first.
///
///     quote 99x5|101x5
///     buy 3x101 -> nothing
///     quote 99x5|101x5 -> #1 accepted, #1 3x101 taker
final class VenueScenario {
  private(set) var venue: SimulatedVenue
  private var reports = RecordBuffer(capacity: 1 << 16)
  private(set) var now = Timestamp(nanoseconds: 0)
  private(set) var orders = 0
  /// Fees of all fills, in mantissas of 10^-8, in order.
  private(set) var fees: [Int64] = []
  private(set) var executions: [String] = []

  init(
    latency: Int64 = 0, maker: Int64 = 0, taker: Int64 = 0, priceExponent: Int8 = 0,
    quantityExponent: Int8 = 0
  ) {
    venue = SimulatedVenue(
      model: VenueModel(
        latency: Nanoseconds(latency), makerFeePartsPerMillion: maker,
        takerFeePartsPerMillion: taker), instruments: 2)
    var record = keel_ev_instrument()
    record.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: InstrumentID(rawValue: 0))
    (record.px_exp, record.qty_exp) = (priceExponent, quantityExponent)
    (record.kind, record.tick, record.lot, record.multiplier) = (2, 1, 1, 1)
    (record.base, record.quote, record.settle) = (1, 2, 2)
    see(record)
  }

  func run(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    for step in text.split(whereSeparator: { $0 == "\n" || $0 == ";" }) {
      let arrow = step.firstRange(of: "->")
      let wish = arrow.map { step[..<$0.lowerBound] } ?? step
      guard !words(wish).isEmpty else { continue }
      let got = perform(wish)
      guard let arrow else { continue }
      let expected = words(step[arrow.upperBound...]).joined(separator: " ")
      #expect(got == expected, "\(step)", sourceLocation: sourceLocation)
    }
  }

  /// One step, and what was reported.
  func perform(_ step: Substring) -> String {
    reports.removeAll()
    for item in step.split(whereSeparator: { $0 == "," }) { add(words(item)) }
    return describe()
  }

  private func words(_ text: Substring) -> [String] {
    let parts: [Substring] = text.split(separator: " ")
    return parts.map { String($0) }
  }

  private func add(_ words: [String]) {
    guard let verb = words.first else { return }
    switch verb {
    case "quote": see(quote(words[1]))
    case "trade": see(trade(words))
    case "bar": see(bar(words))
    case "cancel": send(KEEL_CMD_CANCEL, order(UInt64(words[1].dropFirst())!, "buy", ["1"]))
    case "buy", "sell":
      orders += 1
      send(KEEL_CMD_SUBMIT, order(UInt64(orders), verb, Array(words.dropFirst())))
    default:
      now = Timestamp(nanoseconds: Int64(verb.dropFirst())!)
      venue.arrive(by: now, into: &reports)
    }
  }

  /// The host's order: what has arrived is known to the venue before the data is.
  private func see<C: BitwiseCopyable>(_ record: C) {
    var record = record
    let time = now.nanoseconds
    withUnsafeMutableBytes(of: &record) { bytes in
      let header = bytes.baseAddress!.assumingMemoryBound(to: keel_event.self)
      header.pointee.ts_recv = time
      venue.arrive(by: now, into: &reports)
      venue.see(Record(header), into: &reports)
    }
  }

  private func send(_ type: Int, _ command: keel_order) {
    var command = command
    command.h.type = UInt16(type)
    withUnsafeBytes(of: command) { bytes in
      let known = venue.send(
        Record(bytes.baseAddress!.assumingMemoryBound(to: keel_event.self)), at: now)
      #expect(known)
    }
  }

  private func describe() -> String {
    var words: [String] = []
    for record in reports.records {
      if let fill = Fill(record) {
        words.append(
          "#\(fill.orderID) \(fill.quantity.mantissa)x\(fill.price.mantissa) \(fill.liquidity)")
        fees.append(fill.raw.pointee.fee)
        executions.append(FixedText.read(fill.raw.pointee.exec_id))
      } else if let update = OrderUpdate(record) {
        let why =
          switch update.reason {
          case KEEL_REASON_NO_LIQUIDITY: " noLiquidity"
          case KEEL_REASON_POST_ONLY_WOULD_CROSS: " wouldCross"
          default: ""
          }
        words.append("#\(update.orderID) \(update.state)\(why)")
      }
    }
    return words.isEmpty ? "nothing" : words.joined(separator: ", ")
  }
}

/// Records from words.
extension VenueScenario {
  private func pair(_ text: some StringProtocol) -> (quantity: Int64, price: Int64) {
    let parts = text.split(whereSeparator: { $0 == "x" })
    return (Int64(String(parts[0]))!, parts.count > 1 ? Int64(String(parts[1]))! : KEEL_NULL)
  }

  private func quote(_ word: String) -> keel_ev_quote {
    var record = keel_ev_quote()
    record.h = keel_event(
      KEEL_EV_QUOTE, of: keel_ev_quote.self, instrument: InstrumentID(rawValue: 0))
    // Quotes say price x quantity, as books do; orders and trades quantity x price.
    func pair(_ text: Substring) -> (price: Int64, quantity: Int64) {
      let parts = text.split(whereSeparator: { $0 == "x" })
      return (Int64(parts[0])!, Int64(parts[1])!)
    }
    let sides = word.split(whereSeparator: { $0 == "|" })
    (record.bid, record.bid_qty) = sides[0] == "-" ? (KEEL_NULL, 0) : pair(sides[0])
    (record.ask, record.ask_qty) = sides[1] == "-" ? (KEEL_NULL, 0) : pair(sides[1])
    return record
  }

  private func trade(_ words: [String]) -> keel_ev_trade {
    var record = keel_ev_trade()
    record.h = keel_event(
      KEEL_EV_TRADE, of: keel_ev_trade.self, instrument: InstrumentID(rawValue: 0))
    (record.qty, record.px) = pair(words[1])
    record.side = words.count < 3 ? 0 : (words[2] == "buy" ? Side.buy : Side.sell).rawValue
    return record
  }

  /// `bar open high low close [interval]`, delivered now.
  private func bar(_ words: [String]) -> keel_ev_bar {
    let prices = words[1...4].map { Int64($0)! }
    var record = keel_ev_bar()
    record.h = keel_event(
      KEEL_EV_BAR, of: keel_ev_bar.self, instrument: InstrumentID(rawValue: 0))
    (record.open, record.high, record.low, record.close) =
      (prices[0], prices[1], prices[2], prices[3])
    record.interval = words.count > 5 ? Int64(words[5])! : 10
    record.volume = 1
    return record
  }

  private func order(_ id: UInt64, _ side: String, _ words: [String]) -> keel_order {
    let (quantity, price) = pair(words[0])
    var command = keel_order()
    command.h = keel_event(
      KEEL_CMD_SUBMIT, of: keel_order.self, instrument: InstrumentID(rawValue: 0))
    command.order_id = id
    command.qty = quantity
    command.limit = price
    command.side = (side == "buy" ? Side.buy : Side.sell).rawValue
    command.order_type = UInt8(price == KEEL_NULL ? KEEL_MARKET : KEEL_LIMIT)
    command.tif = UInt8(words.contains("ioc") ? KEEL_IOC : KEEL_GTC)
    if words.contains("post") { command.flags = UInt8(KEEL_INF_POST_ONLY) }
    return command
  }
}
