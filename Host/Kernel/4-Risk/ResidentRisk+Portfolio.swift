import Market
import PluginABI
import PluginBridge

/// Checks of what the order makes of the portfolio. An order that only reduces was let through
/// before; one that reduces for the slot alone, or for the account alone, is not held to the size
/// of that position.
extension ResidentRisk {
  func dailyTrades(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    guard let most = limits[.dailyTrades] else { return .passes }
    return .reached(Int64(state.portfolio.day.entries), most)
  }
  func slotDailyTrades(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let slot = question.request.slot
    guard let most = limits[.dailyTrades, .slot(slot)] else { return .passes }
    return .reached(Int64(state.portfolio.day.entries(slot: slot)), most)
  }

  func rateKnown(_ question: RiskQuestion) -> Measure {
    .rule(limits.needRate && question.orderWorth == nil)
  }

  func rateAge(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    guard let oldest = limits[.rateAge], limits.needRate else { return .passes }
    let own = state.portfolio.rateTime(question.instrument.settlement)
    let others = limits.needEquity ? state.portfolio.oldestRateTime : nil
    guard let told = own.map({ Swift.min($0, others ?? $0) }) ?? others else { return .passes }
    return .above((question.now - told).count, oldest)
  }

  func equityKnown(_ question: RiskQuestion) -> Measure {
    .rule(limits.needEquity && question.equity == nil)
  }

  /// At equality too: what may be lost is lost.
  func dailyLoss(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    guard let share = limits[.dailyLoss], let equity = question.equity else { return .passes }
    return .reached(
      state.portfolio.day.loss(equity), share, of: state.portfolio.day.first ?? equity)
  }
  func slotDailyLoss(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let slot = question.request.slot
    guard let share = limits[.dailyLoss, .slot(slot)], let equity = question.equity else {
      return .passes
    }
    return .reached(
      state.portfolio.dayLoss(slot: slot), share, of: state.portfolio.day.first ?? equity)
  }

  func drawdown(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    guard let share = limits[.drawdownStop], let equity = question.equity else { return .passes }
    let highest = state.portfolio.day.highest ?? equity
    return .reached(
      state.portfolio.day.drawdown(equity), share, of: Swift.max(highest, equity))
  }

  /// Beyond what the ledger can hold is beyond any limit.
  func orderWorth(_ question: RiskQuestion) -> Measure {
    if question.price > 0,
      question.instrument.notional(
        Price(mantissa: question.price), question.request.quantity) == nil
    {
      return .rule(true)
    }
    return .above(
      question.orderWorth?.micros ?? 0,
      limits.tightest(.orderWorth, slot: question.request.slot))
  }

  /// Sums must hold whatever the limits say, and what is beyond all counting is beyond any limit.
  func sum(_ question: RiskQuestion) -> Measure {
    .rule(question.side.slotEnd == nil || question.side.accountEnd == nil)
  }

  func slotPosition(_ question: RiskQuestion) -> Measure {
    guard !question.side.slotReduces else { return .passes }
    return .above(
      question.slotPosition.micros,
      limits.tightest(.positionWorth, slot: question.request.slot))
  }
  func position(_ question: RiskQuestion) -> Measure {
    guard !question.side.accountReduces else { return .passes }
    return .above(question.position.micros, limits[.positionWorth])
  }

  func slotShare(_ question: RiskQuestion) -> Measure {
    guard !question.side.slotReduces else { return .passes }
    return .above(
      question.slotPosition, limits.tightest(.equityShare, slot: question.request.slot),
      of: question.equity)
  }
  func share(_ question: RiskQuestion) -> Measure {
    guard !question.side.accountReduces else { return .passes }
    return .above(question.position, limits[.equityShare], of: question.equity)
  }
  func classShare(_ question: RiskQuestion) -> Measure {
    guard !question.side.accountReduces else { return .passes }
    let ofClass = LimitScope.assetClass(question.instrument.assetClass.rawValue)
    return .above(question.position, limits[.classExposure, ofClass], of: question.equity)
  }

  func slotGross(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let slot = question.request.slot
    return .above(
      after(state.portfolio.grossExposure(slot: slot), question.slotExposureAdded),
      limits[.grossExposure, .slot(slot)], of: question.equity)
  }
  func gross(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    .above(
      after(state.portfolio.grossExposure, question.exposureAdded), limits[.grossExposure],
      of: question.equity)
  }
  func leverage(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    .above(
      after(state.portfolio.grossExposure, question.exposureAdded), limits[.leverage],
      of: question.equity)
  }
  func classLeverage(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let assetClass = question.instrument.assetClass
    return .above(
      after(state.portfolio.exposure(assetClass: assetClass), question.exposureAdded),
      limits[.leverage, .assetClass(assetClass.rawValue)], of: question.equity)
  }
  func group(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let group = question.instrument.group
    guard group != 0 else { return .passes }
    return .above(
      after(state.portfolio.exposure(group: group), question.exposureAdded), limits[.correlated],
      of: question.equity)
  }
  func sector(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let sector = question.instrument.sector
    guard sector != 0 else { return .passes }
    return .above(
      after(state.portfolio.exposure(sector: sector), question.exposureAdded), limits[.sector],
      of: question.equity)
  }

  @inline(__always)
  private func after(_ exposure: Worth, _ added: Int128) -> Worth {
    Worth(clamping: Int128(exposure.micros) + added)
  }

  func tradeRisk(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    guard let share = limits.tightest(.tradeRisk, slot: question.request.slot) else {
      return .passes
    }
    return .above(loss(question, state), share, of: question.equity)
  }

  func openRisk(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    guard let share = limits[.openRisk] else { return .passes }
    let open = state.portfolio.openRisk(unprotected: unprotectedLoss)
    return .above(open + loss(question, state), share, of: question.equity)
  }

  /// What the order loses if its stop is met: its distance from there, or, without a stop, the
  /// share that is held to be lost.
  private func loss(_ question: RiskQuestion, _ state: borrowing State) -> Worth {
    guard let stop = question.request.stop, question.instrument.kind != .inverse else {
      return (question.orderWorth ?? .most).shareRoundedUp(unprotectedLoss)
    }
    let entry = question.request.limit?.mantissa ?? question.reference
    let (distance, overflow) =
      question.request.side == .buy
      ? entry.subtractingReportingOverflow(stop.mantissa)
      : stop.mantissa.subtractingReportingOverflow(entry)
    // A stop on the wrong side of the entry protects nothing.
    guard !overflow, distance > 0 else {
      return (question.orderWorth ?? .most).shareRoundedUp(unprotectedLoss)
    }
    return state.portfolio.worth(
      question.request.instrument, distance, question.request.quantity.mantissa.magnitude) ?? .most
  }
  /// All of it, where nobody says how much.
  private var unprotectedLoss: Int64 { limits[.unprotectedLoss] ?? 1_000_000 }

  func margin(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    guard let share = limits[.margin], !question.instrument.isPaidInFull else { return .passes }
    let bound = question.exposureAfter.shareRoundedUp(Int64(question.instrument.initialMargin))
    let change = bound.difference(from: state.portfolio.margin(question.request.instrument))
    return .above(after(state.portfolio.marginBound, change), share, of: question.equity)
  }

  /// A slot trades with its budget, and what it made or lost of it.
  func budget(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let slot = question.request.slot
    guard let budget = limits[.budget, .slot(slot)] else { return .passes }
    let capital = Worth(micros: budget) + state.portfolio.realised(slot: slot)
    return .above(
      after(state.portfolio.grossExposure(slot: slot), question.slotExposureAdded).micros,
      capital.micros)
  }

  /// What is exchanged must be there, beside what all working orders would take of the same asset.
  func cash(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let instrument = question.instrument
    guard instrument.isPaidInFull else { return .passes }
    let request = question.request
    let price = Price(mantissa: request.limit?.mantissa ?? question.reference)
    guard !state.portfolio.terms(of: instrument.account).mayOwe,
      let spending = state.portfolio.spending(request.side, request.quantity, price, instrument)
    else { return .passes }
    let available = Money(
      units: state.cash[instrument.account, spending.asset].total, asset: spending.asset)
    guard let units = spending.units else { return .rule(true, nil, micros(available)) }
    let (needed, overflow) = units.addingReportingOverflow(
      state.portfolio.reserved(spending.asset))
    guard overflow || needed > available.units else { return .passes }
    let money = Money(units: needed, asset: spending.asset)
    return .rule(true, overflow ? nil : micros(money), micros(available))
  }

  /// For the record of the decision; nil beyond 64 bits.
  private func micros(_ money: Money) -> Int64? {
    FixedPoint.rescale(money.units, from: Money.exponent, to: Worth.exponent)
      .flatMap { Int64(exactly: $0) }
  }
}

/// What drawdown does to sizes.
extension ResidentRisk {
  /// Parts per million that are left of every limit of size: all of it up to where reduction
  /// begins, nothing from the hard stop.
  package func sizeLeft(_ portfolio: borrowing Portfolio) -> Int64 {
    guard let reduce = limits[.drawdownReduce], let stop = limits[.drawdownStop], stop > reduce,
      let equity = portfolio.equity
    else { return 1_000_000 }
    let highest = Swift.max(portfolio.day.highest ?? equity, equity)
    let down = Int128(portfolio.day.drawdown(equity).micros) * 1_000_000
    guard highest > .zero else { return 0 }
    guard down > Int128(highest.micros) * Int128(reduce) else { return 1_000_000 }
    let left = Int128(highest.micros) * Int128(stop) - down
    guard left > 0 else { return 0 }
    return Int64(left * 1_000_000 / (Int128(highest.micros) * Int128(stop - reduce)))
  }

  /// The sizes that drawdown shrinks, against what is left of their limits: the one used up most.
  func drawdownSize(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let left = sizeLeft(state.portfolio)
    guard left < 1_000_000 else { return .passes }
    let slot = question.request.slot
    var worst = Measure.passes
    func hold(_ value: Worth?, to limit: Worth?) {
      guard let value, let limit else { return }
      let measure = Measure.above(value.micros, limit.share(left).micros)
      if measure.utilisation > worst.utilisation { worst = measure }
    }
    hold(
      question.orderWorth, to: limits.tightest(.orderWorth, slot: slot).map { Worth(micros: $0) })
    if !question.side.slotReduces {
      let share = limits.tightest(.equityShare, slot: slot)
      hold(
        question.slotPosition,
        to: limits.tightest(.positionWorth, slot: slot).map { Worth(micros: $0) })
      hold(question.slotPosition, to: share.flatMap { question.equity?.share($0) })
    }
    if !question.side.accountReduces {
      let ofClass = LimitScope.assetClass(question.instrument.assetClass.rawValue)
      hold(question.position, to: limits[.positionWorth].map { Worth(micros: $0) })
      hold(question.position, to: limits[.equityShare].flatMap { question.equity?.share($0) })
      hold(
        question.position,
        to: limits[.classExposure, ofClass].flatMap { question.equity?.share($0) })
    }
    return worst
  }
}
