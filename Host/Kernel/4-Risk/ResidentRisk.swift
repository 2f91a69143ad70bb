package import Market
import PluginABI
import PluginBridge

/// Decides whether a request may become an order, whatever code asks for it and while that code is
/// being replaced. `assess` and `review` are pure: a dry run and the real thing are the same
/// question. What a decision leaves behind is entered by `commit`, and what the world answers by
/// `observe`. Cancels are never asked about: they only reduce risk.
package struct ResidentRisk: ~Copyable, Sendable {
  package internal(set) var limits: RiskLimits
  var trading: TradingStates
  var slotOrders: Table<Throttle>
  var accountOrders: Table<Throttle>
  /// An account is one connection to one venue: the venue's patience is counted by it too.
  var venueOrders: Table<Throttle>
  var recent = RecentOrders()
  var refusals: Table<RefusalBreaker>
  var moves: Table<MoveBreaker>

  package init(limits: Limits) {
    self.limits = RiskLimits(slots: limits.slots)
    trading = TradingStates(slots: limits.slots)
    slotOrders = Table(repeating: Throttle(), count: limits.slots)
    accountOrders = Table(repeating: Throttle(), count: limits.accounts)
    venueOrders = Table(repeating: Throttle(), count: limits.accounts)
    refusals = Table(repeating: RefusalBreaker(), count: limits.slots)
    moves = Table(repeating: MoveBreaker(), count: limits.instruments)
  }

  /// The tighter of everyone's and the slot's own.
  package func tradingState(of slot: UInt32) -> TradingState { trading[slot] }
  package var tradingState: TradingState { trading.ofAll }

  package func slotBreaker(_ slot: UInt32) -> CircuitBreaker.State {
    refusals[Int(slot)].breaker.state
  }
  package func instrumentBreaker(_ instrument: InstrumentID) -> CircuitBreaker.State {
    moves[instrument.index].breaker.state
  }

  /// Records that change what is allowed.
  mutating func apply(_ record: Record) {
    switch record.type {
    case KEEL_REC_LIMITS: limits.apply(record)
    case KEEL_REC_TRADING: trading.apply(record)
    default: break
    }
  }

  /// A market's price after a record of it.
  mutating func priced(_ instrument: InstrumentID, _ market: TopOfBook, at now: Timestamp) {
    guard let share = limits[.breakerMove], let price = market.reference else { return }
    moves[instrument.index].priced(
      price.mantissa, at: now, share: share, in: limits[.breakerTime] ?? 0,
      pause: limits[.breakerPause] ?? 0)
  }

  /// What became of an order: it closes a breaker that let it try, or trips one.
  mutating func answered(_ order: Order, at now: Timestamp) {
    switch order.state {
    case .rejected:
      // Counted only while somebody limits it: a limit set later does not judge the past.
      guard let count = limits[.breakerRejects] else { return }
      refusals[Int(order.slot)].refused(
        at: now, count: count, in: limits[.breakerTime] ?? 0, pause: limits[.breakerPause] ?? 0)
    case .accepted, .partiallyFilled, .filled:
      refusals[Int(order.slot)].succeeded()
      moves[order.instrument.index].succeeded()
    default: break
    }
  }

  /// Enters a request that was approved and became an order into what later ones are measured
  /// against.
  mutating func commit(_ request: PlaceRequest, _ state: inout State) {
    guard let instrument = state.instrument(request.instrument) else { return }
    let (now, account) = (state.now, Int(instrument.account))
    if let time = limits[.rateTime] {
      if let count = limits.tightest(.slotOrders, slot: request.slot) {
        slotOrders[Int(request.slot)].take(count, in: time, at: now)
      }
      if let count = limits[.accountOrders] {
        accountOrders[account].take(count, in: time, at: now)
      }
    }
    changed(instrument, at: now)
    recent.add(request, at: now)
    let side = RiskQuestion.holdings(request, state, isPlaced: true)
    // A reduction is no trial, and no entry.
    guard !request.isWaiting, !(side.slotReduces && side.accountReduces) else { return }
    refusals[Int(request.slot)].went()
    moves[request.instrument.index].went()
    state.portfolio.day.countEntry(slot: request.slot)
  }

  /// An order, a cancel or an amend went to an instrument's venue.
  mutating func changed(_ instrument: Instrument, at now: Timestamp) {
    guard let count = limits[.venueOrders], let time = limits[.rateTime] else { return }
    venueOrders[Int(instrument.account)].take(count, in: time, at: now)
  }
}
