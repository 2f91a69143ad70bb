import Market
import PluginABI
import PluginBridge

/// The venue's whole state, and what happens to it. Markets and orders are worked on where they
/// lie; nothing is copied, and nothing allocated once every table has grown to what it holds.
struct MatchingEngine: ~Copyable {
  typealias Market = UnsafeMutablePointer<VenueMarket>
  typealias Slot = UInt32

  let model: VenueModel
  let marketCount: Int
  private let markets: UnsafeMutablePointer<VenueMarket>
  var orders = OrderPool(capacity: 1_024)
  var commands = CommandQueue()
  /// Reports and market data on their way to the host.
  var reportsUnderWay = DelayedRecords()
  var dataUnderWay = DelayedRecords()
  /// Orders that end by themselves, the next one last.
  var deadlines = SortedOrders()
  var account = VenueAccount()
  var volume = TradedVolume()
  var executions: ExecutionNames
  var waited: Int64 = 0
  var lastArrival = Int64.min
  var nextFunding = Int64.max
  var nextExpiry = Int64.max
  /// Nothing was seen yet: schedules begin with the first time that is.
  var isNew = true
  var orderRandom: RandomNumbers
  var reportRandom: RandomNumbers
  var feedRandom: RandomNumbers
  var faultRandom: RandomNumbers
  /// While a bar is walked, when it is told: what arrives inside it is compared with its open.
  var barTime: Int64?
  let tellsAtOnce: Bool
  let showsAtOnce: Bool
  let countsVolume: Bool
  /// The fees that hold while volume is not counted.
  let plainFees: FeeModel.Tier
  let hasOutages: Bool

  init(model: VenueModel, instruments: Int) {
    self.model = model
    marketCount = instruments
    markets = .allocate(capacity: instruments)
    for index in 0..<instruments { (markets + index).initialize(to: VenueMarket()) }
    executions = ExecutionNames(start: model.start)
    orderRandom = RandomNumbers(seed: model.seed, stream: 1)
    reportRandom = RandomNumbers(seed: model.seed, stream: 2)
    feedRandom = RandomNumbers(seed: model.seed, stream: 3)
    faultRandom = RandomNumbers(seed: model.seed, stream: 4)
    tellsAtOnce = model.reportLatency.isZero && model.faults.outages.isEmpty
    showsAtOnce = !model.delaysData
    countsVolume = model.fees.tiers.count > 1
    plainFees = model.fees.tier(0)
    hasOutages = !model.faults.outages.isEmpty
  }

  deinit {
    markets.deinitialize(count: marketCount)
    markets.deallocate()
  }

  mutating func market(_ index: Int) -> Market { markets + index }

  /// When something happens here without more data; `Int64.max` for never.
  /// `mutating`, as all that is asked for every record: a call that only reads copies the engine.
  var nextDue: Int64 {
    mutating get {
      var due = Swift.min(commands.firstArrival, nextDeadline)
      due = Swift.min(due, Swift.min(reportsUnderWay.firstDue, dataUnderWay.firstDue))
      return Swift.min(due, Swift.min(nextFunding, nextExpiry))
    }
  }
  private var nextDeadline: Int64 {
    mutating get { deadlines.count > 0 ? 0 &- deadlines.bestKey : .max }
  }

  /// Everything that has happened by `now` apart from data, in the order of its time; of one time:
  /// commands as they were sent, then orders that end, then expiries, then funding.
  mutating func arrive(by now: Int64, _ reports: inout RecordBuffer) {
    if isNew { begin(at: now) }
    while true {
      let time = Swift.min(
        Swift.min(commands.firstArrival, nextDeadline), Swift.min(nextFunding, nextExpiry))
      guard time <= now else { break }
      if commands.firstArrival == time, let command = commands.first {
        take(command, &reports)
        commands.removeFirst()
      } else if nextDeadline == time {
        endByTime(deadlines[deadlines.count - 1].slot, at: time, &reports)
      } else if nextExpiry == time {
        settle(at: time, &reports)
      } else {
        fund(at: time, &reports)
      }
    }
    while let record = reportsUnderWay.next(by: now) {
      Self.append(record.bytes, &reports)
      reportsUnderWay.removeFirst()
    }
  }

  mutating func begin(at now: Int64) {
    isNew = false
    nextFunding = model.funding.boundary(after: now)
  }

  mutating func see(_ record: Record, _ reports: inout RecordBuffer) {
    let index = Int(record.header.pointee.inst)
    guard index < marketCount else {
      if record.type == KEEL_REC_CASH { take(cash: record) }
      return
    }
    let market = market(index)
    switch record.type {
    case KEEL_EV_QUOTE:
      if let quote = record.cast(to: keel_ev_quote.self) { see(quote, market, &reports) }
    case KEEL_EV_TRADE: if let trade = Trade(record) { see(trade, market, &reports) }
    case KEEL_EV_BOOK: if let update = BookUpdate(record) { see(update, market, &reports) }
    case KEEL_EV_BAR: if let bar = Bar(record) { see(bar, market, &reports) }
    case KEEL_EV_INSTRUMENT: define(record, market)
    case KEEL_EV_STATUS:
      if let status = record.cast(to: keel_ev_status.self) {
        market.pointee.isTrading = Int(status.pointee.state) == KEEL_TRADING
      }
    case KEEL_EV_GAP:
      if let book = market.pointee.book, book.pointee.miss(from: record.source) {
        closeBook(market)
      }
    case KEEL_EV_MARK: see(mark: record, market, &reports)
    case KEEL_EV_FUNDING: take(funding: record, market)
    default: break
    }
  }

  private mutating func define(_ record: Record, _ market: Market) {
    guard let definition = InstrumentDefinition(record) else { return }
    market.pointee.define(definition)
    guard let instrument = market.pointee.instrument else { return }
    account.makeRoom(for: instrument.settlement)
    account.makeRoom(for: instrument.base)
    if !market.pointee.hasExpired { nextExpiry = Swift.min(nextExpiry, market.pointee.expiry) }
  }

  /// When the prices of a record were made.
  static func priced(_ header: keel_event) -> Int64 {
    header.ts_venue == KEEL_NULL ? header.ts_recv : Swift.min(header.ts_venue, header.ts_recv)
  }
}
