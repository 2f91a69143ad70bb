import Market
package import PluginABI
package import PluginBridge

/// Looks at every record of a stream once, in space that does not grow with it.
package struct QualityCheck {
  private let options: QualityOptions
  private var rules: [TickRules?]
  private var trades: StreamTable<TradeStream>
  private var quotes: StreamTable<QuoteStream>
  private var bars: StreamTable<BarStream>
  private var books: StreamTable<BookStream>
  private var funding: StreamTable<FundingStream>
  /// Streams in the order in which they appeared.
  private var order: [StreamKey] = []
  private var newest: Int64?
  private var log: FindingLog
  package private(set) var records = 0

  /// `instruments` by id, as a tape's own table has them.
  package init(_ instruments: [keel_ev_instrument], _ options: QualityOptions = QualityOptions()) {
    self.options = options
    rules = instruments.map { InstrumentDefinition.numbers(of: $0).map(TickRules.init) }
    trades = StreamTable(instruments: rules.count)
    quotes = StreamTable(instruments: rules.count)
    bars = StreamTable(instruments: rules.count)
    books = StreamTable(instruments: rules.count)
    funding = StreamTable(instruments: rules.count)
    log = FindingLog(examplesMax: options.examplesMax)
  }

  package mutating func take(_ record: Record) {
    records += 1
    takeTime(record)
    if record.type == KEEL_EV_INSTRUMENT { return learn(record) }
    if record.type == KEEL_EV_GAP { return takeGap(record) }
    guard let key = StreamKey(record) else { return }
    guard key.instrument.index < rules.count, let rules = rules[key.instrument.index] else {
      return log.add(
        Finding(
          .unknownInstrument, nil, at: record.time, record: records,
          .identifier(UInt64(key.instrument.rawValue))))
    }
    let place = RecordPlace(record: record, number: records, rules: rules)
    let isTaken =
      switch key.kind {
      case .trades: Self.give(place, key, to: &trades, options, &order, &log)
      case .quotes: Self.give(place, key, to: &quotes, options, &order, &log)
      case .bars: Self.give(place, key, to: &bars, options, &order, &log)
      case .book: Self.give(place, key, to: &books, options, &order, &log)
      case .funding: Self.give(place, key, to: &funding, options, &order, &log)
      }
    if !isTaken { log.add(place.finding(.unchecked)) }
  }

  package mutating func finish() -> QualityReport {
    var summaries: [StreamKey: StreamSummary] = [:]
    Self.finish(&trades, into: &summaries, &log)
    Self.finish(&quotes, into: &summaries, &log)
    Self.finish(&bars, into: &summaries, &log)
    Self.finish(&books, into: &summaries, &log)
    Self.finish(&funding, into: &summaries, &log)
    return QualityReport(
      records: records, streams: order.compactMap { summaries[$0] }, log: log)
  }

  private mutating func takeTime(_ record: Record) {
    let time = record.time.nanoseconds
    if let newest, time < newest {
      log.add(
        Finding(
          .timeBackwards, nil, at: record.time, record: records,
          .duration(Timestamp(nanoseconds: newest) - record.time)))
    } else {
      newest = time
    }
  }

  private mutating func learn(_ record: Record) {
    guard let numbers = InstrumentDefinition(record)?.instrument,
      numbers.id.index < rules.count
    else { return }
    rules[numbers.id.index] = TickRules(numbers)
  }

  private mutating func takeGap(_ record: Record) {
    let isKnown = record.instrument.index < rules.count
    log.add(
      Finding(
        .reportedGap, isKnown ? record.instrument : nil, at: record.time, record: records))
    guard isKnown, let rules = rules[record.instrument.index],
      let place = books.place(instrument: record.instrument.index, source: record.source)
    else { return }
    books.streams[place].takeGap(
      RecordPlace(record: record, number: records, rules: rules))
  }

  private static func give<Stream>(
    _ place: RecordPlace, _ key: StreamKey, to table: inout StreamTable<Stream>,
    _ options: QualityOptions, _ order: inout [StreamKey], _ log: inout FindingLog
  ) -> Bool {
    let count = table.streams.count
    guard let stream = table.place(of: key, options) else { return false }
    if table.streams.count > count { order.append(key) }
    table.streams[stream].take(place, into: &log)
    return true
  }

  private static func finish<Stream>(
    _ table: inout StreamTable<Stream>, into summaries: inout [StreamKey: StreamSummary],
    _ log: inout FindingLog
  ) {
    for index in table.streams.indices {
      let summary = table.streams[index].finish(into: &log)
      summaries[summary.key] = summary
    }
  }
}
