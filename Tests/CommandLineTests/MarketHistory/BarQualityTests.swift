import Market
import MarketHistory
import PluginABI
import TestSupport
import Testing

/// Bars with one fault among clean ones.
@Suite struct BarQualityTests {
  private static let minute = MarketRecords.minute

  private static func clean(
    _ count: Int64 = 300, replacing: [Int64: (inout MarketRecords, Int64) -> Void] = [:]
  ) -> MarketRecords {
    var records = MarketRecords()
    var random = SeededGenerator(seed: 5)
    var price: Int64 = 100_000
    for index in 1...count {
      let open = price
      price += 5 * Int64.random(in: -6...6, using: &random)
      if let plant = replacing[index] {
        plant(&records, index * minute)
      } else {
        records.bar(
          index * minute, open, max(open, price) + 5, min(open, price) - 5, price, 10 * index)
      }
    }
    return records
  }

  private func expect(
    _ kind: FindingKind, count: Int = 1, _ options: QualityOptions = QualityOptions(),
    _ plant: @escaping (inout MarketRecords, Int64) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let report = Self.clean(replacing: [150: plant]).check(options)
    let found = report.log.found.map { "\($0.kind) \($0.count)" }
    #expect(found == ["\(kind) \(count)"], sourceLocation: sourceLocation)
  }

  @Test func cleanBarsGiveNothing() {
    let report = Self.clean().check()
    #expect(report.log.found.isEmpty && report.streams.map(\.missing) == [0])
    #expect(report.streams[0].medianSpacing == .seconds(60))
  }

  @Test func impossibleBarsAreErrors() {
    expect(.badBar) { $0.bar($1, 100_000, 99_990, 100_005, 100_000) }
    expect(.badBar) { $0.bar($1, 100_010, 100_005, 99_995, 100_000) }
    expect(.badBar) { $0.bar($1, 100_000, 100_005, 99_995, 99_990) }
    expect(.badPrice) { $0.bar($1, 100_000, 100_005, 0, 100_000) }
    expect(.badPrice) { $0.bar($1, -100_000, 100_005, -200_000, 100_000) }
    expect(.badQuantity) { $0.bar($1, 100_000, 100_005, 99_995, 100_000, -10) }
    expect(.offTick) { $0.bar($1, 100_000, 100_006, 99_995, 100_000) }
    expect(.offLot) { $0.bar($1, 100_000, 100_005, 99_995, 100_000, 15) }
  }

  @Test func aBarWithoutVolumeIsNotedAndMayLieBetweenTicks() {
    expect(.zeroVolumeBar) { $0.bar($1, 100_000, 100_006, 99_995, 100_000, 0) }
  }

  @Test func aBarTwiceIsFoundAlsoWhereItDiffers() {
    expect(.duplicateBar) { records, time in
      records.bar(time, 100_000, 100_005, 99_995, 100_000, 10)
      records.bar(time, 100_000, 100_005, 99_995, 100_005, 10)
    }
  }

  @Test func missingBarsAreCounted() {
    let report = Self.clean(replacing: [100: { _, _ in }, 101: { _, _ in }, 200: { _, _ in }])
      .check()
    #expect(report.log.found.map(\.kind) == [.missingBars] && report.log.count(.missingBars) == 2)
    let worst = report.log.examples(.missingBars)[0]
    #expect(worst.value == .count(2) && worst.time.nanoseconds == 100 * Self.minute)
    #expect(report.streams[0].missing == 3 && report.streams[0].coverage == 297.0 / 300)
  }

  @Test func holesUpToABoundAreLetThrough() {
    let records = Self.clean(replacing: [100: { _, _ in }, 200: { _, _ in }, 201: { _, _ in }])
    var options = QualityOptions()
    options.gapMax = Nanoseconds(2 * Self.minute)
    let report = records.check(options)
    #expect(report.log.count(.missingBars) == 1 && report.streams[0].missing == 3)
  }

  @Test func aBarThatComesLateIsNoHole() {
    expect(.zeroVolumeBar) { $0.bar($1 + 3_000_000_000, 100_000, 100_005, 99_995, 100_000, 0) }
  }

  @Test func closesThatJumpAndComeBackAreBadPrints() {
    expect(.badPrint) { $0.bar($1, 100_000, 150_000, 99_995, 150_000) }
  }

  @Test func barsThatDoNotMoveAreFrozen() {
    var plants: [Int64: (inout MarketRecords, Int64) -> Void] = [:]
    for index in Int64(100)..<160 {
      plants[index] = { $0.bar($1, 100_000, 100_000, 100_000, 100_000) }
    }
    var options = QualityOptions()
    options.jumpScales = 1e9
    #expect(Self.clean(replacing: plants).check(options).log.found.map(\.kind) == [.stale])
    plants[120] = { $0.bar($1, 100_000, 100_005, 100_000, 100_000) }
    #expect(Self.clean(replacing: plants).check(options).log.found.isEmpty)
  }

  @Test func barsOfDifferentLengthsAreStreamsOfTheirOwn() {
    var records = MarketRecords()
    for index in Int64(1)...600 {
      records.bar(index * Self.minute, 100_000, 100_005, 99_995, 100_000 + 5 * (index % 2))
      if index % 60 == 0 {
        records.bar(
          index * Self.minute, 100_000, 100_005, 99_995, 100_000, interval: 60 * Self.minute)
      }
    }
    let report = records.check()
    #expect(report.log.found.isEmpty && report.streams.map(\.records) == [600, 10])
  }
}
