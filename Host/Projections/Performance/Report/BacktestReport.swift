package import Market

/// All that a report shows, as a plain value: filled by whoever ran the backtest, written as HTML,
/// JSON or CSV. What it holds is all there is: no clock and no file is read, so that the same value
/// gives the same bytes.
package struct BacktestReport: Sendable {
  /// A name and what stands behind it, both shown as they are.
  package struct Fact: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package struct Warning: Sendable, Equatable {
    /// `serious`: the figures may be wrong or unattainable. `notice`: read them with care.
    package enum Weight: String, Sendable { case serious, notice }
    package var weight: Weight
    package var text: String

    package init(_ weight: Weight, _ text: String) {
      self.weight = weight
      self.text = text
    }
  }

  package struct Simulation: Sendable, Equatable {
    /// What was drawn: "Trades", "Daily returns in blocks of 9".
    package var name: String
    package var result: MonteCarloResult

    package init(name: String, result: MonteCarloResult) {
      self.name = name
      self.result = result
    }
  }

  /// Names in the first column, then what there is to say of each.
  package struct Table: Sendable, Equatable {
    package var title: String
    package var columns: [String]
    package var rows: [[String]]

    package init(title: String, columns: [String], rows: [[String]]) {
      self.title = title
      self.columns = columns
      self.rows = rows
    }
  }

  /// What was found out about having tried many.
  package struct Selection: Sendable, Equatable {
    /// How many configurations were tried before this one was shown.
    package var trials: Int
    package var deflatedSharpe: Double?
    package var overfitting: BacktestOverfitting?

    package init(
      trials: Int, deflatedSharpe: Double? = nil, overfitting: BacktestOverfitting? = nil
    ) {
      self.trials = trials
      self.deflatedSharpe = deflatedSharpe
      self.overfitting = overfitting
    }
  }

  /// "SMA crossover on BTC-USD".
  package var title: String
  /// One line beneath: what was run, on what.
  package var subtitle = ""
  /// Beside the title: mode, data, versions, seed, hash of the journal.
  package var facts: [Fact] = []
  /// What amounts are counted in: "USD".
  package var currency: String
  package var curve: EquityCurve
  package var summary: PerformanceSummary
  /// In their order. Shown where there are several, or where fills are counted.
  package var strategies: [GroupPerformance] = []
  package var instruments: [GroupPerformance] = []
  package var trades: [ClosedTrade] = []
  /// Further ones, in the totals alone.
  package var tradesNotKept = 0
  package var names: ReportNames
  package var simulations: [Simulation] = []
  package var selection: Selection?
  package var sweep: SweepMap?
  package var walkForward: [WalkForwardSegment] = []
  /// What its segments were fitted by and are judged by.
  package var walkForwardMetric = "Sharpe"
  /// Tables of whoever made the report, behind the figures.
  package var tables: [Table] = []
  /// Whether trades and fills were counted; where not, nothing is said of them.
  package var knowsTrades = true
  /// Where they were only counted, how many.
  package var tradesCounted: Int?
  /// Fee, spread, latency and fill models, as they were set.
  package var costs: [Fact] = []
  package var settings: [Fact] = []
  /// What the runner knows: limits off, a look ahead, data with gaps. `findings` are added.
  package var warnings: [Warning] = []

  package init(
    title: String, currency: String, curve: EquityCurve, summary: PerformanceSummary,
    names: ReportNames = ReportNames()
  ) {
    self.title = title
    self.currency = currency
    self.curve = curve
    self.summary = summary
    self.names = names
  }

  /// Takes trades, totals and groups from a ledger. Groups are those that filled something, in the
  /// order of their numbers.
  package mutating func take(_ ledger: TradeLedger) {
    trades = ledger.trades
    tradesNotKept = ledger.tradesNotKept
    strategies = (0..<ledger.options.slots).compactMap { slot in
      let execution = ledger.execution(slot: slot)
      guard execution.fills > 0 else { return nil }
      return GroupPerformance(
        name: names.slot(slot), trades: ledger.totals(slot: slot), execution: execution)
    }
    instruments = (0..<ledger.options.instruments).compactMap { index in
      let id = InstrumentID(rawValue: UInt32(index))
      let execution = ledger.execution(id)
      guard execution.fills > 0 else { return nil }
      return GroupPerformance(
        name: names.symbol(id), trades: ledger.totals(id), execution: execution)
    }
    if ledger.refused > 0 {
      warnings.append(
        Warning(.serious, "\(ledger.refused) fills could not be counted, and are missing here."))
    }
    if ledger.openTrades > 0 {
      warnings.append(
        Warning(
          .notice,
          "\(ledger.openTrades) positions were open at the end: in the equity, not in the trades."
        ))
    }
  }
}

/// What slots and instruments are called, and how their numbers are written.
package struct ReportNames: Sendable {
  package var slots: [String] = []
  private var symbols: [String] = []
  private var instruments: [Instrument?] = []

  package init(slots: [String] = []) { self.slots = slots }

  package mutating func set(_ instrument: Instrument, symbol: String) {
    let missing = instrument.id.index + 1 - symbols.count
    if missing > 0 {
      symbols += Array(repeating: "", count: missing)
      instruments += Array(repeating: nil, count: missing)
    }
    symbols[instrument.id.index] = symbol
    instruments[instrument.id.index] = instrument
  }

  package func slot(_ slot: Int) -> String {
    slots.indices.contains(slot) && !slots[slot].isEmpty ? slots[slot] : "slot \(slot)"
  }
  package func symbol(_ id: InstrumentID) -> String {
    symbols.indices.contains(id.index) && !symbols[id.index].isEmpty
      ? symbols[id.index] : "instrument \(id.rawValue)"
  }
  package func instrument(_ id: InstrumentID) -> Instrument? {
    instruments.indices.contains(id.index) ? instruments[id.index] : nil
  }
}
