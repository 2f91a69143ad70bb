import Market
import PluginABI

/// The decision: the first check that fails, or none.
extension ResidentRisk {
  /// nil when the order may go, else why it may not. `skipping` is for tests alone.
  package func assess(
    _ request: PlaceRequest, _ state: borrowing State, skipping: RiskCheckSet = .none
  ) -> Refusal? {
    guard let question = RiskQuestion(request, state) else {
      return Refusal(KEEL_REASON_UNKNOWN_INSTRUMENT)
    }
    return assess(question, state, skipping: skipping)
  }

  @inline(__always)
  func assess(
    _ question: RiskQuestion, _ state: borrowing State, skipping: RiskCheckSet
  ) -> Refusal? {
    guard let check = firstFailing(question, state, skipping) else { return nil }
    let measure = measure(check, question, state)
    return Refusal(check.reason, value: measure.value, limit: measure.limit)
  }

  /// The checks in their order, written out: each is inlined where it stands, and nothing of it is
  /// computed that the answer does not need.
  private func firstFailing(
    _ question: RiskQuestion, _ state: borrowing State, _ skipping: RiskCheckSet
  ) -> RiskCheck? {
    @inline(__always)
    func fails(_ check: RiskCheck) -> Bool {
      !skipping.contains(check) && measure(check, question, state).fails
    }
    if fails(.tradingHalted) { return .tradingHalted }
    if fails(.instrumentHalted) { return .instrumentHalted }
    if fails(.tick) { return .tick }
    if fails(.trigger) { return .trigger }
    if fails(.lot) { return .lot }
    if fails(.minimum) { return .minimum }
    if fails(.timeInForce) { return .timeInForce }
    if fails(.expiry) { return .expiry }
    if fails(.reduceOnly) { return .reduceOnly }
    if question.reduces {
      if fails(.wouldCross) { return .wouldCross }
      if fails(.collar) { return .collar }
      if fails(.leastWorth) { return .leastWorth }
      if question.request.isWaiting { return nil }
      if fails(.selfTrade) { return .selfTrade }
      return fails(.cash) ? .cash : nil
    }
    if fails(.reducing) { return .reducing }
    if fails(.priceKnown) { return .priceKnown }
    if fails(.priceAge) { return .priceAge }
    if fails(.gap) { return .gap }
    if fails(.wouldCross) { return .wouldCross }
    if fails(.collar) { return .collar }
    if fails(.spread) { return .spread }
    if fails(.leastWorth) { return .leastWorth }
    if fails(.orderLots) { return .orderLots }
    if fails(.slotBreaker) { return .slotBreaker }
    if fails(.instrumentBreaker) { return .instrumentBreaker }
    if fails(.slotOrders) { return .slotOrders }
    if fails(.accountOrders) { return .accountOrders }
    if fails(.venueOrders) { return .venueOrders }
    if fails(.duplicate) { return .duplicate }
    if fails(.selfTrade) { return .selfTrade }
    return firstFailingOfPortfolio(question, state, skipping)
  }

  @inline(__always)
  private func firstFailingOfPortfolio(
    _ question: RiskQuestion, _ state: borrowing State, _ skipping: RiskCheckSet
  ) -> RiskCheck? {
    @inline(__always)
    func fails(_ check: RiskCheck) -> Bool {
      !skipping.contains(check) && measure(check, question, state).fails
    }
    if fails(.dailyTrades) { return .dailyTrades }
    if fails(.slotDailyTrades) { return .slotDailyTrades }
    if fails(.rateKnown) { return .rateKnown }
    if fails(.rateAge) { return .rateAge }
    if fails(.equityKnown) { return .equityKnown }
    if fails(.dailyLoss) { return .dailyLoss }
    if fails(.slotDailyLoss) { return .slotDailyLoss }
    if fails(.drawdown) { return .drawdown }
    if fails(.orderWorth) { return .orderWorth }
    if fails(.sum) { return .sum }
    if fails(.slotPosition) { return .slotPosition }
    if fails(.position) { return .position }
    if fails(.slotShare) { return .slotShare }
    if fails(.share) { return .share }
    if fails(.classShare) { return .classShare }
    if fails(.slotGross) { return .slotGross }
    if fails(.gross) { return .gross }
    if fails(.leverage) { return .leverage }
    if fails(.classLeverage) { return .classLeverage }
    if fails(.group) { return .group }
    if fails(.sector) { return .sector }
    if fails(.drawdownSize) { return .drawdownSize }
    if fails(.tradeRisk) { return .tradeRisk }
    if fails(.openRisk) { return .openRisk }
    if fails(.margin) { return .margin }
    if fails(.budget) { return .budget }
    return fails(.cash) ? .cash : nil
  }

  /// One check of one question, by the table of `RiskCheck`.
  @inline(__always)
  func measure(
    _ check: RiskCheck, _ question: RiskQuestion, _ state: borrowing State
  ) -> Measure {
    if question.reduces, !check.bindsReductions { return .passes }
    return switch check {
    case .tradingHalted: tradingHalted(question)
    case .instrumentHalted: .rule(!question.market.isTrading)
    case .tick: tick(question)
    case .trigger: trigger(question)
    case .lot: lot(question)
    case .minimum: minimum(question)
    case .timeInForce: timeInForce(question)
    case .expiry: expiry(question)
    case .reduceOnly: reduceOnly(question, state)
    case .reducing: reducing(question)
    case .priceKnown: .rule(question.reference == 0)
    case .priceAge: priceAge(question)
    case .gap: .rule(question.market.isGapped)
    case .wouldCross: wouldCross(question)
    case .collar: collar(question)
    case .spread: spread(question)
    case .leastWorth: leastWorth(question)
    case .orderLots: orderLots(question)
    case .slotBreaker: slotBreaker(question)
    case .instrumentBreaker: instrumentBreaker(question)
    case .slotOrders: slotOrders(question)
    case .accountOrders: accountOrders(question)
    case .venueOrders: venueOrders(question)
    case .duplicate: question.request.isRelease ? .passes : duplicate(question)
    case .selfTrade: selfTrade(question, state)
    case .dailyTrades: dailyTrades(question, state)
    case .slotDailyTrades: slotDailyTrades(question, state)
    case .rateKnown: rateKnown(question)
    case .rateAge: rateAge(question, state)
    case .equityKnown: equityKnown(question)
    case .dailyLoss: dailyLoss(question, state)
    case .slotDailyLoss: slotDailyLoss(question, state)
    case .drawdown: drawdown(question, state)
    case .orderWorth: orderWorth(question)
    case .sum: sum(question)
    case .slotPosition: slotPosition(question)
    case .position: position(question)
    case .slotShare: slotShare(question)
    case .share: share(question)
    case .classShare: classShare(question)
    case .slotGross: slotGross(question, state)
    case .gross: gross(question, state)
    case .leverage: leverage(question, state)
    case .classLeverage: classLeverage(question, state)
    case .group: group(question, state)
    case .sector: sector(question, state)
    case .drawdownSize: drawdownSize(question, state)
    case .tradeRisk: tradeRisk(question, state)
    case .openRisk: openRisk(question, state)
    case .margin: margin(question, state)
    case .budget: budget(question, state)
    case .cash: cash(question, state)
    }
  }
}
