package import Market
import PluginABI
import PluginBridge

/// Every fact the host owns. Changed only by records, so equal records give an equal state.
package struct State: Sendable {
  package private(set) var now: Timestamp = .distantPast
  package private(set) var instruments: [Instrument?]
  package private(set) var markets: [TopOfBook]
  package internal(set) var orders: OrderTable
  package internal(set) var positions: PositionTable
  package internal(set) var cash: CashLedger
  package internal(set) var portfolio: Portfolio
  package private(set) var turns: UInt64 = 0
  /// Reports about orders the table no longer knows, and repeated executions: ignored, counted.
  package private(set) var unknownReports = 0
  package private(set) var duplicateFills = 0
  private var executions: RecentIDs
  private let assets: Int

  /// What a record changed, for those who must be told.
  package enum Change {
    /// Prices and trading states, which whoever asked for them hears.
    case market
    case nothing
    case order(id: UInt64)
    case fill(orderID: UInt64)
  }

  init(limits: Limits) {
    instruments = Array(repeating: nil, count: limits.instruments)
    markets = Array(repeating: TopOfBook(), count: limits.instruments)
    orders = OrderTable(
      capacity: limits.orders, slots: limits.slots, openPerSlot: limits.openOrdersPerSlot)
    positions = PositionTable(slots: limits.slots, instruments: limits.instruments)
    cash = CashLedger(assets: limits.assets)
    portfolio = Portfolio(limits: limits)
    executions = RecentIDs(capacity: limits.recentIDs)
    assets = limits.assets
  }

  package func instrument(_ id: InstrumentID) -> Instrument? {
    id.index < instruments.count ? instruments[id.index] : nil
  }
  package func market(_ id: InstrumentID) -> TopOfBook? {
    id.index < markets.count ? markets[id.index] : nil
  }

  mutating func begin(at time: Timestamp) {
    precondition(time >= now, "time does not run backwards within a session")
    now = time
    turns += 1
    portfolio.begin(at: time)
  }

  /// When trading days begin, in nanoseconds after midnight UTC.
  mutating func beginDays(at offset: Int64) { portfolio.day.begin(at: offset, now: now) }

  mutating func apply(_ record: Record) -> Change {
    let index = record.instrument.index
    switch record.type {
    case KEEL_EV_QUOTE:
      if index < markets.count, let quote = Quote(record) {
        markets[index].apply(quote)
        portfolio.price(index, markets[index])
      }
      return .market
    case KEEL_EV_TRADE:
      if index < markets.count, let trade = Trade(record) {
        markets[index].apply(trade)
        portfolio.price(index, markets[index])
      }
      return .market
    case KEEL_EV_BAR:
      if index < markets.count, let bar = Bar(record) {
        markets[index].apply(bar)
        portfolio.price(index, markets[index])
      }
      return .market
    case KEEL_EV_STATUS:
      if index < markets.count, let status = record.cast(to: keel_ev_status.self) {
        markets[index].setTrading(Int(status.pointee.state) == KEEL_TRADING)
      }
      return .market
    case KEEL_EV_INSTRUMENT: define(record)
    case KEEL_REC_CASH: deposit(record)
    case KEEL_EV_ORDER: return report(record)
    case KEEL_EV_FILL: return fill(record)
    case KEEL_REC_SESSION, KEEL_REC_RATE, KEEL_REC_ACCOUNT:
      portfolio.apply(record, market(record.instrument)?.reference)
    default: break
    }
    return .nothing
  }

  private mutating func define(_ record: Record) {
    guard let instrument = InstrumentDefinition(record)?.instrument,
      instrument.id.index < instruments.count,
      Int(instrument.settlement.rawValue) < assets, Int(instrument.base.rawValue) < assets,
      Int(instrument.quote.rawValue) < assets, portfolio.hasRoom(for: instrument)
    else { return }
    // A new epoch changes tick, lot and limits; anything else would change what is held.
    if let known = instruments[instrument.id.index], !known.countsLike(instrument) { return }
    instruments[instrument.id.index] = instrument
    portfolio.define(instrument)
  }

  private mutating func deposit(_ record: Record) {
    guard let raw = record.cast(to: keel_rec_cash.self), raw.pointee.asset < assets else { return }
    let cash = raw.pointee
    let amount = Money(low: cash.low, high: cash.high, asset: AssetID(rawValue: cash.asset))
    self.cash.deposit(amount)
    portfolio.cash(self.cash.balance(amount.asset), flow: amount.units)
  }

  /// A venue's word on an order. Only forward: a late report never reopens a finished order.
  private mutating func report(_ record: Record) -> Change {
    guard let report = OrderUpdate(record), let order = orders[report.orderID], order.isOpen else {
      unknownReports += 1
      return .nothing
    }
    var next = report.state
    if next == .accepted, order.filled > .zero { next = .partiallyFilled }
    if next == .accepted || next == .partiallyFilled, order.state == .pendingCancel {
      next = .pendingCancel
    }
    // A venue may say "filled" before its fill arrives; the fill decides. Nothing is pending again.
    guard next != .pending, next != .filled, next != order.state else { return .nothing }
    if next.isTerminal { releaseWorking(order, order.remaining) }
    orders.modify(order.id) {
      $0.state = next
      $0.reason = UInt16(truncatingIfNeeded: report.reason)
    }
    return .order(id: order.id)
  }

  private mutating func fill(_ record: Record) -> Change {
    guard let fill = Fill(record), let order = orders[fill.orderID],
      let instrument = instrument(order.instrument), let amounts = amounts(of: fill, instrument)
    else {
      unknownReports += 1
      return .nothing
    }
    // A venue that names no execution cannot be told to repeat one.
    if let execution = executionHash(fill),
      executions.insert(scope: UInt64(order.instrument.rawValue), id: execution)
    {
      duplicateFills += 1
      return .nothing
    }
    // A fill that comes after a cancel, or beyond the quantity, is still the venue's truth: the
    // position takes it whole, the order only up to its quantity.
    let amount = Swift.min(fill.quantity, order.remaining)
    if order.isOpen { releaseWorking(order, amount) }
    orders.modify(order.id) {
      $0.filled = $0.filled + amount
      guard $0.isOpen else { return }
      if $0.remaining.isZero {
        $0.state = .filled
      } else if $0.state != .pendingCancel {
        $0.state = .partiallyFilled
      }
    }
    book(fill, order, instrument, amounts)
    return .fill(orderID: order.id)
  }

  private struct FillAmounts {
    var notional: Money
    /// The base quantity, where assets are exchanged.
    var base: Int128
    var fee: Money?
  }

  /// All of a fill's amounts, or nil when one is beyond what the ledger holds: then none is booked.
  private func amounts(of fill: Fill, _ instrument: Instrument) -> FillAmounts? {
    let raw = fill.raw.pointee
    guard let notional = instrument.notional(fill.price, fill.quantity),
      let base = FixedPoint.rescale(
        Int128(fill.quantity.mantissa), from: instrument.quantityExponent, to: Money.exponent)
    else { return nil }
    guard raw.fee != 0 else { return FillAmounts(notional: notional, base: base, fee: nil) }
    guard raw.fee_asset < assets,
      let fee = FixedPoint.rescale(Int128(raw.fee), from: Int(raw.fee_exp), to: Money.exponent)
    else { return nil }
    let asset = AssetID(rawValue: raw.fee_asset)
    return FillAmounts(notional: notional, base: base, fee: Money(units: fee, asset: asset))
  }

  /// Position and cash of one fill. Spot exchanges the two assets; a derivative settles its
  /// realised profit.
  private mutating func book(
    _ fill: Fill, _ order: Order, _ instrument: Instrument, _ amounts: FillAmounts
  ) {
    let profit = positions[order.slot, order.instrument].fill(
      order.side, fill.quantity, notional: amounts.notional.units)
    if instrument.exchangesAssets {
      let sign = Int128(order.side.sign)
      cash.trade(Money(units: -sign * amounts.notional.units, asset: instrument.quote))
      cash.trade(Money(units: sign * amounts.base, asset: instrument.base))
    } else {
      cash.realise(Money(units: profit, asset: instrument.settlement))
    }
    if let fee = amounts.fee {
      cash.charge(fee)
      positions[order.slot, order.instrument].charge(fee.units)
      portfolio.cash(cash.balance(fee.asset))
    }
    for asset in [instrument.quote, instrument.base, instrument.settlement] {
      portfolio.cash(cash.balance(asset))
    }
    portfolio.moved(
      order.slot, order.instrument, positions[order.slot, order.instrument],
      price: markets[order.instrument.index].reference ?? fill.price)
  }

  /// nil when the venue gave no execution id.
  private func executionHash(_ fill: Fill) -> UInt64? {
    var hash = FNV1a()
    let none = hash.value
    withUnsafeBytes(of: fill.raw.pointee.exec_id) { bytes in
      for byte in bytes where byte != 0 { hash.add(byte) }
    }
    return hash.value == none ? nil : hash.value
  }

  /// Adds a new order to the table and to what its slot has working.
  mutating func insert(slot: UInt32, _ make: (UInt64) -> Order) -> Order? {
    guard let id = orders.insert(slot: slot, make), let order = orders[id] else { return nil }
    positions.add(order)
    portfolio.opened(
      order, positions[slot, order.instrument],
      market: markets[order.instrument.index].reference)
    return order
  }

  private mutating func releaseWorking(_ order: Order, _ amount: Quantity) {
    switch order.side {
    case .buy: positions[order.slot, order.instrument].workingBuy -= amount.mantissa
    case .sell: positions[order.slot, order.instrument].workingSell -= amount.mantissa
    }
    portfolio.released(order, amount, positions[order.slot, order.instrument])
  }

  /// Slow and complete: for tests and simulation, after every event.
  package func checkInvariants() {
    orders.checkInvariants()
    cash.checkInvariants()
    var working = PositionTable(slots: positions.slots, instruments: positions.instruments)
    orders.forEachOpen { order in
      precondition(order.filled <= order.quantity, "an order fills at most its quantity")
      working.add(order)
    }
    precondition(working.hasSameWork(as: positions), "working quantity is the sum of open orders")
    portfolio.checkInvariants(positions, orders, cash)
  }
}

extension Instrument {
  /// Whether the same mantissas mean the same amounts.
  fileprivate func countsLike(_ other: Instrument) -> Bool {
    kind == other.kind && priceExponent == other.priceExponent
      && quantityExponent == other.quantityExponent && multiplier == other.multiplier
      && multiplierExponent == other.multiplierExponent && base == other.base
      && quote == other.quote && settlement == other.settlement
  }
}
