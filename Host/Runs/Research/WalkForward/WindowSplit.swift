package import Market

/// How data is cut into windows that are fitted on, each followed by one that is traded.
///
/// Test windows follow one another without a gap, the first one `fit` after the data's beginning. A
/// fit ends `purge` before its test begins: what was learned there would reach into the test. It
/// begins `fit` before the test (rolling), or with the data (anchored). A rolling fit that would
/// begin within `embargo` after the end of an earlier test window begins where the embargo ends:
/// what happened right after a test still shows what was traded in it. A fit is one stretch: tests
/// inside of it, and what follows them there, stay part of it.
package struct WindowSplit: Sendable, Equatable {
  package struct Window: Sendable, Equatable {
    /// From 0.
    package let number: Int
    package let fitStart: Timestamp
    package let fitEnd: Timestamp
    package let testStart: Timestamp
    package let testEnd: Timestamp

    package init(
      number: Int, fitStart: Timestamp, fitEnd: Timestamp, testStart: Timestamp,
      testEnd: Timestamp
    ) {
      self.number = number
      self.fitStart = fitStart
      self.fitEnd = fitEnd
      self.testStart = testStart
      self.testEnd = testEnd
    }
  }

  package var fit: Nanoseconds
  package var test: Nanoseconds
  package var isAnchored: Bool
  package var purge: Nanoseconds
  package var embargo: Nanoseconds
  private static let windowsMax = 10_000

  package init(
    fit: Nanoseconds, test: Nanoseconds, isAnchored: Bool = false, purge: Nanoseconds = .zero,
    embargo: Nanoseconds = .zero
  ) throws(ResearchError) {
    func usage(_ option: String, _ message: String, _ remedy: String) -> ResearchError {
      ResearchError(.usage, option, message, remedy: remedy)
    }
    guard fit > .zero else { throw usage("--fit", "it has no length", "write it like 90d") }
    guard test > .zero else { throw usage("--test", "it has no length", "write it like 30d") }
    guard purge >= .zero, embargo >= .zero else {
      throw usage("--purge", "a length below zero", "write it like 1d")
    }
    let (taken, overflow) = purge.count.addingReportingOverflow(embargo.count)
    guard !overflow, taken < fit.count else {
      throw usage(
        "--purge", "purge and embargo leave nothing of the fit", "shorten them, or lengthen --fit")
    }
    guard !isAnchored || embargo == .zero else {
      throw usage(
        "--embargo", "an anchored fit begins before every test, so an embargo changes nothing",
        "leave it out, or use --rolling")
    }
    self.fit = fit
    self.test = test
    self.isAnchored = isAnchored
    self.purge = purge
    self.embargo = embargo
  }

  /// Of data from `start` up to `end`. A last test that is shorter than the others counts if it is
  /// at least half as long.
  package func windows(
    from start: Timestamp, to end: Timestamp
  ) throws(ResearchError) -> [Window] {
    let span = (end - start).count
    let needed = fit.count.addingReportingOverflow(test.count / 2 + test.count % 2)
    guard !needed.overflow, span >= needed.partialValue else {
      throw ResearchError(
        .usage, "--fit", "the data is too short for one fit and one test",
        remedy: "shorten --fit and --test, or take more data")
    }
    guard (span - fit.count) / test.count < Int64(Self.windowsMax) else {
      throw ResearchError(
        .usage, "--test", "more than \(Self.windowsMax) windows", remedy: "lengthen --test")
    }
    var windows: [Window] = []
    var testStart = start + fit
    while (end - testStart).count >= test.count / 2 + test.count % 2, testStart < end {
      let testEnd = Swift.min(testStart + test, end)
      windows.append(
        Window(
          number: windows.count, fitStart: fitStart(testStart, start, windows),
          fitEnd: testStart + Nanoseconds(-purge.count), testStart: testStart, testEnd: testEnd))
      testStart = testEnd
    }
    return windows
  }

  private func fitStart(
    _ testStart: Timestamp, _ start: Timestamp, _ earlier: [Window]
  ) -> Timestamp {
    guard !isAnchored else { return start }
    let wanted = testStart + Nanoseconds(-fit.count)
    var moved = wanted
    for window in earlier where window.testEnd <= wanted {
      moved = Swift.max(moved, window.testEnd + embargo)
    }
    return moved
  }
}
