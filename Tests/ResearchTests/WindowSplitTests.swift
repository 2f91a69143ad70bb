import Market
import Testing

@testable import Research

/// Windows by hand: "fit from > fit to | test from > test to", in days since the data began.
@Suite struct WindowSplitTests {
  private static func days(_ count: Double) -> Nanoseconds { Nanoseconds(Int64(count * 86_400e9)) }

  private static func text(_ split: WindowSplit, days: Double) throws -> [String] {
    let start = Timestamp(nanoseconds: 1_704_067_200_000_000_000)
    func day(_ time: Timestamp) -> String {
      FigureText.decimal(Double((time - start).count) / 86_400e9, places: 1)
        .replacing(".0", with: "")
    }
    return try split.windows(from: start, to: start + self.days(days)).map {
      "\(day($0.fitStart))>\(day($0.fitEnd)) | \(day($0.testStart))>\(day($0.testEnd))"
    }
  }

  @Test(arguments: [
    // fit, test, anchored, purge, embargo, of the data: the windows.
    (90.0, 30.0, false, 0.0, 0.0, 180.0, "0>90 | 90>120; 30>120 | 120>150; 60>150 | 150>180"),
    (90, 30, true, 0, 0, 180, "0>90 | 90>120; 0>120 | 120>150; 0>150 | 150>180"),
    // The fit ends a day before its test; its beginning stays.
    (90, 30, false, 1, 0, 150, "0>89 | 90>120; 30>119 | 120>150"),
    (90, 30, true, 2.5, 0, 150, "0>87.5 | 90>120; 0>117.5 | 120>150"),
    // Tests end at 20, 30, 40 ...; the fit that would begin at 20 is the first to follow one.
    (
      10, 10, false, 0, 2, 50,
      "0>10 | 10>20; 10>20 | 20>30; 22>30 | 30>40; 32>40 | 40>50"
    ),
    // Tests end at 17, 24, 31 ...; fits would begin at 0, 7, 14, 21, 28: within 5 after a test are
    // 21, 4 after 17, which begins at 22, and 28, 4 after 24, which begins at 29.
    (
      10, 7, false, 0, 5, 45,
      "0>10 | 10>17; 7>17 | 17>24; 14>24 | 24>31; 22>31 | 31>38; 29>38 | 38>45"
    ),
    (10, 7, false, 1, 5, 38, "0>9 | 10>17; 7>16 | 17>24; 14>23 | 24>31; 22>30 | 31>38"),
    // An embargo longer than a test counts from the tests that ended before the fit alone.
    (
      10, 2, false, 0, 3, 26,
      "0>10 | 10>12; 2>12 | 12>14; 4>14 | 14>16; 6>16 | 16>18; 8>18 | 18>20; 10>20 | 20>22; "
        + "15>22 | 22>24; 17>24 | 24>26"
    ),
    // A last test counts if it is half as long, and does not if it is shorter.
    (90, 30, false, 0, 0, 165, "0>90 | 90>120; 30>120 | 120>150; 60>150 | 150>165"),
    (90, 30, false, 0, 0, 164.9, "0>90 | 90>120; 30>120 | 120>150"),
    (90, 30, false, 0, 0, 105, "0>90 | 90>105"),
  ])
  func windowsAreThoseCountedByHand(
    fit: Double, test: Double, anchored: Bool, purge: Double, embargo: Double, data: Double,
    expected: String
  ) throws {
    let split = try WindowSplit(
      fit: Self.days(fit), test: Self.days(test), isAnchored: anchored, purge: Self.days(purge),
      embargo: Self.days(embargo))
    #expect(try Self.text(split, days: data).joined(separator: "; ") == expected)
  }

  @Test func noFitSeesItsTestWhateverTheLengths() throws {
    for (fit, test, purge, embargo) in [(9.0, 2.0, 3.0, 5.0), (3, 8, 1, 1), (5, 1, 0, 4)] {
      let split = try WindowSplit(
        fit: Self.days(fit), test: Self.days(test), purge: Self.days(purge),
        embargo: Self.days(embargo))
      let windows = try split.windows(
        from: Timestamp(nanoseconds: 0), to: Timestamp(nanoseconds: Self.days(70).count))
      #expect(windows.count > 3)
      for (window, next) in zip(windows, windows.dropFirst()) {
        #expect(window.fitStart < window.fitEnd && window.fitEnd <= window.testStart)
        #expect(window.testEnd == next.testStart)
      }
      for window in windows {
        let whole = window.testStart + Nanoseconds(-split.fit.count)
        for earlier in windows where earlier.testEnd <= whole {
          #expect(window.fitStart >= earlier.testEnd + split.embargo)
        }
      }
    }
  }

  @Test(arguments: [
    (0.0, 1.0, false, 0.0, 0.0, "it has no length"),
    (1, 0, false, 0, 0, "it has no length"),
    (1, 1, false, -1, 0, "a length below zero"),
    (10, 1, false, 6, 4, "purge and embargo leave nothing of the fit"),
    (
      10, 1, true, 0, 1, "an anchored fit begins before every test, so an embargo changes nothing"
    ),
  ])
  func aSplitThatCannotBeIsRefused(
    fit: Double, test: Double, anchored: Bool, purge: Double, embargo: Double, message: String
  ) throws {
    let error = try #require(throws: ResearchError.self) {
      try WindowSplit(
        fit: Self.days(fit), test: Self.days(test), isAnchored: anchored,
        purge: Self.days(purge), embargo: Self.days(embargo))
    }
    #expect(error.message == message)
  }

  @Test func dataTooShortOrWindowsTooManyAreRefused() throws {
    let split = try WindowSplit(fit: Self.days(10), test: Self.days(4))
    for span in [-1.0, 0, 9, 11.9] {
      #expect(throws: ResearchError.self) { try Self.text(split, days: span) }
    }
    #expect(try Self.text(split, days: 12) == ["0>10 | 10>12"])
    let tiny = try WindowSplit(fit: Nanoseconds(1), test: Nanoseconds(1))
    #expect(throws: ResearchError.self) { try Self.text(tiny, days: 1) }
    let whole = Nanoseconds(.max)
    let endless = try WindowSplit(fit: whole, test: whole)
    #expect(throws: ResearchError.self) {
      try endless.windows(from: .distantPast, to: .distantFuture)
    }
  }
}
