import Market
import PluginABI
import PluginBridge

/// What changes positions and cash.
extension State {
  /// A fill. One of an order beyond its quantity, or after its end, is still the venue's truth: the
  /// position takes it whole, the order only up to its quantity. One of no order is the host's own.
  mutating func fill(_ record: Record) -> Change {
    guard let fill = Fill(record) else { return refuseFill() }
    let raw = fill.raw.pointee
    let order = identify(fill)
    guard let instrument = instrument(order?.instrument ?? fill.instrument),
      let side = order?.side ?? Side(rawValue: raw.side), !fill.quantity.isZero,
      let leg = order?.positionSide ?? PositionSide(rawValue: raw.position_side)
    else { return refuseFill() }
    let booking = Booking(
      slot: order?.slot ?? 0, instrument: instrument, side: side, leg: leg,
      quantity: fill.quantity)
    guard let amounts = amounts(of: fill, booking) else {
      counts.refusedAmounts += 1
      return .nothing
    }
    closing.removeAll(keepingCapacity: true)
    // A venue that names no execution cannot be told to repeat one.
    if let execution = executionHash(fill),
      executions.insert(scope: UInt64(instrument.id.rawValue), id: execution)
    {
      counts.duplicateFills += 1
      return .nothing
    }
    guard let order else {
      if Int(raw.is_external) == KEEL_FILL_CLOSING, close(fill, booking) { return .closed }
      book(booking, amounts)
      counts.externalFills += 1
      return .externalFill
    }
    take(fill, order, amounts.value.units, instrument)
    book(booking, amounts)
    return .fill(orderID: order.id)
  }

  private mutating func refuseFill() -> Change {
    counts.unknownReports += 1
    return .nothing
  }

  private func identify(_ fill: Fill) -> Order? {
    if fill.raw.pointee.is_external != 0 { return nil }
    if fill.orderID != 0 { return orders[fill.orderID] }
    return find(
      client: OrderNames.text(fill.raw.pointee.client_id),
      venue: OrderNames.Text(repeating: 0)
    ).flatMap { orders[$0] }
  }

  /// The order's part of a fill.
  private mutating func take(
    _ fill: Fill, _ order: Order, _ value: Int128, _ instrument: Instrument
  ) {
    guard !order.isForeign else { return }
    var after = order
    after.takeShown(filling: fill.quantity)
    let taken = Swift.min(fill.quantity, after.remaining)
    let part =
      taken == fill.quantity
      ? value : instrument.value(fill.price, signed: taken.mantissa)?.units
    after.fill(taken, value: part ?? 0)
    update(order, to: after)
  }

  /// A venue that tells how much is filled in all, and at what average, has told a fill of what is
  /// new in that.
  mutating func fillUpTo(_ report: OrderUpdate, _ order: Order) {
    var after = order
    _ = after.takeShown(report)
    guard order.crossed + report.filled > order.filled,
      let instrument = instrument(order.instrument),
      let price = report.average ?? order.limit ?? market(order.instrument)?.reference
    else { return }
    let total = Swift.min(report.filled, after.sentQuantity)
    let quantity = order.crossed + total - order.filled
    guard !quantity.isZero,
      let whole = instrument.value(price, signed: total.mantissa)?.units
    else { return }
    // The average is of all the venue has filled: what is new makes up the difference.
    let value =
      report.average == nil
      ? instrument.value(price, signed: quantity.mantissa)?.units
      : whole - (order.value - order.crossedValue)
    let booking = Booking(
      slot: order.slot, instrument: instrument, side: order.side, leg: order.positionSide,
      quantity: quantity)
    guard let value, let amounts = amounts(value: value, booking) else {
      counts.refusedAmounts += 1
      return
    }
    after.fill(quantity, value: value)
    update(order, to: after)
    book(booking, amounts)
  }

  // MARK: booking

  struct Booking {
    var slot: UInt32
    var instrument: Instrument
    var side: Side
    var leg: PositionSide
    var quantity: Quantity
  }
  struct Amounts {
    /// Of the quantity, as if bought.
    var value: Money
    /// The base quantity, where assets are exchanged.
    var base: Int128
    var fee: Money?
  }

  /// All of a fill's amounts, or nil when one is beyond what the ledger holds: then none is booked.
  private func amounts(of fill: Fill, _ booking: Booking) -> Amounts? {
    let raw = fill.raw.pointee
    let instrument = booking.instrument
    guard let value = instrument.value(fill.price, signed: fill.quantity.mantissa),
      var amounts = amounts(value: value.units, booking)
    else { return nil }
    guard raw.fee != 0 else { return amounts }
    guard cash.holds(instrument.account, raw.fee_asset),
      let units = FixedPoint.rescale(Int128(raw.fee), from: Int(raw.fee_exp), to: Money.exponent)
    else { return nil }
    let fee = Money(units: units, asset: AssetID(rawValue: raw.fee_asset))
    guard cash.hasRoom(for: fee, in: instrument.account) else { return nil }
    amounts.fee = fee
    return amounts
  }

  func amounts(value: Int128, _ booking: Booking) -> Amounts? {
    let instrument = booking.instrument
    let money = Money(units: value, asset: instrument.settlement)
    guard
      let base = FixedPoint.rescale(
        Int128(booking.quantity.mantissa), from: instrument.quantityExponent, to: Money.exponent),
      cash.hasRoom(for: money, in: instrument.account),
      cash.hasRoom(for: -money, in: instrument.account),
      positions[booking.slot, instrument.id, booking.leg]
        .hasRoom(for: booking.side, booking.quantity)
    else { return nil }
    if instrument.exchangesAssets {
      let change = Money(units: base, asset: instrument.base)
      guard cash.hasRoom(for: change, in: instrument.account),
        cash.hasRoom(for: -change, in: instrument.account)
      else { return nil }
    }
    return Amounts(value: money, base: base)
  }

  /// Position and cash of one fill. What is paid in full costs its value now; anything else
  /// settles its realised profit.
  mutating func book(_ booking: Booking, _ amounts: Amounts) {
    let instrument = booking.instrument
    let account = instrument.account
    let profit = positions.modify(booking.slot, instrument.id, booking.leg) {
      $0.fill(booking.side, booking.quantity, value: amounts.value.units)
    }
    let sign = Int128(booking.side.sign)
    defer { value(booking) }
    if instrument.isPaidInFull {
      cash.change(
        .traded, Money(units: -sign * amounts.value.units, asset: amounts.value.asset), in: account)
    } else {
      cash.change(.realised, Money(units: profit, asset: instrument.settlement), in: account)
    }
    if instrument.exchangesAssets {
      cash.change(
        .traded, Money(units: sign * amounts.base, asset: instrument.base), in: account)
    }
    guard let fee = amounts.fee else { return }
    cash.change(.fees, -fee, in: account)
    portfolio.cash(cash.total(fee.asset))
    guard fee.asset == instrument.settlement else { return }
    positions.modify(booking.slot, instrument.id, booking.leg) { $0.charge(fee.units) }
  }

  /// What moved is valued anew.
  private mutating func value(_ booking: Booking) {
    let instrument = booking.instrument
    portfolio.cash(cash.total(instrument.quote))
    portfolio.cash(cash.total(instrument.base))
    portfolio.cash(cash.total(instrument.settlement))
    portfolio.moved(
      booking.slot, instrument.id, positions.whole(booking.slot, instrument.id),
      price: markets[instrument.id.index].valuation)
  }

  /// nil when the venue gave no execution id.
  private func executionHash(_ fill: Fill) -> UInt64? {
    var hash = FNV1a()
    let none = hash.value
    withUnsafeBytes(of: fill.raw.pointee.exec_id) { bytes in
      for byte in bytes {
        guard byte != 0 else { break }
        hash.add(byte)
      }
    }
    return hash.value == none ? nil : hash.value
  }

  // MARK: other money

  /// Once for each due time: what was announced is paid when its time has come.
  mutating func fund(_ record: Record) {
    guard var raw = record.cast(to: keel_ev_funding.self)?.pointee,
      let instrument = instrument(record.instrument), !instrument.isPaidInFull,
      raw.due <= record.header.pointee.ts_recv
    else { return }
    // Who tells a rate alone means the price there is.
    if raw.mark <= 0 || raw.mark == KEEL_NULL {
      guard let price = markets[instrument.id.index].valuation else { return }
      raw.mark = price.mantissa
    }
    let due = Timestamp(nanoseconds: raw.due)
    guard due > funded[instrument.id.index] else { return }
    funded[instrument.id.index] = due
    for slot in 0..<UInt32(positions.slots) {
      pay(raw, instrument, slot, .net)
      pay(raw, instrument, slot, .short)
    }
  }

  private mutating func pay(
    _ funding: keel_ev_funding, _ instrument: Instrument, _ slot: UInt32, _ leg: PositionSide
  ) {
    let quantity = positions[slot, instrument.id, leg].quantity
    guard quantity != 0,
      let worth = instrument.notional(
        Price(mantissa: funding.mark), Quantity(mantissa: abs(quantity)))
    else { return }
    let (product, overflow) = worth.units.multipliedReportingOverflow(by: Int128(funding.rate))
    guard !overflow,
      let units = FixedPoint.rescale(product, from: Int(funding.rate_exp), to: 0)
    else {
      counts.refusedAmounts += 1
      return
    }
    let payment = Money(units: quantity > 0 ? -units : units, asset: instrument.settlement)
    guard cash.hasRoom(for: payment, in: instrument.account) else {
      counts.refusedAmounts += 1
      return
    }
    cash.change(.funding, payment, in: instrument.account)
    positions.modify(slot, instrument.id, leg) { $0.fund(payment.units) }
    portfolio.cash(cash.total(payment.asset))
    portfolio.moved(
      slot, instrument.id, positions.whole(slot, instrument.id),
      price: Price(mantissa: funding.mark))
  }

  mutating func deposit(_ record: Record) {
    guard let raw = record.cast(to: keel_rec_cash.self)?.pointee,
      cash.holds(raw.account, raw.asset), let term = CashLedger.Term(cause: Int(raw.cause))
    else { return }
    let amount = Money(low: raw.low, high: raw.high, asset: AssetID(rawValue: raw.asset))
    guard cash.hasRoom(for: amount, in: raw.account) else {
      counts.refusedAmounts += 1
      return
    }
    cash.change(term, amount, in: raw.account)
    let isProfit = term == .interest || term == .corrected
    portfolio.cash(cash.total(amount.asset), flow: isProfit ? 0 : amount.units)
  }

  /// Equity adds up, in every asset, exactly: what trading has moved is what positions have cost
  /// and brought.
  func checkMoney(_ check: inout InvariantCheck) {
    var terms: [InlineArray<4, Int128>] = Array(
      repeating: InlineArray(repeating: 0), count: cash.assets)
    for case .some(let instrument) in instruments.elements {
      for slot in 0..<UInt32(positions.slots) {
        for leg in [PositionSide.net, .short] {
          let position = positions[slot, instrument.id, leg]
          let settlement = Int(instrument.settlement.rawValue)
          if instrument.isPaidInFull {
            terms[settlement][0] &+= position.realised &- position.cost
          } else {
            terms[settlement][1] &+= position.realised
          }
          terms[settlement][2] &+= position.funding
          if instrument.exchangesAssets,
            let base = FixedPoint.rescale(
              Int128(position.quantity), from: instrument.quantityExponent, to: Money.exponent)
          {
            terms[Int(instrument.base.rawValue)][0] &+= base
          }
        }
      }
    }
    for (index, expected) in terms.enumerated() {
      var found = InlineArray<3, Int128>(repeating: 0)
      for account in 0..<cash.accounts {
        let balance = cash[UInt16(account), AssetID(rawValue: UInt32(index))]
        found[0] &+= balance[.traded]
        found[1] &+= balance[.realised]
        found[2] &+= balance[.funding]
      }
      check.require(found[0] == expected[0], "what was traded is what positions cost and brought")
      check.require(found[1] == expected[1], "realised profit is the positions'")
      check.require(found[2] == expected[2], "funding is the positions'")
    }
  }
}

extension CashLedger.Term {
  fileprivate init?(cause: Int) {
    switch cause {
    case KEEL_CASH_DEPOSIT: self = .deposited
    case KEEL_CASH_WITHDRAWAL: self = .withdrawn
    case KEEL_CASH_TRANSFER: self = .transferred
    case KEEL_CASH_INTEREST: self = .interest
    case KEEL_CASH_CORRECTION: self = .corrected
    default: return nil
    }
  }
}
