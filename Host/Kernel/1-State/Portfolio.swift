package import Market

/// What is held and working, valued in the reporting asset: exposure, profit, equity, and how far
/// it has come down. Every figure is kept up as facts change, and only what changed is valued
/// anew, so that a question costs one addition. Whole numbers only: exposure and margin are rounded
/// up, cash and profit down, each once.
package struct Portfolio: ~Copyable, Sendable {
  /// Holding and work of one account, or of one slot, in one instrument.
  package struct Holding: Equatable, Sendable {
    package internal(set) var quantity: Int64 = 0
    package internal(set) var cost: Int128 = 0
    package internal(set) var workingBuy: Int64 = 0
    package internal(set) var workingSell: Int64 = 0

    package var isFlat: Bool { quantity == 0 && workingBuy == 0 && workingSell == 0 }
    /// The larger of the two ends to which working orders can lead.
    package var reach: UInt64 {
      let (up, first) = quantity.addingReportingOverflow(workingBuy)
      let (down, second) = quantity.subtractingReportingOverflow(workingSell)
      return Swift.max(first ? .max : up.magnitude, second ? .max : down.magnitude)
    }
  }

  /// One slot in one instrument.
  struct Cell {
    var holding = Holding()
    /// Realised less fees, of which worth was taken.
    var realised: Int128 = 0
    var exposure = Worth.zero
    /// Profit not yet realised.
    var result = Worth.zero
    /// Neighbours among the instrument's cells that are not flat.
    var next = UInt32.max
    var previous = UInt32.max
    /// Changed since it was valued: listed in `stale`.
    var isStale = false
  }

  /// Stops that would close a holding: how much of it, and the sum of quantity times trigger.
  struct Cover {
    var quantity: Int64 = 0
    var notional: Int128 = 0
  }

  struct Row {
    var instrument: Instrument? {
      didSet { pricing = instrument.map(Pricing.init) ?? Pricing() }
    }
    private(set) var pricing = Pricing()
    /// The last sound price; 0 before the first.
    var reference: Int64 = 0
    var account = Holding()
    var exposure = Worth.zero
    var unrealised = Worth.zero
    var margin = Worth.zero
    var coveredRisk = Worth.zero
    var uncovered = Worth.zero
    var longCover = Cover()
    var shortCover = Cover()
    var firstCell = UInt32.max
    /// The asset whose rate this instrument's price is; 0: none.
    var ratedAsset: UInt32 = 0
    var isHeld = false
    /// Held, and its settlement asset has no rate: what it is worth is not known.
    var isUnrated = false
    /// Neighbours among the held instruments that settle in the same asset.
    var next = UInt32.max
    var previous = UInt32.max
  }

  let slots: Int
  var rows: Table<Row>
  /// By instrument and slot, an instrument's together.
  var cells: Table<Cell>
  var assets: Table<RatedAsset>
  /// Those whose rate is not fixed: few.
  var movingRates: [UInt32] = []
  /// Whether anything here depends on an instrument's price; apart, so that a price of one nobody
  /// holds costs one look.
  var isWatched: Table<Bool>
  var orders: Table<Reservation>
  var accounts: Table<AccountTerms>
  /// Cells that changed in this turn and are not valued yet, each once. Nobody reads a figure
  /// before they are.
  var stale: [UInt32] = []
  /// Sums are wider than what they add, so that they can be taken apart again.
  var totals: Totals
  package internal(set) var day = TradingDay()

  init(limits: Limits) {
    slots = limits.slots
    rows = Table(repeating: Row(), count: limits.instruments)
    cells = Table(repeating: Cell(), count: limits.instruments * limits.slots)
    assets = Table(repeating: RatedAsset(), count: limits.assets)
    isWatched = Table(repeating: false, count: limits.instruments)
    orders = Table(repeating: Reservation(), count: limits.orders)
    movingRates.reserveCapacity(limits.assets)
    accounts = Table(repeating: AccountTerms(), count: limits.accounts)
    stale.reserveCapacity(Self.staleMax)
    totals = Totals(slots: limits.slots, groupings: limits.groupings)
    day = TradingDay(slots: limits.slots)
  }

  /// More than these in one turn, and they are valued in between.
  static let staleMax = 256

  func index(_ slot: UInt32, _ instrument: InstrumentID) -> Int {
    instrument.index * slots + Int(slot)
  }

  /// Whether an instrument's class, sector, group and account have a place here.
  func hasRoom(for instrument: Instrument) -> Bool {
    Int(instrument.sector) < totals.bySector.count && Int(instrument.group) < totals.byGroup.count
      && Int(instrument.account) < accounts.count
  }
}

/// The questions.
extension Portfolio {
  /// Of the whole account in one instrument.
  package func holding(_ instrument: InstrumentID) -> Holding { rows[instrument.index].account }
  /// The worth of the larger end to which the account's working orders can lead.
  package func exposure(_ instrument: InstrumentID) -> Worth { rows[instrument.index].exposure }
  package func exposure(_ slot: UInt32, _ instrument: InstrumentID) -> Worth {
    cells[index(slot, instrument)].exposure
  }
  package func margin(_ instrument: InstrumentID) -> Worth { rows[instrument.index].margin }

  package var grossExposure: Worth { Worth(clamping: totals.gross) }
  package func grossExposure(slot: UInt32) -> Worth { Worth(clamping: totals.bySlot[Int(slot)]) }
  package func exposure(assetClass: AssetClass) -> Worth {
    Worth(clamping: totals.byClass[Int(assetClass.rawValue)])
  }
  package func exposure(sector: UInt16) -> Worth { Worth(clamping: totals.bySector[Int(sector)]) }
  package func exposure(group: UInt16) -> Worth { Worth(clamping: totals.byGroup[Int(group)]) }
  package var marginBound: Worth { Worth(clamping: totals.margin) }

  /// What all that is projected would lose: what stops cover by their distance, the rest by a
  /// share of its worth.
  package func openRisk(unprotected partsPerMillion: Int64) -> Worth {
    Worth(clamping: totals.coveredRisk)
      + Worth(clamping: totals.uncovered).shareRoundedUp(partsPerMillion)
  }
  package func openRisk(_ instrument: InstrumentID, unprotected partsPerMillion: Int64) -> Worth {
    let row = rows[instrument.index]
    return row.coveredRisk + row.uncovered.shareRoundedUp(partsPerMillion)
  }

  /// nil while something held has no rate into the reporting asset, or nothing was ever deposited.
  package var equity: Worth? {
    guard totals.unrated == 0, totals.hasCash else { return nil }
    return Worth(clamping: totals.cash + totals.unrealised)
  }
  /// The terms of equity: what came less what went, what trading made of it, what changed rates
  /// did to the cash, and profit not yet realised.
  package var terms: (flows: Worth, traded: Worth, revaluation: Worth, unrealised: Worth) {
    (
      Worth(clamping: totals.flows),
      Worth(clamping: totals.cash - totals.flows - totals.revaluation),
      Worth(clamping: totals.revaluation), Worth(clamping: totals.unrealised)
    )
  }
  /// Realised less fees, each at the rate of its time.
  package func realised(slot: UInt32) -> Worth { Worth(clamping: totals.realisedBySlot[Int(slot)]) }
  /// Realised less fees and not yet realised.
  package func result(slot: UInt32) -> Worth {
    Worth(clamping: totals.realisedBySlot[Int(slot)] + totals.resultBySlot[Int(slot)])
  }

  /// What a quantity is worth at a price, rounded up; nil without a rate.
  package func worth(_ id: InstrumentID, _ price: Int64, _ quantity: UInt64) -> Worth? {
    let pricing = rows[id.index].pricing
    guard let rate = assets[Int(pricing.settlement)].rate else { return nil }
    return worth(id.index, pricing, price, quantity, rate)
  }
}

/// What is added up over instruments, slots and assets.
struct Totals: ~Copyable {
  var gross: Int128 = 0
  var bySlot: Table<Int128>
  var byClass: Table<Int128>
  var bySector: Table<Int128>
  var byGroup: Table<Int128>
  var margin: Int128 = 0
  var unrealised: Int128 = 0
  var coveredRisk: Int128 = 0
  var uncovered: Int128 = 0
  var resultBySlot: Table<Int128>
  var realisedBySlot: Table<Int128>
  var cash: Int128 = 0
  var flows: Int128 = 0
  var revaluation: Int128 = 0
  /// Assets and held instruments without a rate.
  var unrated = 0
  var hasCash = false

  init(slots: Int, groupings: Int) {
    bySlot = Table(repeating: 0, count: slots)
    byClass = Table(repeating: 0, count: AssetClass.allCases.count)
    bySector = Table(repeating: 0, count: groupings)
    byGroup = Table(repeating: 0, count: groupings)
    resultBySlot = Table(repeating: 0, count: slots)
    realisedBySlot = Table(repeating: 0, count: slots)
  }

  /// Moves one instrument's share of the sums. Sector and group 0 are none.
  mutating func move(_ pricing: Pricing, by change: Int128) {
    guard change != 0 else { return }
    gross += change
    byClass[Int(pricing.assetClass)] += change
    if pricing.sector != 0 { bySector[Int(pricing.sector)] += change }
    if pricing.group != 0 { byGroup[Int(pricing.group)] += change }
  }
}
