import Market
import PluginABI
import PluginBridge

/// Checks of the order itself, and of the market it goes to.
extension ResidentRisk {
  func tradingHalted(_ question: RiskQuestion) -> Measure {
    .rule(trading[question.request.slot] == .halted)
  }

  func tick(_ question: RiskQuestion) -> Measure {
    guard let limit = question.request.limit else { return .passes }
    return .rule(
      limit.mantissa <= 0 || !question.instrument.isOnTick(limit), limit.mantissa,
      question.instrument.tick.mantissa)
  }

  /// There where the type has one, nowhere else, and a price.
  func trigger(_ question: RiskQuestion) -> Measure {
    let type = question.request.type
    // A trailing stop finds its own, where none is given.
    guard let trigger = question.request.trigger else {
      return .rule(type.hasTrigger && type != .trailingStop)
    }
    return .rule(
      !type.hasTrigger || trigger.mantissa <= 0 || !question.instrument.isOnTick(trigger),
      trigger.mantissa, question.instrument.tick.mantissa)
  }

  func lot(_ question: RiskQuestion) -> Measure {
    .rule(
      !question.instrument.isOnLot(question.request.quantity),
      question.request.quantity.mantissa, question.instrument.lot.mantissa)
  }

  func minimum(_ question: RiskQuestion) -> Measure {
    .rule(
      question.request.quantity < question.instrument.quantityMin
        || question.request.quantity.isZero,
      question.request.quantity.mantissa, question.instrument.quantityMin.mantissa)
  }

  /// Post-only rests, so it has a price and time; a date is there with GTD alone, and to come.
  func timeInForce(_ question: RiskQuestion) -> Measure {
    let request = question.request
    let isInstant =
      switch request.timeInForce {
      case .immediateOrCancel, .fillOrKill: true
      case .goodTillCancelled, .goodTillDate, .day: false
      }
    if request.isPostOnly, isInstant || request.limit == nil { return .rule(true) }
    if request.timeInForce == .day { return .passes }
    guard request.timeInForce == .goodTillDate else { return .rule(request.expires != nil) }
    guard let expires = request.expires else { return .rule(true) }
    return .rule(
      expires <= question.now, expires.nanoseconds, question.now.nanoseconds)
  }

  func expiry(_ question: RiskQuestion) -> Measure {
    guard let expiry = question.instrument.expiry else { return .passes }
    return .rule(expiry <= question.now, question.now.nanoseconds, expiry.nanoseconds)
  }

  /// Never more than the slot holds, and than what else is out already leaves of it. A bracket's
  /// exit waits for its entry.
  func reduceOnly(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let request = question.request
    guard request.isReduceOnly, request.link != .bracket else { return .passes }
    let held = state.positions[request.slot, request.instrument, request.positionSide]
    let isOpposite = request.side == .sell ? held.quantity > 0 : held.quantity < 0
    let out = request.side == .sell ? held.workingSell : held.workingBuy
    let left =
      isOpposite
      ? abs(held.quantity) - (request.isWaiting ? 0 : out - request.replaced.mantissa) : 0
    return .rule(
      request.quantity.mantissa > left, request.quantity.mantissa, Swift.max(0, left))
  }

  func reducing(_ question: RiskQuestion) -> Measure {
    .rule(trading[question.request.slot] == .reducing)
  }

  func priceAge(_ question: RiskQuestion) -> Measure {
    guard let oldest = limits.tightest(.dataAge, slot: question.request.slot) else {
      return .passes
    }
    return .above((question.now - question.market.updated).count, oldest)
  }

  func wouldCross(_ question: RiskQuestion) -> Measure {
    guard question.request.isPostOnly, let limit = question.request.limit else { return .passes }
    switch question.request.side {
    case .buy:
      guard let ask = question.market.ask else { return .passes }
      return .rule(limit >= ask, limit.mantissa, ask.mantissa)
    case .sell:
      guard let bid = question.market.bid else { return .passes }
      return .rule(limit <= bid, limit.mantissa, bid.mantissa)
    }
  }

  /// Exact: the distance is a share of the reference, compared without a division.
  func collar(_ question: RiskQuestion) -> Measure {
    guard let limit = question.request.limit, question.reference > 0 else { return .passes }
    return .rule(
      isBeyondCollar(limit, question), limit.mantissa, question.reference)
  }

  /// What a market order would meet at once, where the book is so thin that it lies far off.
  func spread(_ question: RiskQuestion) -> Measure {
    let met = question.request.side == .buy ? question.market.ask : question.market.bid
    guard question.request.limit == nil, question.request.trigger == nil, let met,
      question.reference > 0
    else { return .passes }
    return .rule(isBeyondCollar(met, question), met.mantissa, question.reference)
  }

  @inline(__always)
  private func isBeyondCollar(_ price: Price, _ question: RiskQuestion) -> Bool {
    guard let collar = limits.tightest(.priceCollar, slot: question.request.slot) else {
      return false
    }
    let distance = Int128(price.mantissa) - Int128(question.reference)
    return abs(distance) * 1_000_000 > Int128(collar) * Int128(question.reference)
  }

  /// The venue's least worth, at the order's own price.
  func leastWorth(_ question: RiskQuestion) -> Measure {
    let least = question.instrument.notionalMin
    guard least.units > 0 else { return .passes }
    let own = question.request.limit?.mantissa ?? question.reference
    guard own > 0,
      let worth = question.instrument.notional(
        Price(mantissa: own), question.request.quantity)
    else { return .passes }
    return .rule(worth.units < least.units, micros(worth), micros(least))
  }

  private func micros(_ money: Money) -> Int64? {
    FixedPoint.rescale(money.units, from: Money.exponent, to: Worth.exponent)
      .flatMap { Int64(exactly: $0) }
  }

  func orderLots(_ question: RiskQuestion) -> Measure {
    guard let most = limits.tightest(.orderLots, slot: question.request.slot) else {
      return .passes
    }
    return .above(question.request.quantity.mantissa / question.instrument.lot.mantissa, most)
  }

  func slotBreaker(_ question: RiskQuestion) -> Measure {
    guard limits[.breakerRejects] != nil else { return .passes }
    return .rule(!refusals[Int(question.request.slot)].breaker.allows(at: question.now))
  }

  func instrumentBreaker(_ question: RiskQuestion) -> Measure {
    guard limits[.breakerMove] != nil else { return .passes }
    return .rule(!moves[question.request.instrument.index].breaker.allows(at: question.now))
  }

  func slotOrders(_ question: RiskQuestion) -> Measure {
    throttled(
      slotOrders[Int(question.request.slot)],
      limits.tightest(.slotOrders, slot: question.request.slot), question)
  }
  func accountOrders(_ question: RiskQuestion) -> Measure {
    throttled(
      accountOrders[Int(question.instrument.account)], limits[.accountOrders], question)
  }
  func venueOrders(_ question: RiskQuestion) -> Measure {
    throttled(venueOrders[Int(question.instrument.account)], limits[.venueOrders], question)
  }

  @inline(__always)
  private func throttled(
    _ throttle: Throttle, _ count: Int64?, _ question: RiskQuestion
  ) -> Measure {
    guard let count, let time = limits[.rateTime] else { return .passes }
    let used = throttle.used(count, in: time, at: question.now)
    return .above(used + 1, count, fails: !throttle.allows(count, in: time, at: question.now))
  }

  func duplicate(_ question: RiskQuestion) -> Measure {
    let own = limits[.duplicateTime, .slot(question.request.slot)] ?? 0
    let window = Swift.max(limits[.duplicateTime] ?? 0, own)
    guard window > 0 else { return .passes }
    return .rule(recent.contains(question.request, since: question.now + Nanoseconds(-window)))
  }

  /// A limit order meets another where the buyer's price is at least the seller's, a market order
  /// any. Orders that wait for a trigger are not in the book.
  func selfTrade(_ question: RiskQuestion, _ state: borrowing State) -> Measure {
    let request = question.request
    guard question.side.meetsOwn, limits[.selfTrade] == 1, request.trigger == nil,
      !(question.reduces && request.limit == nil)
    else { return .passes }
    var met: Int64?
    state.orders.forEachOpen(of: request.instrument) { order in
      guard order.side != request.side, order.trigger == nil else { return }
      guard let ours = request.limit, let theirs = order.limit else {
        met = order.limit?.mantissa ?? question.reference
        return
      }
      if request.side == .buy ? ours >= theirs : ours <= theirs { met = theirs.mantissa }
    }
    return .rule(met != nil, request.limit?.mantissa ?? question.reference, met)
  }
}
