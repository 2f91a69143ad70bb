package import Market
package import PluginABI
package import PluginBridge

/// Bars of many instruments, by several rules each, from one stream of records in the order of
/// time. What it gives is in that order too: by close, then instrument, then rule.
package struct Resampler {
  private struct Row {
    let instrument: InstrumentID
    /// Counted from 1, as records name it.
    let number: UInt32
    var aggregator: BarAggregator
    /// The smaller bars that its bars are made of.
    var smaller: (interval: Int64, source: UInt32)?
    /// The newest venue time seen.
    var venueTime = Timestamp.distantPast
  }

  private let source: BarSource
  private let clock: BarClock
  private var rows: [Row] = []
  /// By instrument: its rows.
  private var places: [Range<Int>] = []
  private var nextDue = Timestamp.distantFuture
  private var newest = Timestamp.distantPast
  /// Closed by a venue's clock that is ahead of the time at which records come.
  private var held: [keel_ev_bar] = []
  private var isFinished = false
  /// Records of the source that no bar can be made of: without a price, a quantity or both sides,
  /// or bars that do not fit into the wanted ones.
  package private(set) var skipped = 0

  /// For each instrument its numbers and its rules, none where it is not wanted.
  package init(
    _ wanted: [(instrument: Instrument, rules: [BarRule])], from source: BarSource,
    by clock: BarClock = .receive
  ) {
    self.source = source
    // Smaller bars have one time only, that of their close.
    self.clock = source == .bars ? .receive : clock
    for (index, want) in wanted.enumerated() {
      let start = rows.count
      for (number, rule) in want.rules.enumerated() {
        rows.append(
          Row(
            instrument: InstrumentID(rawValue: UInt32(index)), number: UInt32(number + 1),
            aggregator: BarAggregator(rule, of: want.instrument)))
      }
      places.append(start..<rows.count)
    }
  }

  /// Before the record of `time` is handed on: the bars that are complete by then.
  package mutating func advance(to time: Timestamp, into bars: inout [keel_ev_bar]) {
    if clock == .receive, time >= nextDue { emitDue(by: time, into: &bars) }
    if !held.isEmpty { release(by: time, into: &bars) }
    newest = Swift.max(newest, time)
  }

  /// Behind the record: the bars that it closed.
  package mutating func take(_ record: Record, into bars: inout [keel_ev_bar]) {
    guard BarSource(record) == source, record.instrument.index < places.count else { return }
    let places = places[record.instrument.index]
    guard !places.isEmpty else { return }
    switch source {
    case .trades:
      guard let trade = record.cast(to: keel_ev_trade.self)?.pointee, trade.px != KEEL_NULL,
        trade.qty > 0
      else { return skip() }
      let side = Side(rawValue: trade.side)
      for place in places { add(trade.px, trade.qty, side, record, at: place, into: &bars) }
    case .quotes:
      guard let quote = record.cast(to: keel_ev_quote.self)?.pointee, quote.bid != KEEL_NULL,
        quote.ask != KEEL_NULL
      else { return skip() }
      let middle = FixedPoint.divideHalfToEven(Int128(quote.bid) + Int128(quote.ask), by: 2)
      for place in places {
        add(Int64(truncatingIfNeeded: middle), 0, nil, record, at: place, into: &bars)
      }
    case .bars:
      guard let bar = record.cast(to: keel_ev_bar.self)?.pointee else { return skip() }
      for place in places { add(bar, at: place, into: &bars) }
    }
  }

  /// What is under way at the end, complete or not.
  package mutating func finish(into bars: inout [keel_ev_bar]) {
    let start = bars.count
    isFinished = true
    bars += held
    held.removeAll()
    for place in rows.indices {
      if let bar = rows[place].aggregator.finish() { append(bar, place, into: &bars) }
    }
    sort(&bars, from: start)
    nextDue = .distantFuture
  }

  /// At the end nothing comes that a bar could come too early for.
  private var isHolding: Bool { clock == .venue && !isFinished }

  private mutating func skip() { skipped += 1 }

  private mutating func add(
    _ price: Int64, _ quantity: Int64, _ side: Side?, _ record: Record, at place: Int,
    into bars: inout [keel_ev_bar]
  ) {
    let time = time(of: record, at: place)
    if let bar = rows[place].aggregator.add(price, quantity, side, at: time) {
      append(bar, place, into: &bars)
    }
    note(place)
  }

  /// By the clock of the bars; never before the time of a record before it.
  private mutating func time(of record: Record, at place: Int) -> Timestamp {
    guard clock == .venue else { return record.time }
    let told = Timestamp?(abi: record.header.pointee.ts_venue) ?? record.time
    rows[place].venueTime = Swift.max(rows[place].venueTime, told)
    return rows[place].venueTime
  }

  private mutating func release(by time: Timestamp, into bars: inout [keel_ev_bar]) {
    let start = bars.count
    bars += held.filter { $0.h.ts_recv <= time.nanoseconds }
    held.removeAll { $0.h.ts_recv <= time.nanoseconds }
    sort(&bars, from: start)
  }

  /// Only bars of one length and source go into a row, the first that came: a tape may hold the
  /// same time several times over.
  private mutating func add(_ bar: keel_ev_bar, at place: Int, into bars: inout [keel_ev_bar]) {
    guard let interval = rows[place].aggregator.rule.interval, bar.interval > 0,
      bar.interval < interval.count, interval.count % bar.interval == 0,
      rows[place].smaller.map({ $0 == (bar.interval, bar.h.source) }) != false,
      bar.open != KEEL_NULL, bar.high != KEEL_NULL, bar.low != KEEL_NULL, bar.close != KEEL_NULL
    else { return skip() }
    rows[place].smaller = (bar.interval, bar.h.source)
    if let built = rows[place].aggregator.add(bar) { append(built, place, into: &bars) }
    note(place)
  }

  private mutating func note(_ place: Int) {
    if let due = rows[place].aggregator.dueTime, due < nextDue { nextDue = due }
  }

  private mutating func emitDue(by time: Timestamp, into bars: inout [keel_ev_bar]) {
    let start = bars.count
    nextDue = .distantFuture
    for place in rows.indices {
      if let bar = rows[place].aggregator.close(by: time) { append(bar, place, into: &bars) }
      note(place)
    }
    sort(&bars, from: start)
  }

  private mutating func append(_ bar: BuiltBar, _ place: Int, into bars: inout [keel_ev_bar]) {
    let row = rows[place]
    // What is cut off at the end may have closed before others were told.
    let record = bar.record(
      of: row.instrument, row.aggregator.rule, known: newest, source: row.number)
    if isHolding, bar.closeTime > newest {
      held.append(record)
    } else {
      bars.append(record)
    }
  }

  /// The few that close at once, kept in the order of their rows where times are equal.
  private func sort(_ bars: inout [keel_ev_bar], from start: Int) {
    for index in start..<bars.count {
      var place = index
      while place > start, bars[place].h.ts_recv < bars[place - 1].h.ts_recv {
        bars.swapAt(place, place - 1)
        place -= 1
      }
    }
  }
}
