import Market

/// All that the checks compare, worked out once for one request. A value: asking changes nothing.
struct RiskQuestion {
  let request: PlaceRequest
  let instrument: Instrument
  var market: TopOfBook
  let now: Timestamp
  /// The market's price in ticks' own counting; 0 where none is known.
  let reference: Int64
  /// What the order is valued at: its own limit or the market, whichever makes it worth more.
  let price: Int64
  let side: Holdings
  let equity: Worth?
  let orderWorth: Worth?
  /// The position where everything working in the order's direction fills, the order included.
  private(set) var slotPosition = Worth.zero
  private(set) var position = Worth.zero
  /// The same where the other direction leads further, and what that adds to the sums.
  private(set) var exposureAfter: Worth
  private(set) var slotExposureAdded: Int128 = 0
  private(set) var exposureAdded: Int128 = 0

  /// What is held and working, of the slot and of the account, seen from the order.
  struct Holdings {
    /// nil beyond 64 bits.
    var slotEnd: UInt64?
    var accountEnd: UInt64?
    var slotReduces: Bool
    var accountReduces: Bool
    var slotReach: UInt64
    var accountReach: UInt64
    var meetsOwn: Bool
  }

  /// What waits to close a position adds nothing, whatever there is to close by now.
  var reduces: Bool { (side.slotReduces && side.accountReduces) || request.isWaiting }

  init?(_ request: PlaceRequest, _ state: borrowing State) {
    let index = request.instrument.index
    guard index < state.instruments.count, let instrument = state.instruments[index] else {
      return nil
    }
    self.request = request
    self.instrument = instrument
    market = state.markets[index]
    now = state.now
    reference = market.reference?.mantissa ?? 0
    let own = request.limit?.mantissa ?? reference
    // A sale far below the market is still worth the market's price; an inverse contract is worth
    // the more the lower its price.
    price =
      reference == 0 || own <= 0
      ? Swift.max(own, reference)
      : instrument.kind == .inverse ? Swift.min(own, reference) : Swift.max(own, reference)
    let quantity = request.quantity.mantissa
    side = Self.holdings(request, state)
    equity = state.portfolio.equity
    let before = state.portfolio.exposure(request.instrument)
    exposureAfter = before
    orderWorth = state.portfolio.worth(request.instrument, price, quantity.magnitude)
    guard orderWorth != nil, !reduces else { return }
    slotPosition = worth(side.slotEnd ?? .max, state)
    position =
      side.accountEnd == side.slotEnd ? slotPosition : worth(side.accountEnd ?? .max, state)
    exposureAfter =
      side.accountReach == side.accountEnd ? position : worth(side.accountReach, state)
    let slotAfter =
      side.slotReach == side.slotEnd ? slotPosition : worth(side.slotReach, state)
    exposureAdded = exposureAfter.difference(from: before)
    slotExposureAdded = slotAfter.difference(
      from: state.portfolio.exposure(request.slot, request.instrument))
  }

  private func worth(_ quantity: UInt64, _ state: borrowing State) -> Worth {
    state.portfolio.worth(request.instrument, price, quantity) ?? .most
  }

  /// Of a request that became an order, its quantity is in what works already.
  static func holdings(
    _ request: PlaceRequest, _ state: borrowing State, isPlaced: Bool = false
  ) -> Holdings {
    let position = state.positions[request.slot, request.instrument, request.positionSide]
    let account = state.portfolio.holding(request.instrument)
    let quantity = isPlaced ? 0 : request.quantity.mantissa - request.replaced.mantissa
    let isBuy = request.side == .buy
    let slot = End(
      position.quantity, isBuy ? position.workingBuy : position.workingSell, quantity, isBuy,
      reduceOnly: request.isReduceOnly ? request.quantity : nil)
    let whole = End(
      account.quantity, isBuy ? account.workingBuy : account.workingSell, quantity, isBuy,
      reduceOnly: request.isReduceOnly ? request.quantity : nil)
    let slotOther = other(
      position.quantity, isBuy ? position.workingSell : position.workingBuy, isBuy)
    let wholeOther = other(
      account.quantity, isBuy ? account.workingSell : account.workingBuy, isBuy)
    return Holdings(
      slotEnd: slot.end, accountEnd: whole.end, slotReduces: slot.reduces,
      accountReduces: whole.reduces, slotReach: Swift.max(slot.end ?? .max, slotOther),
      accountReach: Swift.max(whole.end ?? .max, wholeOther),
      meetsOwn: (isBuy ? account.workingSell : account.workingBuy) != 0)
  }

  /// The end to which the orders of the other direction lead.
  private static func other(_ held: Int64, _ working: Int64, _ isBuy: Bool) -> UInt64 {
    let (end, overflow) =
      isBuy
      ? held.subtractingReportingOverflow(working) : held.addingReportingOverflow(working)
    return overflow ? .max : end.magnitude
  }

  /// Where a holding ends if all that works in the order's direction fills.
  private struct End {
    let end: UInt64?
    /// It gets smaller, and does not turn.
    let reduces: Bool

    init(
      _ held: Int64, _ working: Int64, _ quantity: Int64, _ isBuy: Bool, reduceOnly: Quantity?
    ) {
      let (ordered, first) = working.addingReportingOverflow(quantity)
      let (after, second) =
        isBuy ? held.addingReportingOverflow(ordered) : held.subtractingReportingOverflow(ordered)
      end = first || second || after == .min ? nil : after.magnitude
      let isOpposite = isBuy ? held < 0 : held > 0
      // Marked so, it never turns the position, whatever else is working beside it.
      let isCovered =
        reduceOnly.map { $0.mantissa.magnitude <= held.magnitude }
        ?? (!first && ordered.magnitude <= held.magnitude)
      reduces = isOpposite && isCovered
    }
  }
}
