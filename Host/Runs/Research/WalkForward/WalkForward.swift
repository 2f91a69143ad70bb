import Market

/// A search in each fit window, and the best it found in the test window that follows. All fits
/// come first, then all tests: each keeps every core busy.
package final class WalkForward {
  package struct Progress: Sendable, Equatable {
    package var windows: Int
    /// Fits that are over.
    package var fitted = 0
    package var tested = 0
    /// Of the fit under way; nil while tests run.
    package var sweep: Sweep.Progress?
  }

  /// What every search in it has in common.
  package struct Setup: Sendable {
    package var plan: SearchPlan
    package var objective: Objective
    package var tradesMin: Int
    package var program: TrialProgram
    package var jobs: Int
    package var pointsMax: Int
    package var retriesFailures: Bool

    package init(
      plan: SearchPlan, objective: Objective, tradesMin: Int, program: TrialProgram, jobs: Int,
      pointsMax: Int, retriesFailures: Bool = false
    ) {
      self.plan = plan
      self.objective = objective
      self.tradesMin = tradesMin
      self.program = program
      self.jobs = jobs
      self.pointsMax = pointsMax
      self.retriesFailures = retriesFailures
    }
  }

  package let windows: [WindowSplit.Window]
  /// Of each window, once its fit is over.
  package private(set) var fits: [SweepFindings] = []
  /// By the number of their window.
  package private(set) var tests: [Int: TrialRecord] = [:]
  /// Bytes of unfinished lines that were cut off.
  package private(set) var tornBytes: Int
  private let setup: Setup
  private let header: SearchHeader
  private let log: TrialLog
  private static let testPointsMax = 2_000

  /// `header` tells all of it; that of each fit adds the fit's window.
  package init(
    _ setup: Setup, windows: [WindowSplit.Window], directory: String, header: SearchHeader
  ) throws(ResearchError) {
    self.setup = setup
    self.windows = windows
    self.header = header
    log = try TrialLog(
      directory: directory, header: header, parameters: setup.plan.space.parameters.map(\.name))
    tornBytes = log.tornBytes
    if setup.retriesFailures { log.forgetFailures() }
  }

  package func run(
    isInterrupted: () -> Bool, _ show: (Progress) -> Void
  ) throws(ResearchError) {
    var progress = Progress(windows: windows.count)
    for window in windows {
      let log = try TrialLog(
        directory: "\(log.directory)/fit-\(window.number + 1)", header: header(window),
        parameters: setup.plan.space.parameters.map(\.name))
      tornBytes += log.tornBytes
      if setup.retriesFailures { log.forgetFailures() }
      let sweep = try Sweep(
        plan: setup.plan, objective: setup.objective, tradesMin: setup.tradesMin, log: log,
        program: program(from: window.fitStart, to: window.fitEnd), jobs: setup.jobs,
        pointsMax: setup.pointsMax)
      do throws(ResearchError) {
        try sweep.run(isInterrupted: isInterrupted) { state in
          progress.sweep = state
          show(progress)
        }
      } catch {
        guard error.code == .interrupted else { throw error }
        throw interrupted
      }
      fits.append(
        SweepFindings(
          sweep.trials, space: setup.plan.space, objective: setup.objective,
          tradesMin: setup.tradesMin, isGrid: setup.plan.method == .grid))
      progress.fitted += 1
    }
    progress.sweep = nil
    try test(&progress, isInterrupted, show)
  }

  private func test(
    _ progress: inout Progress, _ isInterrupted: () -> Bool, _ show: (Progress) -> Void
  ) throws(ResearchError) {
    for record in log.records where fits.indices.contains(record.number) {
      // What was chosen follows from the fit; should it not be this, the fit was run again.
      if fits[record.number].ranked.first?.record.point == record.point {
        tests[record.number] = record
      }
    }
    var waiting = windows.filter {
      tests[$0.number] == nil && !fits[$0.number].ranked.isEmpty
    }[...]
    var pools: [(number: Int, pool: TrialPool)] = []
    defer { for entry in pools { entry.pool.stop() } }
    progress.tested = tests.count
    show(progress)
    while !waiting.isEmpty || !pools.isEmpty {
      while pools.count < setup.jobs, !isInterrupted(), let window = waiting.popFirst() {
        guard let best = fits[window.number].ranked.first?.record.point else { continue }
        let pool = TrialPool(program(from: window.testStart, to: window.testEnd))
        try pool.start(window.number, setup.plan.space, best)
        pools.append((window.number, pool))
      }
      if isInterrupted() { throw interrupted }
      for ended in pools.flatMap({ $0.pool.wait(milliseconds: 20) }) {
        if isInterrupted() { throw interrupted }
        guard let best = fits[ended.number].ranked.first?.record.point else { continue }
        let record = TrialRecord(
          number: ended.number, point: best,
          outcome: ended.outcome.map { $0.thinned(to: Self.testPointsMax) },
          seconds: ended.seconds)
        try log.append(record)
        tests[ended.number] = record
        progress.tested += 1
      }
      pools.removeAll { $0.pool.count == 0 }
      show(progress)
    }
  }

  private func header(_ window: WindowSplit.Window) -> SearchHeader {
    SearchHeader(
      kind: "fit",
      facts: header.facts + [
        SearchHeader.Fact("fit from", String(window.fitStart.nanoseconds)),
        SearchHeader.Fact("fit to", String(window.fitEnd.nanoseconds)),
      ])
  }

  private func program(from start: Timestamp, to end: Timestamp) -> TrialProgram {
    var program = setup.program
    program.arguments += [
      "--from", String(start.nanoseconds), "--to", String(end.nanoseconds),
    ]
    return program
  }

  private var interrupted: ResearchError {
    ResearchError(
      .interrupted, log.directory,
      "stopped after \(fits.count) of \(windows.count) fits and \(tests.count) tests; what was "
        + "done is kept",
      remedy: "go on with the same command")
  }
}
