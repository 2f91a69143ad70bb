package import Market
package import PluginBridge

/// Trades made of fills, for each slot and instrument, by average cost: the same arithmetic, and
/// the same rounding, as the kernel's positions, so that what closed trades brought is exactly the
/// cash that went in and out. It allocates nothing once as much was held at one time as ever is.
package struct TradeLedger {
  package struct Options: Sendable {
    package var slots = 64
    package var instruments = 1_024
    package var assets = 256
    package var counting = TradeCounting.flatToFlat
    /// Further ones are in the totals alone.
    package var tradesMax = 100_000
    package var barLength: Nanoseconds?
    /// What totals are counted in; its rate is 1.
    package var reporting: AssetID

    package init(reporting: AssetID) { self.reporting = reporting }
  }

  /// Why a fill was not taken.
  package enum Refusal: Sendable, Equatable {
    case unknownSlot, unknownInstrument, noSide, noQuantity, notRepresentable
  }

  package let options: Options
  package private(set) var trades: [ClosedTrade] = []
  package private(set) var tradesNotKept = 0
  package private(set) var refused = 0

  package private(set) var totals = TradeTotals()
  package private(set) var execution = ExecutionTotals()
  private var slotTotals: [TradeTotals]
  private var slotExecution: [ExecutionTotals]
  private var instrumentTotals: [TradeTotals]
  private var instrumentExecution: [ExecutionTotals]

  var instruments: [Instrument?]
  var rates: [Double?]
  /// Places in the pool by slot, instrument and leg; -1: flat.
  var places: [Int32]
  var pool: [OpenTrade] = []
  var firstFree: Int32 = -1
  /// The first holder of each instrument.
  var holders: [Int32]

  package init(_ options: Options) {
    precondition(
      options.slots > 0 && options.instruments > 0 && options.assets > 0
        && options.tradesMax >= 0, "a ledger has places")
    self.options = options
    slotTotals = Array(repeating: TradeTotals(), count: options.slots)
    slotExecution = Array(repeating: ExecutionTotals(), count: options.slots)
    instrumentTotals = Array(repeating: TradeTotals(), count: options.instruments)
    instrumentExecution = Array(repeating: ExecutionTotals(), count: options.instruments)
    instruments = Array(repeating: nil, count: options.instruments)
    rates = Array(repeating: nil, count: options.assets)
    places = Array(repeating: -1, count: options.slots * options.instruments * 2)
    holders = Array(repeating: -1, count: options.instruments)
    trades.reserveCapacity(options.tradesMax)
    setRate(of: options.reporting, 1)
  }

  /// Before its first fill. Another epoch of it keeps its exponents, and what is open.
  package mutating func define(_ instrument: Instrument) {
    guard instrument.id.index < options.instruments else { return }
    instruments[instrument.id.index] = instrument
  }

  /// What one unit of the asset is worth in the reporting asset, from now on.
  package mutating func setRate(of asset: AssetID, _ rate: Double) {
    guard Int(asset.rawValue) < options.assets, rate > 0, rate.isFinite else { return }
    rates[Int(asset.rawValue)] = rate
  }

  func rate(of asset: AssetID) -> Double? {
    Int(asset.rawValue) < options.assets ? rates[Int(asset.rawValue)] : nil
  }

  /// A price of the instrument, for how far open trades went against and for their holders.
  package mutating func mark(_ instrument: InstrumentID, _ price: Price) {
    guard instrument.index < options.instruments else { return }
    var place = holders[instrument.index]
    guard place >= 0, let known = instruments[instrument.index] else { return }
    while place >= 0 {
      let index = Int(place)
      if let value = known.value(price, signed: pool[index].quantity) {
        pool[index].mark(value.units)
      }
      place = pool[index].next
    }
  }

  /// Funding or interest that an open position was paid (negative: paid), in the settlement asset.
  /// Without an open position it belongs to no trade, and false is answered.
  @discardableResult
  package mutating func fund(
    slot: Int, _ instrument: InstrumentID, _ amount: Money, leg: PositionSide = .net
  ) -> Bool {
    guard let key = key(slot, instrument.index, leg.rawValue), places[key] >= 0 else {
      return false
    }
    pool[Int(places[key])].funding &+= amount.units
    return true
  }

  package func totals(slot: Int) -> TradeTotals { slotTotals[slot] }
  package func totals(_ instrument: InstrumentID) -> TradeTotals {
    instrumentTotals[instrument.index]
  }
  package func execution(slot: Int) -> ExecutionTotals { slotExecution[slot] }
  package func execution(_ instrument: InstrumentID) -> ExecutionTotals {
    instrumentExecution[instrument.index]
  }

  /// Signed; zero where nothing is held.
  package func quantity(
    slot: Int, _ instrument: InstrumentID, leg: PositionSide = .net
  ) -> Int64 {
    guard let key = key(slot, instrument.index, leg.rawValue), places[key] >= 0 else { return 0 }
    return pool[Int(places[key])].quantity
  }

  /// How many are open.
  package var openTrades: Int { places.count { $0 >= 0 } }

  func key(_ slot: Int, _ instrument: Int, _ leg: UInt8) -> Int? {
    guard slot >= 0, slot < options.slots, instrument < options.instruments else { return nil }
    return (slot * options.instruments + instrument) * 2 + (leg == 2 ? 1 : 0)
  }

  mutating func refuse(_ refusal: Refusal) -> Refusal {
    refused += 1
    return refusal
  }

  mutating func count(_ fill: RatedFill, slot: Int, _ instrument: Int) {
    execution.add(fill)
    slotExecution[slot].add(fill)
    instrumentExecution[instrument].add(fill)
  }

  mutating func close(_ trade: ClosedTrade) {
    totals.add(trade)
    slotTotals[trade.slot].add(trade)
    instrumentTotals[trade.instrument.index].add(trade)
    if trades.count < options.tradesMax { trades.append(trade) } else { tradesNotKept += 1 }
  }
}
