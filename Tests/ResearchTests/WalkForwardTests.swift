import Foundation
import JSON
import Market
import Performance
import TestSupport
import Testing

@testable import Research

@Suite struct WalkForwardTests {
  private static let day: Int64 = 86_400_000_000_000

  /// Three windows of ten and five days, in days since 1970.
  private static func windows() throws -> [WindowSplit.Window] {
    try WindowSplit(
      fit: Nanoseconds(10 * day), test: Nanoseconds(5 * day), purge: Nanoseconds(day)
    ).windows(from: Timestamp(nanoseconds: 0), to: Timestamp(nanoseconds: 25 * day))
  }

  /// In fits that begin on day 0, 5 and 10 the best x is 1, 2 and 3; a test brings x, then twice
  /// as much.
  private static let body = """
    day=86400000000000
    case $((from / day))-$((to / day)) in
      0-9)   answer $((9 - (x - 1) * (x - 1))) 5;;
      5-14)  answer $((9 - (x - 2) * (x - 2))) 5;;
      10-19) answer $((9 - (x - 3) * (x - 3))) 5;;
      10-15) answer 3 4 100 110;;
      15-20) answer 6 4 100 90;;
      20-25) answer 9 4 200 400;;
      *) exit 8;;
    esac
    """

  private func forward(
    _ fake: FakeTrial, trials: [String] = ["a.x=1:3", "a.y=1"], tradesMin: Int = 0
  ) throws -> WalkForward {
    let plan = try SearchPlan(
      space: try SearchSpace(parameters: trials), method: .grid, trials: nil, seed: 1,
      concurrency: 2)
    return try WalkForward(
      .init(
        plan: plan, objective: try Objective.parse("sharpe"), tradesMin: tradesMin,
        program: fake.program, jobs: 2, pointsMax: 100),
      windows: try Self.windows(), directory: fake.folder.file("out"), header: FakeTrial.header)
  }

  private func findings(_ forward: WalkForward, _ fake: FakeTrial) throws -> WalkForwardFindings {
    WalkForwardFindings(
      forward.windows, fits: forward.fits, tests: forward.tests,
      space: try SearchSpace(parameters: ["a.x=1:3", "a.y=1"]),
      objective: try Objective.parse("sharpe"))
  }

  @Test func eachWindowIsFittedAndItsBestTradedInWhatFollows() throws {
    let fake = try FakeTrial(Self.body)
    let forward = try forward(fake)
    try forward.run(isInterrupted: { false }) { _ in }
    let found = try findings(forward, fake)
    #expect(
      found.segments.map { $0.point?.values.first } == [.integer(1), .integer(2), .integer(3)])
    #expect(found.segments.map(\.fitted) == [9, 9, 9])
    #expect(found.segments.map(\.traded) == [3, 6, 9])
    #expect(found.segments.map(\.trades) == [4, 4, 4])
    #expect(found.objectiveEfficiency == 18.0 / 27)
    // Three fits of three points, and three tests.
    #expect(fake.calls.count == 12)
    let day = Self.day
    #expect(fake.calls.contains("1 1 \(10 * day) \(15 * day)"))
    #expect(fake.calls.contains("3 1 0 \(9 * day)"))
    // 100 grows to 110; a tenth of it is lost; and the rest doubles.
    #expect(found.curve.equity.map { ($0 * 1e6).rounded() / 1e6 } == [100, 110, 99, 198])
    #expect(found.drifts[0].changes == 2 && found.drifts[0].meanShare == 0.5)
    #expect(found.drifts[1].changes == 0)
  }

  @Test func testsAreChainedEachBeginningWithWhatTheLastOneLeft() throws {
    let space = try SearchSpace(parameters: ["a.x=1:3"])
    func test(_ number: Int, _ start: Int64, _ equity: [Double]) -> TrialRecord {
      TrialRecord(
        number: number, point: SearchPoint([.integer(1)]),
        outcome: .success(
          TrialResult(
            currency: "USD", figures: .object([]),
            times: equity.indices.map { Timestamp(nanoseconds: (start + Int64($0)) * Self.day) },
            equity: equity)), seconds: 0)
    }
    let empty = SweepFindings(
      [], space: space, objective: try Objective.parse("sharpe"), tradesMin: 0, isGrid: true)
    let found = WalkForwardFindings(
      try Self.windows(), fits: [empty, empty, empty],
      tests: [
        0: test(0, 10, [100, 105, 110]), 1: test(1, 15, [500, 450]), 2: test(2, 20, [1, 2]),
      ],
      space: space, objective: try Objective.parse("sharpe"))
    // 100, 105, 110; then a tenth is lost: 99; then it doubles: 198. No point stands for the
    // moment between two tests.
    #expect(found.curve.equity.map { ($0 * 1e9).rounded() / 1e9 } == [100, 105, 110, 99, 198])
    #expect(found.curve.times.map { $0.nanoseconds / Self.day } == [10, 11, 12, 16, 21])
    #expect(abs((found.summary.totalReturn ?? 0) - 0.98) < 1e-12)
  }

  @Test func whatIsDoneIsNotRunAgain() throws {
    let fake = try FakeTrial(Self.body)
    try {
      let first = try forward(fake)
      let error = try #require(throws: ResearchError.self) {
        try first.run(isInterrupted: { fake.calls.count >= 5 }) { _ in }
      }
      #expect(error.code == .interrupted)
    }()
    try { try forward(fake).run(isInterrupted: { false }) { _ in } }()
    // A trial that was stopped is begun again, all others are not.
    #expect(Set(fake.calls).count == 12)
    let count = fake.calls.count
    #expect(count <= 14)
    let again = try forward(fake)
    try again.run(isInterrupted: { false }) { _ in }
    #expect(fake.calls.count == count)
    #expect(try findings(again, fake).segments.map(\.traded) == [3, 6, 9])
  }

  @Test func aWindowWithoutATrialThatCountsIsLeftOutAndSaid() throws {
    let fake = try FakeTrial(
      Self.body.replacing("answer $((9 - (x - 2) * (x - 2))) 5", with: "exit 1"))
    let forward = try forward(fake)
    try forward.run(isInterrupted: { false }) { _ in }
    let found = try findings(forward, fake)
    #expect(found.segments.map(\.failure) == [nil, "no trial of its fit counted", nil])
    #expect(found.segments.map(\.traded) == [3, nil, 9])
  }

  @Test func aTestThatFailsIsLeftOutAndSaid() throws {
    let fake = try FakeTrial(Self.body.replacing("answer 6 4 100 90", with: "exit 7"))
    let forward = try forward(fake)
    try forward.run(isInterrupted: { false }) { _ in }
    let found = try findings(forward, fake)
    #expect(found.segments.map(\.failure) == [nil, "it ended with status 7", nil])
  }

  @Test func theReportShowsEverySegmentAndItsTable() throws {
    let fake = try FakeTrial(Self.body)
    let forward = try forward(fake)
    try forward.run(isInterrupted: { false }) { _ in }
    let report = ResearchReport.walkForward(try findings(forward, fake), title: "T", facts: [])
    #expect(report.walkForward.map(\.fitStart) == [0, 5, 10])
    #expect(report.walkForward.map(\.fitEnd) == [10, 15, 20])
    #expect(report.walkForward.map(\.end) == [15, 20, 25])
    #expect(report.tables.map(\.title) == ["Segments", "Drift of parameters"])
    #expect(report.tables[0].rows.count == 3)
  }
}
