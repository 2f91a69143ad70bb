/// Copies of the tables, to try out what records would do. Never made by accident: a copy of every
/// table is no small thing.
extension State {
  package init(copying other: borrowing State) {
    now = other.now
    instruments = Table(copying: other.instruments)
    markets = Table(copying: other.markets)
    accounts = Table(copying: other.accounts)
    orders = OrderTable(copying: other.orders)
    positions = PositionTable(copying: other.positions)
    cash = CashLedger(copying: other.cash)
    books = BookTable(copying: other.books)
    portfolio = Portfolio(copying: other.portfolio)
    turns = other.turns
    counts = other.counts
    executions = RecentIDs(copying: other.executions)
    funded = Table(copying: other.funded)
    closing = other.closing
    session = other.session
    start = other.start
  }
}

extension OrderTable {
  init(copying other: borrowing OrderTable) {
    places = Table(copying: other.places)
    names = Table(copying: other.names)
    free = Table(copying: other.free)
    freeHead = other.freeHead
    freeCount = other.freeCount
    open = other.open
    openIndex = Table(copying: other.openIndex)
    byInstrument = PlaceLists(copying: other.byInstrument)
    heldByInstrument = PlaceLists(copying: other.heldByInstrument)
    bounds = Table(copying: other.bounds)
    reductions = Table(copying: other.reductions)
    deadlines = other.deadlines
    soonestDeadline = other.soonestDeadline
    waiting = PlaceLists(copying: other.waiting)
    isWaiting = Table(copying: other.isWaiting)
    counter = other.counter
    openBySlot = Table(copying: other.openBySlot)
    openPerSlot = other.openPerSlot
  }
}

extension PositionTable {
  init(copying other: borrowing PositionTable) {
    positions = Table(copying: other.positions)
    totals = Table(copying: other.totals)
    instruments = other.instruments
    slots = other.slots
  }
}

extension CashLedger {
  init(copying other: borrowing CashLedger) {
    balances = Table(copying: other.balances)
    totals = Table(copying: other.totals)
    accounts = other.accounts
    assets = other.assets
  }
}

extension BookTable {
  init(copying other: borrowing BookTable) {
    books = Table(copying: other.books)
    numbers = Table(copying: other.numbers)
    count = other.count
    refused = other.refused
  }
}

extension Portfolio {
  init(copying other: borrowing Portfolio) {
    slots = other.slots
    rows = Table(copying: other.rows)
    cells = Table(copying: other.cells)
    assets = Table(copying: other.assets)
    movingRates = other.movingRates
    isWatched = Table(copying: other.isWatched)
    orders = Table(copying: other.orders)
    accounts = Table(copying: other.accounts)
    stale = other.stale
    totals = Totals(copying: other.totals)
    day = TradingDay(copying: other.day)
  }
}

extension Totals {
  init(copying other: borrowing Totals) {
    gross = other.gross
    bySlot = Table(copying: other.bySlot)
    byClass = Table(copying: other.byClass)
    bySector = Table(copying: other.bySector)
    byGroup = Table(copying: other.byGroup)
    margin = other.margin
    unrealised = other.unrealised
    coveredRisk = other.coveredRisk
    uncovered = other.uncovered
    resultBySlot = Table(copying: other.resultBySlot)
    realisedBySlot = Table(copying: other.realisedBySlot)
    cash = other.cash
    flows = other.flows
    revaluation = other.revaluation
    unrated = other.unrated
    hasCash = other.hasCash
  }
}

extension TradingDay {
  init(copying other: borrowing TradingDay) {
    highest = other.highest
    first = other.first
    entries = other.entries
    entriesBySlot = Table(copying: other.entriesBySlot)
    resultBySlot = Table(copying: other.resultBySlot)
    end = other.end
    offset = other.offset
  }
}
