/// A search under way: which trials are done, which run, which come next.
package final class Sweep {
  /// What to say while it goes on.
  package struct Progress: Sendable, Equatable {
    package var done = 0
    package var failed = 0
    package var planned = 0
    /// Done before this run began.
    package var resumed = 0
    package var best: Double?
  }

  package let plan: SearchPlan
  package let objective: Objective
  package let tradesMin: Int
  private let log: TrialLog
  private let pool: TrialPool
  private let jobs: Int
  private let pointsMax: Int
  private var records: [Int: TrialRecord] = [:]
  /// Of the first trials, in order: a model needs all before the next.
  private var points: [SearchPoint] = []
  private var started: Set<Int> = []
  /// All below are done or under way.
  private var cursor = 0
  package private(set) var progress: Progress

  /// `pointsMax` bounds what is kept of each trial's course.
  package init(
    plan: SearchPlan, objective: Objective, tradesMin: Int, log: TrialLog, program: TrialProgram,
    jobs: Int, pointsMax: Int = 512
  ) throws(ResearchError) {
    precondition(jobs > 0, "at least one trial at a time")
    self.plan = plan
    self.objective = objective
    self.tradesMin = tradesMin
    self.log = log
    self.jobs = jobs
    self.pointsMax = pointsMax
    pool = TrialPool(program)
    progress = Progress(planned: plan.trials)
    for record in log.records where record.number < plan.trials { count(record) }
    progress.resumed = progress.done
  }

  /// In order of their numbers.
  package var trials: [TrialRecord] {
    records.values.sorted { $0.number < $1.number }
  }

  /// Runs what is left. Throws when it is interrupted, and when nothing could be started; a trial
  /// that fails is recorded and ends nothing.
  package func run(
    isInterrupted: () -> Bool, _ show: (Progress) -> Void
  ) throws(ResearchError) {
    defer { pool.stop() }
    show(progress)
    while true {
      while pool.count < jobs, !isInterrupted(), let next = next() {
        try pool.start(next, plan.space, points[next])
        started.insert(next)
      }
      if isInterrupted() { throw interrupted }
      if pool.count == 0 { break }
      for ended in pool.wait(milliseconds: 200) {
        // What ends while it is stopped may have been cut off: it does not count.
        if isInterrupted() { throw interrupted }
        let record = TrialRecord(
          number: ended.number, point: points[ended.number],
          outcome: ended.outcome.map { $0.thinned(to: pointsMax) }, seconds: ended.seconds)
        try log.append(record)
        started.remove(ended.number)
        count(record)
      }
      show(progress)
    }
  }

  private func count(_ record: TrialRecord) {
    records[record.number] = record
    progress.done += 1
    if record.failure != nil { progress.failed += 1 }
    if let value = value(record) { progress.best = Swift.max(value, progress.best ?? value) }
  }

  private var interrupted: ResearchError {
    ResearchError(
      .interrupted, log.directory,
      "stopped after \(progress.done) of \(progress.planned) trials, which are kept",
      remedy: "go on with the same command")
  }

  /// The value of a trial that counts.
  private func value(_ record: TrialRecord) -> Double? {
    guard let result = record.result, result.trades >= tradesMin else { return nil }
    return objective.value(result.figures)
  }

  /// The first trial that is neither done nor under way; nil where there is none, or where its
  /// point depends on one under way.
  private func next() -> Int? {
    while cursor < progress.planned {
      if cursor == points.count {
        if let record = records[cursor] {
          points.append(record.point)
        } else {
          let results = (0..<plan.resultsNeeded(for: cursor)).map { records[$0] }
          guard !results.contains(where: { $0 == nil }) else { return nil }
          let values = results.map { $0.flatMap(value) }
          guard let point = plan.point(cursor, points: points, values: values) else {
            progress.planned = cursor
            return nil
          }
          points.append(point)
        }
      }
      if records[cursor] == nil, !started.contains(cursor) { return cursor }
      cursor += 1
    }
    return nil
  }
}
