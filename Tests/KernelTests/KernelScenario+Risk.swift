import Market
import PluginABI
import PluginBridge

@testable import Kernel

/// Questions to risk: `may buy P 5x100 post slot=2 stop=90 type=3 trigger=95 tif=4 expires=9`,
/// `size` with the same words for the largest that passes, `equity`, `terms`, `gross`, `drawdown`.
extension KernelScenario {
  func askRisk(_ word: String, _ rest: [String]) -> String? {
    switch word {
    case "may":
      onQuestion(rest)
      guard let question = question(rest) else { return "unknown instrument" }
      return told(assess(question, skipping: .none))
    case "size":
      let review = kernel.risk.review(request(rest), kernel.state)
      return review.passing.map { "\($0.mantissa)" } ?? "none"
    case "equity": return kernel.state.portfolio.equity.map(Self.text) ?? "unknown"
    case "gross": return Self.text(kernel.state.portfolio.grossExposure)
    case "openrisk": return Self.text(kernel.state.portfolio.openRisk(unprotected: Int64(rest[0])!))
    case "marks":
      let highest = kernel.state.portfolio.day.highest.map(Self.text) ?? "-"
      let first = kernel.state.portfolio.day.first.map(Self.text) ?? "-"
      let entries = kernel.state.portfolio.day.entries
      return "highest \(highest) first \(first) entries \(entries)"
    case "terms":
      let terms = kernel.state.portfolio.terms
      return "flows \(Self.text(terms.flows)) traded \(Self.text(terms.traded)) "
        + "revaluation \(Self.text(terms.revaluation)) "
        + "unrealised \(Self.text(terms.unrealised))"
    default: return nil
    }
  }

  func assess(_ question: RiskQuestion, skipping: RiskCheckSet) -> Refusal? {
    kernel.risk.assess(question, kernel.state, skipping: skipping)
  }

  /// `gapped` as a word, because no scenario has a book to break.
  func question(_ words: [String]) -> RiskQuestion? {
    var question = RiskQuestion(request(words), kernel.state)
    if words.contains("gapped") { question?.market.isGapped = true }
    return question
  }

  func told(_ refusal: Refusal?) -> String {
    guard let refusal else { return "yes" }
    return "refused \(EffectWords.reason(refusal.reason))"
      + EffectWords.numbers(
        refusal.reason, refusal.value ?? KEEL_NULL, refusal.limit ?? KEEL_NULL)
  }

  private static func text(_ worth: Worth) -> String {
    DecimalText.format(worth.micros, exponent: Worth.exponent, trimming: true)
  }

  /// Without an intent: also what no code can ask for yet. Its id is nobody's.
  func request(_ words: [String]) -> PlaceRequest {
    func number(_ name: String) -> Int64? { Self.option(name, words).flatMap { Int64($0) } }
    let (quantity, price) = Self.amount(words[2])
    var flags = words.contains("post") ? KEEL_INF_POST_ONLY : 0
    if words.contains("reduce") { flags |= KEEL_INF_REDUCE_ONLY }
    let type = number("type").flatMap { OrderType(rawValue: UInt8($0)) }
    let time = number("tif").flatMap { TimeInForce(rawValue: UInt8($0)) }
    return PlaceRequest(
      slot: number("slot").map { UInt32($0) } ?? firstStrategy, generation: 1, author: 1,
      intentID: .max, instrument: ScenarioInstrument.id(words[1]),
      side: words[0] == "sell" ? .sell : .buy, type: type ?? (price == nil ? .market : .limit),
      timeInForce: time ?? (words.contains("ioc") ? .immediateOrCancel : .goodTillCancelled),
      flags: UInt8(flags), limit: price.map { Price(mantissa: $0) },
      trigger: number("trigger").map { Price(mantissa: $0) },
      expires: number("expires").map { Timestamp(nanoseconds: $0) },
      stop: number("stop").map { Price(mantissa: $0) }, quantity: Quantity(mantissa: quantity))
  }
}
