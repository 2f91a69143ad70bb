import Market
import MarketHistory
import Testing

/// Bars of two sources held against each other.
@Suite struct ComparisonTests {
  private func compare(
    _ here: [(Int64, Double)], _ there: [(Int64, Double)], tolerance: Double = 10
  ) -> (SourceComparison, FindingLog) {
    var log = FindingLog(examplesMax: 3)
    var comparison = SourceComparison(
      InstrumentID(rawValue: 0), toleranceBasisPoints: tolerance)
    for (side, points) in [(SourceComparison.Side.here, here), (.there, there)] {
      for (time, price) in points {
        comparison.add(
          .init(close: Timestamp(nanoseconds: time), price: price), from: side, into: &log)
      }
    }
    comparison.finish()
    return (comparison, log)
  }

  private let path: [(Int64, Double)] = (0..<50).map { (Int64($0), 100 + Double($0 * $0 % 7)) }

  @Test func equalSourcesAreEqual() throws {
    let (comparison, log) = compare(path, path)
    #expect(comparison.matched == 50 && log.found.isEmpty && comparison.differenceMean == 0)
    #expect((try #require(comparison.correlation) - 1).magnitude < 1e-12)
  }

  @Test func anotherPriceIsFoundWithItsSize() {
    var other = path
    other[20].1 *= 1.01
    let (comparison, log) = compare(path, other)
    #expect(log.found.map(\.kind) == [.differentPrice] && comparison.different == 1)
    #expect((comparison.differenceMax - 99.5).magnitude < 0.1)
    #expect(compare(path, other, tolerance: 100).1.found.isEmpty)
  }

  @Test func barsOfOneSideAloneAreFound() {
    var other = path
    other.remove(at: 20)
    #expect(compare(path, other).1.found.map(\.kind) == [.missingThere])
    #expect(compare(other, path).1.found.map(\.kind) == [.missingHere])
    #expect(compare(other, path).0.missingHere == 1)
  }

  @Test func whatOneSideDoesNotCoverIsNotMissing() {
    let (comparison, log) = compare(path, Array(path[10..<40]))
    #expect(log.found.isEmpty && comparison.outside == 20 && comparison.matched == 30)
  }

  @Test func returnsAgainstEachOtherCorrelateNegatively() throws {
    let (comparison, _) = compare(path, path.map { ($0.0, 10_000 / $0.1) }, tolerance: 1e9)
    #expect(try #require(comparison.correlation) < -0.99)
    #expect(compare(path, path.map { ($0.0, 5) }, tolerance: 1e9).0.correlation == nil)
  }
}
