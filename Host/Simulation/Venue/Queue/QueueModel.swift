/// Where an order stands among those displayed at its price. Whoever joins behind changes nothing;
/// trades at the price always use up what stands before it, and no more stands before it than is
/// displayed. The models differ in where they take cancelled quantity from.
package struct QueueModel: Sendable {
  package enum Rule: UInt8, Sendable {
    /// Nobody stands before it.
    case front
    /// All who cancel stood behind it.
    case riskAverse
    /// Who cancels stood behind with the probability b^n / (a^n + b^n): a before, b behind.
    case probability
    /// The same with ln(1 + a) and ln(1 + b).
    case logProbability
  }

  package var rule: Rule
  /// n of `probability`.
  package var power: Double

  package init(_ rule: Rule = .riskAverse, power: Double = 1) {
    precondition(power > 0 && power <= 16, "the power of a queue is a small positive number")
    self.rule = rule
    self.power = power
  }

  /// What stands before an order once `before` displayed has become `now`. `ahead` is what trades
  /// have left of it; `traded` is what they took at the price since `before` was displayed.
  func ahead(_ ahead: Int64, before: Int64, now: Int64, traded: Int64, lot: Int64) -> Int64 {
    switch rule {
    case .front: return 0
    case .riskAverse: return Swift.min(ahead, now)
    case .probability, .logProbability:
      let cancelled = before &- traded &- now
      guard cancelled > 0, ahead > 0 else { return Swift.min(ahead, now) }
      let behind = Swift.max(0, before &- traded &- ahead)
      let share = sharesAhead(ahead / lot, behind / lot)
      var fromAhead = Int64(share * Double(cancelled))
      // Behind it, no more can be cancelled than stood there.
      fromAhead = Swift.max(fromAhead, cancelled &- behind)
      return Swift.max(0, Swift.min(ahead &- fromAhead, now))
    }
  }

  private func sharesAhead(_ ahead: Int64, _ behind: Int64) -> Double {
    let (front, back) =
      rule == .probability
      ? (RealFunctions.power(Double(ahead), power), RealFunctions.power(Double(behind), power))
      : (RealFunctions.logarithm(1 + Double(ahead)), RealFunctions.logarithm(1 + Double(behind)))
    let sum = front + back
    return sum > 0 ? front / sum : 1
  }
}
