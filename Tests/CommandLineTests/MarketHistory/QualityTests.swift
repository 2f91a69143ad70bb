import Market
import MarketHistory
import PluginABI
import TestSupport
import Testing

/// Each kind of fault planted in data that is otherwise clean: it alone is found.
@Suite struct QualityTests {
  private static let second = MarketRecords.second

  /// Trades and quotes a second apart that move by a tick or two.
  private static func clean(
    _ count: Int = 400, from start: Int64 = 0, seed: UInt64 = 3,
    fault: (inout MarketRecords, Int, Int64) -> Void = { _, _, _ in }
  ) -> MarketRecords {
    var records = MarketRecords()
    var random = SeededGenerator(seed: seed)
    var price: Int64 = 100_000
    for index in 0..<count {
      let time = start + Int64(index) * second
      price += 5 * Int64.random(in: -2...2, using: &random)
      records.quote(time, price - 5, price + 5, 10 * Int64.random(in: 1...9, using: &random))
      records.trade(time, price + 5, 10)
      fault(&records, index, time)
    }
    return records
  }

  private func expect(
    _ records: MarketRecords, _ kind: FindingKind, count: Int = 1,
    options: QualityOptions = QualityOptions(),
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let report = records.check(options)
    let found = report.log.found.map { "\($0.kind) \($0.count)" }
    #expect(found == ["\(kind) \(count)"], sourceLocation: sourceLocation)
  }

  /// One record behind the 200th pair.
  private func planting(
    _ kind: FindingKind, _ plant: @escaping (inout MarketRecords, Int64) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let records = Self.clean { records, index, time in
      if index == 200 { plant(&records, time) }
    }
    expect(records, kind, sourceLocation: sourceLocation)
    let example = records.check().log.examples(kind).first
    #expect(example?.record == 403, sourceLocation: sourceLocation)
    #expect(example?.time.nanoseconds == 200 * Self.second, sourceLocation: sourceLocation)
  }

  @Test func cleanDataGivesNothing() {
    let report = Self.clean(3_000).check()
    #expect(report.log.found.isEmpty && report.records == 6_000 && report.streams.count == 2)
    #expect(report.streams.allSatisfy { $0.coverage == 1 && $0.records == 3_000 })
  }

  @Test func impossibleTradesAreErrors() {
    planting(.badPrice) { $0.trade($1, 0) }
    planting(.badPrice) { $0.trade($1, -5) }
    planting(.badPrice) { $0.trade($1, KEEL_NULL) }
    planting(.badQuantity) { $0.trade($1, 100_000, -10) }
    planting(.zeroTrade) { $0.trade($1, 100_000, 0) }
    planting(.offTick) { $0.trade($1, 100_001) }
    planting(.offLot) { $0.trade($1, 100_000, 15) }
    planting(.duplicateTrade) { $0.trade($1, 100_000, 10, id: 150) }
    planting(.venueTimeBackwards) { $0.trade($1, 100_000, venueTime: $1 - 5) }
  }

  @Test func impossibleQuotesAreErrors() {
    planting(.crossedQuote) { $0.quote($1, 100_010, 100_000) }
    planting(.lockedQuote) { $0.quote($1, 100_000, 100_000) }
    planting(.badPrice) { $0.quote($1, 0, 100_000) }
    planting(.badQuantity) { $0.quote($1, KEEL_NULL, 100_000, -10) }
    planting(.offTick) { $0.quote($1, KEEL_NULL, 100_003) }
    planting(.offLot) { $0.quote($1, 100_000, KEEL_NULL, 15) }
  }

  @Test func aRecordTwiceIsFound() {
    planting(.duplicateRecord) { records, time in
      // The pair before, again.
      let copy = MarketRecords.last(of: records, KEEL_EV_QUOTE)
      records.append(copy)
    }
  }

  @Test func anUnknownInstrumentIsFound() {
    planting(.unknownInstrument) { $0.trade($1, 100_000, instrument: 7) }
  }

  @Test func timeThatGoesBackIsFound() {
    let records = Self.clean { records, index, time in
      if index == 200 { records.quote(time - 1, 99_995, 100_005) }
    }
    expect(records, .timeBackwards)
  }

  @Test func moreStreamsThanAreLookedAtAreSaid() {
    var records = MarketRecords()
    for time in Int64(0)..<1_030 { records.quote(time, 100_000, 100_005) }
    records.numberSources()
    expect(records, .unchecked, count: 6)
  }

  @Test func aGapToldByTheSourceIsPassedOn() { planting(.reportedGap) { $0.gap($1) } }

  @Test func aSilenceFarBeyondTheUsualIsAGap() {
    var records = Self.clean()
    records.append(contentsOf: Self.clean(400, from: 1_000 * Self.second, seed: 9).renumbered())
    expect(records, .gap, count: 2)
    let report = records.check()
    let worst = report.log.examples(.gap)[0]
    #expect(worst.value == .duration(.seconds(601)) && worst.time.nanoseconds == 399 * Self.second)
    #expect(report.streams.allSatisfy { ($0.coverage - 798.0 / 1_399).magnitude < 1e-9 })
  }

  @Test func aBoundFromOutsideIsTaken() {
    let records = Self.clean { _, _, _ in }
    var options = QualityOptions()
    options.gapMax = Nanoseconds(Self.second - 1)
    options.examplesMax = 2
    let report = records.check(options)
    #expect(report.log.count(.gap) == 2 * 399 && report.log.examples(.gap).count == 2)
    options.gapMax = Nanoseconds(Self.second)
    #expect(records.check(options).log.found.isEmpty)
  }

  @Test func aPriceThatComesStraightBackIsABadPrint() {
    planting(.badPrint) { $0.trade($1, 120_000) }
    let points = Self.clean { records, index, time in
      if index == 200 { records.trade(time, 101_000) }
    }.check().log.examples(.badPrint)[0].value
    guard case .basisPoints(let size) = points else { return #expect(Bool(false)) }
    #expect((80...120).contains(size))
  }

  @Test func aPriceThatStaysIsAJump() {
    var records = MarketRecords()
    for index in Int64(0)..<200 {
      let price = 100_000 + 5 * (index * index % 3) + (index >= 120 ? 4_000 : 0)
      records.trade(index * Self.second, price)
    }
    expect(records, .jump)
    #expect(records.check().log.examples(.jump)[0].record == 121)
  }

  @Test func aFrozenPriceIsFoundOnce() {
    let records = Self.clean { records, index, time in
      guard index == 399 else { return }
      for later in Int64(1)...3_700 {
        records.quote(time + later * Self.second, 90_000, 90_010, 10 + 10 * (later % 5))
        records.trade(time + later * Self.second, 100_000 + 5 * (later % 3))
      }
    }
    var options = QualityOptions()
    options.jumpScales = 1e9
    expect(records, .stale, options: options)
    let stale = records.check(options).log.examples(.stale)[0]
    #expect(
      stale.value == .duration(.seconds(3_699)) && stale.time.nanoseconds == 400 * Self.second)
  }
}
