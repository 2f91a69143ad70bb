import Market
import PluginABI
import PluginBridge
import Simulation
import TestSupport
import Testing

/// A simulated venue driven by words: `inputs -> reports`, apart by commas, one step to a line or
/// between semicolons. `@5` sets the time; what has happened by then is reported first.
///
///     quote 99x5|101x5
///     buy 3x101 -> nothing
///     quote 99x5|101x5 -> #1 accepted, #1 3x101 taker
///
/// Orders say quantity x limit, then `ioc`, `fok`, `day`, `gtd=50`, `post`, `reduce`, `show=2`,
/// `stop=105`, `trail=4`, `profit=110`, `touch=90`, `long`, `short`. Books say price x quantity:
/// `book 99x5 98x5|101x5` is a full picture, `bid 99x3` and `ask 101x0` change one level.
final class VenueScenario {
  let venue: SimulatedVenue
  var reports = RecordBuffer(capacity: 1 << 16)
  var now = Timestamp(nanoseconds: 0)
  var orders = 0
  /// Of orders that amends speak of.
  var sent: [UInt64: keel_order] = [:]
  var venueSequence: UInt64 = 10
  /// Fees of all fills, in mantissas of 10^-8, in order; and what they are paid in.
  private(set) var fees: [Int64] = []
  private(set) var feeAssets: [UInt32] = []
  private(set) var executions: [String] = []

  init(_ model: VenueModel = VenueModel(), change: (inout keel_ev_instrument) -> Void = { _ in }) {
    venue = SimulatedVenue(model: model, instruments: 2)
    var record = keel_ev_instrument()
    record.h = keel_event(
      KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self, instrument: InstrumentID(rawValue: 0))
    (record.kind, record.tick, record.lot, record.multiplier) = (2, 1, 1, 1)
    (record.base, record.quote, record.settle) = (1, 2, 2)
    (record.expiry, record.strike) = (KEEL_NULL, KEEL_NULL)
    change(&record)
    see(record)
  }

  convenience init(latency: Int64 = 0) {
    var model = VenueModel()
    model.orderLatency = .constant(Nanoseconds(latency))
    self.init(model)
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
    case "book": book(words.dropFirst().joined(separator: " "))
    case "bid", "ask": see(level(verb, words[1]))
    case "gap": see(gap())
    case "halt": see(status(KEEL_HALTED))
    case "open": see(status(KEEL_TRADING))
    case "mark": see(mark(words))
    case "funding": see(funding(words))
    case "cash": see(cash(Int64(words[1])!))
    case "cancel": send(KEEL_CMD_CANCEL, named(words[1]))
    case "query": send(KEEL_CMD_QUERY, named(words[1]))
    case "amend": amend(words)
    case "buy", "sell":
      orders += 1
      let order = order(UInt64(orders), verb, Array(words.dropFirst()))
      sent[UInt64(orders)] = order
      send(KEEL_CMD_SUBMIT, order)
    default:
      now = Timestamp(nanoseconds: Int64(verb.dropFirst())!)
      venue.arrive(by: now, into: &reports)
    }
  }

  /// The host's order: what has arrived is known to the venue before the data is.
  func see<C: BitwiseCopyable>(_ record: C) {
    var record = record
    let time = now.nanoseconds
    withUnsafeMutableBytes(of: &record) { bytes in
      let header = bytes.baseAddress!.assumingMemoryBound(to: keel_event.self)
      header.pointee.ts_recv = time
      venue.arrive(by: now, into: &reports)
      venue.see(Record(header), into: &reports)
    }
  }

  func send(_ type: Int, _ command: keel_order) {
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
        words.append(text(fill))
        fees.append(fill.raw.pointee.fee)
        feeAssets.append(fill.raw.pointee.fee_asset)
        executions.append(FixedText.read(fill.raw.pointee.exec_id))
      } else if let update = OrderUpdate(record) {
        words.append("#\(update.orderID) \(update.state)" + Self.word(update.reason))
      } else if let funding = record.cast(to: keel_ev_funding.self) {
        words.append("funding \(funding.pointee.rate) at \(funding.pointee.mark)")
      }
    }
    return words.isEmpty ? "nothing" : words.joined(separator: ", ")
  }

  private func text(_ fill: Fill) -> String {
    let amount = "\(fill.quantity.mantissa)x\(fill.price.mantissa)"
    guard fill.raw.pointee.is_external != 0 else {
      return "#\(fill.orderID) \(amount) \(fill.liquidity)"
    }
    let why = FixedText.read(fill.raw.pointee.exec_id).prefix { $0 != "-" }
    return "\(why) \(fill.side) \(amount)"
  }

  private static func word(_ reason: Int) -> String {
    switch reason {
    case KEEL_REASON_NONE: ""
    case KEEL_REASON_NO_LIQUIDITY: " noLiquidity"
    case KEEL_REASON_POST_ONLY_WOULD_CROSS: " wouldCross"
    case KEEL_REASON_REDUCE_ONLY: " reduceOnly"
    case KEEL_REASON_SELF_TRADE: " selfTrade"
    case KEEL_REASON_STALE_DATA: " stale"
    case KEEL_REASON_GAPPED_DATA: " gapped"
    case KEEL_REASON_NOT_FOUND: " notFound"
    case KEEL_REASON_MARGIN: " margin"
    case KEEL_REASON_EXPIRED: " over"
    case KEEL_REASON_HALTED: " halted"
    case KEEL_REASON_OFF_TICK: " offTick"
    case KEEL_REASON_OFF_LOT: " offLot"
    case KEEL_REASON_BELOW_MINIMUM: " belowMinimum"
    case KEEL_REASON_BELOW_NOTIONAL: " belowNotional"
    case KEEL_REASON_TIME_IN_FORCE: " time"
    case KEEL_REASON_VENUE: " venue"
    default: " \(reason)"
    }
  }
}
