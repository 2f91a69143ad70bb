import History
package import JSON
import Kernel
package import Market
import PluginABI
import PluginBridge

/// An order that nobody places: what would risk say of it?
package struct OrderQuestion: Sendable {
  package var slot: String
  package var side: Side
  /// The instrument's symbol.
  package var instrument: String
  /// Decimals; without a price it is a market order.
  package var quantity: String
  package var price: String?

  package init(
    slot: String, side: Side, instrument: String, quantity: String, price: String? = nil
  ) {
    self.slot = slot
    self.side = side
    self.instrument = instrument
    self.quantity = quantity
    self.price = price
  }
}

extension Session {
  /// Asks every check, and changes nothing.
  package func check(_ question: OrderQuestion) throws(SessionError) -> JSONValue {
    let (request, instrument) = try request(question)
    let start = MonotonicClock.now()
    let review = kernel.review(request)
    let nanoseconds = MonotonicClock.now() - start
    func findings(_ findings: [RiskReview.Finding]) -> JSONValue {
      .array(findings.map { value($0, instrument) })
    }
    return .object([
      ("slot", .string(question.slot)), ("side", .string("\(question.side)")),
      ("instrument", .string(question.instrument)),
      ("quantity", .string(instrument.text(request.quantity))),
      ("price", request.limit.map { .string(instrument.text($0)) } ?? .null),
      ("approved", .bool(review.isApproved)), ("level", .string("\(review.level)")),
      ("score", .integer(review.score)), ("reasons", findings(review.findings)),
      ("warnings", findings(review.warnings)),
      ("passing", review.passing.map { .string(instrument.text($0)) } ?? .null),
      ("nanoseconds", .integer(nanoseconds)),
    ])
  }

  private func request(
    _ question: OrderQuestion
  ) throws(SessionError) -> (PlaceRequest, Instrument) {
    guard let slot = slots.first(where: { $0.name == question.slot }) else {
      throw SessionError(
        .usage, question.slot, "there is no slot of this name",
        remedy: "name one of: \(slotNames.joined(separator: ", "))")
    }
    let symbols = slot.instruments.map(directory.symbol)
    guard let place = symbols.firstIndex(of: question.instrument),
      let instrument = kernel.state.instrument(slot.instruments[place])
    else {
      throw SessionError(
        .refused, question.slot, "it does not trade \(question.instrument)",
        remedy: "name one of: \(symbols.joined(separator: ", "))")
    }
    let quantity = try mantissa(question.quantity, instrument.quantityExponent, "quantity")
    let price = try question.price.map { text throws(SessionError) in
      Price(mantissa: try mantissa(text, instrument.priceExponent, "price"))
    }
    guard quantity > 0 else {
      throw SessionError(
        .refused, "quantity", "an order of \(question.quantity) is none",
        remedy: "give a number above zero")
    }
    var request = PlaceRequest(
      slot: slot.number, generation: kernel.slots[slot.number].generation,
      author: kernel.slots[slot.number].author, intentID: 0, instrument: instrument.id,
      side: question.side, type: price == nil ? .market : .limit,
      timeInForce: .goodTillCancelled, flags: 0, limit: price,
      quantity: Quantity(mantissa: quantity))
    // Where long and short are held at once, the question is one of opening.
    if kernel.state.account(of: instrument).isHedging {
      request.positionSide = question.side == .buy ? .long : .short
    }
    return (request, instrument)
  }

  private func mantissa(
    _ text: String, _ exponent: Int, _ what: String
  ) throws(SessionError) -> Int64 {
    do throws(DecimalText.Failure) { return try DecimalText.parse(text, exponent: exponent) } catch
    {
      throw SessionError(
        .refused, what, "'\(text)' is no \(what) of this instrument",
        remedy: "write a decimal with at most \(Swift.max(0, -exponent)) decimals")
    }
  }

  private func value(_ finding: RiskReview.Finding, _ instrument: Instrument) -> JSONValue {
    func number(_ value: Int64?) -> JSONValue {
      guard let value else { return .null }
      return .string(finding.check.map { Self.text(value, of: $0, instrument) } ?? "\(value)")
    }
    return .object([
      ("reason", .string(ReasonText.name(finding.reason))),
      ("check", finding.check.map { .string("\($0)") } ?? .null),
      ("value", number(finding.value)), ("limit", number(finding.limit)),
    ])
  }

  /// In the unit that the check compares.
  private static func text(
    _ value: Int64, of check: RiskCheck, _ instrument: Instrument
  ) -> String {
    func decimal(_ exponent: Int) -> String {
      DecimalText.format(value, exponent: exponent, trimming: true)
    }
    return switch check {
    case .leastWorth, .dailyLoss, .slotDailyLoss, .drawdown, .orderWorth, .slotPosition, .position,
      .slotShare, .share, .classShare, .slotGross, .gross, .leverage, .classLeverage, .group,
      .sector, .drawdownSize, .tradeRisk, .openRisk, .margin, .budget, .cash:
      decimal(Worth.exponent)
    case .wouldCross, .collar, .spread, .selfTrade, .tick, .trigger:
      decimal(instrument.priceExponent)
    case .lot, .minimum, .reduceOnly: decimal(instrument.quantityExponent)
    case .priceAge, .rateAge: "\(value / 1_000_000) ms"
    default: "\(value)"
    }
  }
}
