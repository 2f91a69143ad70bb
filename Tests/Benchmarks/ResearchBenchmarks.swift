import JSON
import Research
import Sessions
import TestSupport

/// A grid of whole backtests, each in a process of its own: two at once against one after another.
struct ResearchBenchmarks {
  let plugins: BenchmarkPlugins
  private static let events = 150_000
  private static let rounds = 3

  func run() {
    do {
      let configuration = BenchmarkConfiguration(
        plugin: "dev.keel.sma-crossover",
        directory: try plugins.folder(
          "research",
          ["libSMACrossover.so", "libSyntheticMarket.so"].map {
            "\(BenchmarkPlugins.directory)/\($0)"
          }), syntheticEvents: Self.events)
      let file = "\(plugins.scratch)/research.json"
      try TemporaryDirectory.write(file, Array(configuration.text.utf8))
      var times: [Int: [Double]] = [:]
      // By turns: a shared machine's speed drifts.
      for round in 0..<Self.rounds {
        for jobs in [1, 2] {
          let directory = "\(plugins.scratch)/research-\(round)-\(jobs)"
          times[jobs, default: []].append(try sweep(file, directory, jobs: jobs))
        }
      }
      let (one, two) = (times[1] ?? [], times[2] ?? [])
      Benchmark(name: "research.sweep, 2 jobs over 1", unit: "times as fast", aim: 1.8).report(
        zip(one, two).map { $0 / $1 },
        [("secondsOneJob", .double(one.min() ?? 0)), ("secondsTwoJobs", .double(two.min() ?? 0))])
    } catch { Benchmark.fail("\(error)") }
  }

  /// Seconds for a grid of eight.
  private func sweep(_ file: String, _ directory: String, jobs: Int) throws -> Double {
    let plan = try SearchPlan(
      space: try SearchSpace(parameters: ["measured.fast=20:50:10", "measured.slow=100,200"]),
      method: .grid, trials: nil, seed: 1, concurrency: jobs)
    let log = try TrialLog(
      directory: directory, header: SearchHeader(kind: "sweep", facts: []),
      parameters: plan.space.parameters.map(\.name))
    let sweep = try Sweep(
      plan: plan, objective: try Objective.parse("sharpe"), tradesMin: 0, log: log,
      program: TrialProgram(
        executable: "\(BenchmarkPlugins.directory)/keel",
        arguments: ["backtest", "--config", file, "--paths", "0"], environment: []), jobs: jobs)
    let began = MonotonicClock.now()
    try sweep.run(isInterrupted: { false }) { _ in }
    let spent = Double(MonotonicClock.now() - began) / 1e9
    guard sweep.progress.failed == 0 else {
      Benchmark.fail(sweep.trials.lazy.compactMap(\.failure).first?.text ?? "a trial failed")
    }
    return spent
  }
}
