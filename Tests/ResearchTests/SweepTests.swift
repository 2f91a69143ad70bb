import Foundation
import JSON
import Market
import TestSupport
import Testing

@testable import Research

@Suite struct SweepTests {
  private func finish(_ sweep: Sweep) throws { try sweep.run(isInterrupted: { false }) { _ in } }

  @Test(arguments: [1, 2, 5]) func everyPointIsTriedOnceAndKept(jobs: Int) throws {
    let fake = try FakeTrial()
    let sweep = try fake.sweep(jobs: jobs)
    try finish(sweep)
    #expect(fake.calls.count == 12)
    #expect(Set(fake.calls).count == 12)
    #expect(sweep.trials.map(\.number) == Array(0..<12))
    #expect(sweep.progress.done == 12 && sweep.progress.failed == 0)
    #expect(sweep.progress.best == 10)
    #expect(try fake.lines().count == 13)
    // Each trial stands by the parameters it was run with.
    for trial in sweep.trials {
      let x = Double(ModelSearchTests.number(trial.point.values[0]))
      let y = Double(ModelSearchTests.number(trial.point.values[1]))
      let sharpe = 10 - (x - 3) * (x - 3) - (y - 2) * (y - 2)
      #expect(trial.result?.figures["sharpe_ratio"]?.double == sharpe)
    }
  }

  @Test func trialsRunAtOnce() throws {
    // Each waits until another has begun: alone, none would end.
    let fake = try FakeTrial(
      """
      : > "$0.$x"
      other=$((3 - x)) waited=0
      while [ ! -e "$0.$other" ]; do
        waited=$((waited + 1)); [ $waited -lt 1000 ] || exit 9; sleep 0.01
      done
      answer 1 1
      """)
    let sweep = try fake.sweep(["a.x=1,2", "a.y=1"], jobs: 2)
    try finish(sweep)
    #expect(sweep.progress.failed == 0)
  }

  @Test func aFinishedSweepIsNotRunAgain() throws {
    let fake = try FakeTrial()
    let first = try {
      let sweep = try fake.sweep(); try finish(sweep); return sweep.trials
    }()
    let again = try fake.sweep()
    try finish(again)
    #expect(fake.calls.count == 12)
    #expect(again.progress.resumed == 12)
    #expect(again.trials == first)
  }

  @Test func anInterruptedSweepGoesOnWhereItStopped() throws {
    let fake = try FakeTrial()
    try {
      let sweep = try fake.sweep(jobs: 1)
      let error = try #require(throws: ResearchError.self) {
        try sweep.run(isInterrupted: { sweep.progress.done >= 5 }) { _ in }
      }
      #expect(error.code == .interrupted)
      #expect(error.message == "stopped after 5 of 12 trials, which are kept")
    }()
    let done = try fake.lines().count - 1
    #expect(done == 5)
    let sweep = try fake.sweep(jobs: 1)
    #expect(sweep.progress.resumed == 5)
    try finish(sweep)
    #expect(sweep.progress.done == 12)
    // One that was under way when it stopped may have begun twice; none ended twice.
    #expect(Set(fake.calls).count == 12)
    #expect(try fake.lines().count == 13)
  }

  @Test func stoppingEndsTheChildren() throws {
    let fake = try FakeTrial("echo $$ >> \"$0.ids\"; sleep 60; answer 1 1")
    let ids = fake.folder.file("trial.sh.ids")
    func begun() -> [Int32] {
      let text = (try? String(contentsOfFile: ids, encoding: .utf8)) ?? ""
      return text.split(separator: "\n").compactMap { Int32($0) }
    }
    let sweep = try fake.sweep(jobs: 2)
    let deadline = Date(timeIntervalSinceNow: 20)
    let error = try #require(throws: ResearchError.self) {
      try sweep.run(isInterrupted: { begun().count >= 2 || Date() > deadline }) { _ in }
    }
    #expect(error.code == .interrupted)
    #expect(begun().count == 2)
    for id in begun() { #expect(kill(id, 0) == -1 && errno == ESRCH, "\(id) still runs") }
    #expect(try fake.lines().count == 1, "a trial that was stopped does not count")
  }

  @Test(arguments: [
    (
      "[ $x = 2 ] && { echo 'keel: error: no such parameter' >&2; exit 3; }; answer 1 1",
      "it ended with status 3: keel: error: no such parameter"
    ),
    ("[ $x = 2 ] && kill -SEGV $$; answer 1 1", "it died of signal 11"),
    (
      "[ $x = 2 ] && { echo nonsense; exit 0; }; answer 1 1",
      "its answer is no JSON: line 1, column 1: expected a value, found 'n'"
    ),
    ("[ $x = 2 ] && { echo '{}'; exit 0; }; answer 1 1", "its answer has no summary"),
    (
      "[ $x = 2 ] && { echo '{\"summary\":{},\"equity\":[{\"time\":1}]}'; exit 0; }; answer 1 1",
      "its equity holds a point without time or amount"
    ),
    (
      "[ $x = 2 ] && exit 0; answer 1 1",
      "its answer is no JSON: line 1, column 1: expected a value, found the end of the text"
    ),
  ])
  func aTrialThatFailsTakesNothingWithIt(body: String, error: String) throws {
    let fake = try FakeTrial(body)
    let sweep = try fake.sweep(["a.x=1:4", "a.y=1"])
    try finish(sweep)
    #expect(sweep.progress.done == 4 && sweep.progress.failed == 1)
    #expect(sweep.trials[1].failure?.text == error)
    #expect(sweep.trials.filter { $0.result != nil }.map(\.number) == [0, 2, 3])
  }

  @Test func failuresAreTriedAgainWhenAskedFor() throws {
    let fake = try FakeTrial("[ -e \"$0.mended\" ] || [ $x != 2 ] || exit 1; answer $x 1")
    let parameters = ["a.x=1:3", "a.y=1"]
    try { try finish(try fake.sweep(parameters)) }()
    try fake.folder.write("trial.sh.mended", [])
    try {
      let again = try fake.sweep(parameters)
      try finish(again)
      #expect(again.progress.failed == 1)
    }()
    #expect(fake.calls.count == 3)
    try {
      let again = try fake.sweep(parameters, retries: true)
      #expect(again.progress.resumed == 2)
      try finish(again)
      #expect(again.progress.failed == 0 && again.progress.done == 3)
    }()
    #expect(fake.calls.count == 4)
    // The last word on a trial counts.
    let after = try fake.sweep(parameters)
    #expect(after.progress.failed == 0 && after.progress.resumed == 3)
  }

  @Test func aTrialThatTakesTooLongIsEnded() throws {
    let fake = try FakeTrial("[ $x = 1 ] && sleep 60; answer 1 1")
    var program = fake.program
    program.timeout = .milliseconds(300)
    let sweep = try fake.sweep(["a.x=1,2", "a.y=1"], program: program)
    try finish(sweep)
    #expect(sweep.trials[0].failure?.text.hasPrefix("it was ended: not done after") == true)
  }

  @Test func aProgramThatIsNotThereEndsTheSearch() throws {
    let fake = try FakeTrial()
    let missing = TrialProgram(
      executable: fake.folder.file("missing"), arguments: [], environment: [])
    let sweep = try fake.sweep(program: missing)
    let error = try #require(throws: ResearchError.self) { try finish(sweep) }
    #expect(error.code == .io)
  }

  @Test func aModelResumedTriesWhatItWouldHaveTriedUninterrupted() throws {
    func points(stoppedAt stop: Int?) throws -> [SearchPoint] {
      let fake = try FakeTrial()
      let parameters = ["a.x=0..40", "a.y=0..40"]
      if let stop {
        let sweep = try fake.sweep(parameters, method: .model, trials: 14, jobs: 2)
        try #require(throws: ResearchError.self) {
          try sweep.run(isInterrupted: { sweep.progress.done >= stop }) { _ in }
        }
      }
      let sweep = try fake.sweep(parameters, method: .model, trials: 14, jobs: 2)
      try finish(sweep)
      return sweep.trials.map(\.point)
    }
    let whole = try points(stoppedAt: nil)
    #expect(whole.count == 14)
    #expect(try points(stoppedAt: 9) == whole)
  }

  @Test func aLongCourseIsThinnedToItsBoundWithBothEnds() {
    for count in [2, 5, 100, 512, 513, 1_000, 5_000] {
      let result = TrialResult(
        currency: "USD", figures: .object([]),
        times: (0..<count).map { .init(nanoseconds: Int64($0)) },
        equity: (0..<count).map(Double.init))
      let thin = result.thinned(to: 512)
      #expect(thin.times.count <= 512)
      #expect(thin.times.first == result.times.first && thin.times.last == result.times.last)
      if count <= 512 { #expect(thin == result) }
    }
  }

  @Test(arguments: [
    ("sharpe", "sharpe_ratio"), ("sharpe_ratio", "sharpe_ratio"), ("sharpeRatio", "sharpe_ratio"),
    ("totalReturn", "total_return"), ("calmar", "calmar_ratio"), ("recovery", "recovery_factor"),
    ("trades.profitFactor", "trades.profit_factor"), ("maxDrawdown", "max_drawdown"),
  ])
  func objectivesHaveTheirNamesInTheSummary(text: String, name: String) throws {
    #expect(try Objective.parse(text).name == name)
  }

  @Test(arguments: ["", "sharp ratio!", "ulcer_index", "volatility", "trades"])
  func whatIsNoObjectiveIsRefused(text: String) {
    #expect(throws: ResearchError.self) { try Objective.parse(text) }
  }

  @Test func anObjectiveIsFoundInItsGroup() throws {
    let summary = try JSONValue.parse(#"{"sharpe_ratio":null,"trades":{"net":12.5}}"#)
    #expect(try Objective.parse("trades.net").value(summary) == 12.5)
    #expect(try Objective.parse("sharpe").value(summary) == nil)
    #expect(try Objective.parse("trades.expectancy").value(summary) == nil)
  }
}
