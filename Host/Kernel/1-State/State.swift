package import Market
import PluginABI
package import PluginBridge

/// Every fact the host owns. Changed only by records, so equal records give an equal state.
package struct State: ~Copyable, Sendable {
  package internal(set) var now: Timestamp = .distantPast
  package internal(set) var instruments: Table<Instrument?>
  package internal(set) var markets: Table<TopOfBook>
  package internal(set) var accounts: Table<Account>
  package internal(set) var orders: OrderTable
  package internal(set) var positions: PositionTable
  package internal(set) var cash: CashLedger
  package internal(set) var books: BookTable
  package internal(set) var portfolio: Portfolio
  package internal(set) var turns: UInt64 = 0
  package internal(set) var counts = Counts()
  var executions: RecentIDs
  /// The last funding time paid, by instrument.
  var funded: Table<Timestamp>
  /// The parts of the last closing, read in the turn that brings it.
  var closing: [ClosingPart] = []
  /// Names this session and this start of it in client order ids.
  let session: UInt32
  var start: UInt16 = 1

  /// What was not as it should be, and was borne.
  package struct Counts: Equatable, Sendable {
    /// Reports that name no order, instrument or side they could be about.
    package internal(set) var unknownReports = 0
    package internal(set) var duplicateFills = 0
    /// Booked to the host's own slot: no order of any slot stands behind them.
    package internal(set) var externalFills = 0
    package internal(set) var externalOrders = 0
    /// Amounts beyond what the ledger counts: not booked.
    package internal(set) var refusedAmounts = 0
  }

  /// What a record changed, for those who must be told.
  package enum Change {
    /// Prices and trading states, which whoever asked for them hears.
    case market
    /// The instrument's order book broke, or there is no room for one.
    case gap(InstrumentID)
    case nothing
    case order(id: UInt64)
    case fill(orderID: UInt64)
    /// Of no order the host knows; booked to its own slot.
    case externalFill
    /// What the venue closed of its own accord; `closing` says what each slot lost by it.
    case closed
  }

  init(session: UInt64, limits: Limits) {
    self.session = UInt32(truncatingIfNeeded: session)
    instruments = Table(repeating: nil, count: limits.instruments)
    markets = Table(repeating: TopOfBook(), count: limits.instruments)
    accounts = Table(repeating: Account(), count: limits.accounts)
    orders = OrderTable(limits: limits)
    positions = PositionTable(slots: limits.slots, instruments: limits.instruments)
    cash = CashLedger(accounts: limits.accounts, assets: limits.assets)
    books = BookTable(
      capacity: limits.books, levels: limits.bookLevels, instruments: limits.instruments)
    portfolio = Portfolio(limits: limits)
    executions = RecentIDs(capacity: limits.recentIDs)
    funded = Table(repeating: .distantPast, count: limits.instruments)
    closing.reserveCapacity(limits.slots)
  }

  package func instrument(_ id: InstrumentID) -> Instrument? {
    id.index < instruments.count ? instruments[id.index] : nil
  }
  package func market(_ id: InstrumentID) -> TopOfBook? {
    id.index < markets.count ? markets[id.index] : nil
  }
  package func account(of instrument: Instrument) -> Account {
    accounts[Int(instrument.account)]
  }

  /// nil before the first record of one, and where there is no room: `books.hasRefused(id)`.
  package func book(_ id: InstrumentID) -> OrderBook? { books[id] }

  mutating func begin(at time: Timestamp) {
    precondition(time >= now, "time does not run backwards within a session")
    now = time
    turns += 1
    portfolio.begin(at: time)
  }

  /// When trading days begin, in nanoseconds after midnight UTC.
  mutating func beginDays(at offset: Int64) { portfolio.day.begin(at: offset, now: now) }

  @discardableResult
  package mutating func apply(_ record: Record) -> Change {
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
    case KEEL_EV_BOOK, KEEL_EV_GAP: return book(record)
    case KEEL_EV_STATUS:
      if index < markets.count, let status = record.cast(to: keel_ev_status.self) {
        markets[index].setTrading(Int(status.pointee.state) == KEEL_TRADING)
      }
      return .market
    case KEEL_EV_MARK:
      if index < markets.count, let mark = record.cast(to: keel_ev_mark.self) {
        markets[index].setMark(Price?(abi: mark.pointee.mark))
        portfolio.price(index, markets[index])
      }
      return .market
    case KEEL_EV_FUNDING:
      fund(record)
      return .market
    case KEEL_EV_INSTRUMENT: define(record)
    case KEEL_REC_ACCOUNT: open(record)
    case KEEL_REC_SESSION, KEEL_REC_RATE:
      portfolio.apply(record, market(record.instrument)?.valuation)
    case KEEL_REC_START: restart(record)
    case KEEL_REC_CASH: deposit(record)
    case KEEL_EV_ORDER: return report(record)
    case KEEL_EV_FILL: return fill(record)
    default: break
    }
    return .nothing
  }

  /// A book's change reaches the market's best prices with the end of its message.
  private mutating func book(_ record: Record) -> Change {
    let index = record.instrument.index
    guard index < markets.count else { return .market }
    switch books.apply(record) {
    case .partial, .ignored: return .market
    case .complete(let bid, let ask):
      markets[index].apply(bid: bid, ask: ask, at: record.time)
      portfolio.price(index, markets[index])
      return .market
    case .broken:
      markets[index].markGapped()
      return .gap(record.instrument)
    case .noRoom: return .gap(record.instrument)
    }
  }

  private mutating func define(_ record: Record) {
    guard let instrument = InstrumentDefinition(record)?.instrument,
      instrument.id.index < instruments.count,
      [instrument.settlement, instrument.base, instrument.quote].allSatisfy({
        cash.holds(instrument.account, $0.rawValue)
      }), portfolio.hasRoom(for: instrument)
    else { return }
    // A new epoch changes tick, lot and limits; anything else would change what is held.
    if let known = instruments[instrument.id.index], !known.countsLike(instrument) { return }
    instruments[instrument.id.index] = instrument
    portfolio.define(instrument)
  }

  private mutating func open(_ record: Record) {
    guard let number = record.cast(to: keel_rec_account.self)?.pointee.account,
      number < accounts.count, let account = Account(record)
    else { return }
    accounts[Int(number)] = account
    portfolio.apply(record, nil)
  }

  private mutating func restart(_ record: Record) {
    guard let raw = record.cast(to: keel_rec_start.self)?.pointee else { return }
    start = UInt16(truncatingIfNeeded: raw.start)
  }

  /// Slow and complete: for tests and simulation, after every event.
  func checkInvariants(_ check: inout InvariantCheck) {
    orders.checkInvariants(&check)
    positions.checkInvariants(&check)
    books.checkInvariants(&check)
    cash.checkInvariants(&check)
    portfolio.checkInvariants(positions, orders, cash, &check)
    checkMoney(&check)
    var working = PositionTable(slots: positions.slots, instruments: positions.instruments)
    orders.forEachOpen { order in
      check.require(order.filled <= order.quantity, "an order fills at most its quantity")
      working.addWork(order, order.remaining.mantissa)
    }
    check.require(working.hasSameWork(as: positions), "working quantity is the sum of open orders")
  }
}

extension Instrument {
  /// Whether the same mantissas mean the same amounts.
  fileprivate func countsLike(_ other: Instrument) -> Bool {
    kind == other.kind && priceExponent == other.priceExponent
      && quantityExponent == other.quantityExponent && multiplier == other.multiplier
      && multiplierExponent == other.multiplierExponent && base == other.base
      && quote == other.quote && settlement == other.settlement && account == other.account
  }
}
