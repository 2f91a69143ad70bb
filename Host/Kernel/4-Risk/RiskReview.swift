package import Market
package import PluginABI
import PluginBridge

/// All that risk can say of one request: every check with its numbers, how near each limit is, and
/// what size would pass.
package struct RiskReview: Sendable {
  package enum Level: UInt8, Comparable, Sendable {
    case low, medium, high, critical

    /// Half used, four fifths used, and what is refused.
    init(score: Int, isApproved: Bool) {
      self =
        !isApproved
        ? .critical
        : score > RiskReview.warningPercent
          ? .high
          : score > 50 ? .medium : .low
    }
    package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
  }
  package struct Finding: Equatable, Sendable {
    package var check: RiskCheck?
    package var reason: Int
    package var value: Int64?
    package var limit: Int64?
  }

  /// From here on a limit is nearly used up.
  static let warningPercent = 80

  package internal(set) var findings: [Finding] = []
  package internal(set) var warnings: [Finding] = []
  /// The highest use of any limit, in percent; 100 where a check fails.
  package internal(set) var score = 0
  /// The largest size of whole lots, up to the one asked for, that passes; nil where none does.
  package internal(set) var passing: Quantity?

  package var isApproved: Bool { findings.isEmpty }
  package var level: Level { Level(score: score, isApproved: isApproved) }

  /// Bit KEEL_REASON_ - 32 of each limit that is nearly used up.
  package var warningBits: UInt64 {
    warnings.reduce(0) { bits, warning in
      let bit = warning.reason - KEEL_REASON_HALTED
      return (0..<64).contains(bit) ? bits | 1 << UInt64(bit) : bits
    }
  }

  /// The answer to a dry run, as the record in which decisions are told.
  package func decision(_ request: PlaceRequest) -> keel_rec_decision {
    var decision = keel_rec_decision()
    decision.h = keel_event(
      KEEL_REC_DECISION, of: keel_rec_decision.self, instrument: request.instrument)
    decision.h.source = request.slot
    decision.intent_id = request.intentID
    decision.value = findings.first?.value ?? KEEL_NULL
    decision.limit = findings.first?.limit ?? KEEL_NULL
    decision.passing = passing?.mantissa ?? KEEL_NULL
    decision.generation = request.generation
    decision.reason = UInt16(findings.first?.reason ?? KEEL_REASON_NONE)
    decision.approved = isApproved ? 1 : 0
    decision.dry_run = 1
    decision.warnings = warningBits
    return decision
  }
}

extension ResidentRisk {
  /// Every check, not only the first that fails. For questions, which may take their time.
  package func review(
    _ request: PlaceRequest, _ state: borrowing State, skipping: RiskCheckSet = .none
  ) -> RiskReview {
    var review = RiskReview()
    guard let question = RiskQuestion(request, state) else {
      review.findings = [
        RiskReview.Finding(check: nil, reason: KEEL_REASON_UNKNOWN_INSTRUMENT)
      ]
      review.score = 100
      return review
    }
    for check in RiskCheck.allCases where !skipping.contains(check) {
      let measure = measure(check, question, state)
      let finding = RiskReview.Finding(
        check: check, reason: check.reason, value: measure.value, limit: measure.limit)
      let used = measure.utilisation
      review.score = Swift.max(review.score, Swift.min(100, used))
      if measure.fails {
        review.findings.append(finding)
      } else if used > RiskReview.warningPercent {
        review.warnings.append(finding)
      }
    }
    if let warning = drawdownWarning(state.portfolio) { review.warnings.append(warning) }
    review.passing = passing(request, question.instrument, state, skipping)
    return review
  }

  private func drawdownWarning(_ portfolio: borrowing Portfolio) -> RiskReview.Finding? {
    guard let share = limits[.drawdownWarning], let equity = portfolio.equity else { return nil }
    let measure = Measure.reached(
      portfolio.day.drawdown(equity), share,
      of: Swift.max(portfolio.day.highest ?? equity, equity))
    guard measure.fails else { return nil }
    return RiskReview.Finding(
      check: .drawdown, reason: KEEL_REASON_DRAWDOWN, value: measure.value, limit: measure.limit)
  }

  /// By halving over whole lots: less passes where more does, down to the instrument's minimums.
  private func passing(
    _ request: PlaceRequest, _ instrument: Instrument, _ state: borrowing State,
    _ skipping: RiskCheckSet
  ) -> Quantity? {
    let lot = instrument.lot.mantissa
    func passes(_ lots: Int64) -> Bool {
      var changed = request
      changed.quantity = Quantity(mantissa: lots * lot)
      return assess(changed, state, skipping: skipping) == nil
    }
    let asked = request.quantity.mantissa / lot
    guard asked > 0 else { return nil }
    if passes(asked) { return Quantity(mantissa: asked * lot) }
    guard var least = leastLots(request, instrument, state), least < asked else { return nil }
    if !passes(least) {
      // The size of an order just placed is refused for being the same one again.
      guard least + 1 < asked, passes(least + 1) else { return nil }
      least += 1
    }
    var most = asked
    while most - least > 1 {
      let middle = least + (most - least) / 2
      if passes(middle) { least = middle } else { most = middle }
    }
    return Quantity(mantissa: least * lot)
  }

  /// The smallest size that instrument and venue take; nil beyond 64 bits.
  private func leastLots(
    _ request: PlaceRequest, _ instrument: Instrument, _ state: borrowing State
  ) -> Int64? {
    let lot = instrument.lot.mantissa
    func lots(_ quantity: Int128) -> Int64? {
      Int64(exactly: (quantity + Int128(lot) - 1) / Int128(lot))
    }
    guard let least = lots(Int128(instrument.quantityMin.mantissa)) else { return nil }
    guard instrument.notionalMin.units > 0,
      let price = request.limit ?? state.market(request.instrument)?.reference,
      let one = instrument.notional(price, instrument.lot), one.units > 0
    else { return Swift.max(1, least) }
    let units = instrument.notionalMin.units
    let byWorth = Int64(exactly: units / one.units + (units % one.units > 0 ? 1 : 0))
    return byWorth.map { Swift.max(1, least, $0) }
  }
}
