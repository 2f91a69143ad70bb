import Configuration
import JSON
import PluginABI
import PluginHost
import Sessions
import Storage

/// A session's journal read back into the state it leaves: how many records a second, with the
/// kernel doing every turn again and its output compared; and what a snapshot costs and saves.
struct RecoveryBenchmarks {
  let plugins: BenchmarkPlugins
  private static let events = 300_000
  private static let runs = 7

  func run() {
    do {
      let tape = "\(plugins.scratch)/recovery.tape"
      try Quotes.record(Self.events, to: tape)
      let journal = "\(plugins.scratch)/recovery.journal"
      let snapshot = try trade(tape, journal)
      var (rates, turns): ([Double], [Double]) = ([], [])
      var records = 0
      for _ in 0..<Self.runs {
        let start = MonotonicClock.now()
        let recovery = try Recovery.run(directory: journal, snapshots: [])
        let spent = Double(MonotonicClock.now() - start)
        records = recovery.records
        rates.append(spent / Double(records))
        turns.append(spent / Double(recovery.turns))
      }
      Benchmark(name: "recovery.record, whole journal", unit: "ns/record", aim: 200)
        .report(rates, [("records", .integer(records))])
      Benchmark(name: "recovery.turn, whole journal", unit: "ns/turn").report(turns)
      var opened: [Double] = []
      for _ in 0..<Self.runs {
        let start = MonotonicClock.now()
        let recovery = try Recovery.run(directory: journal, snapshots: [snapshot])
        opened.append(Double(MonotonicClock.now() - start) / 1e6)
        guard recovery.turns == 0 else { Benchmark.fail("the snapshot is not the journal's end") }
      }
      Benchmark(name: "recovery.snapshot read, no journal behind it", unit: "ms")
        .report(opened, [("bytes", .integer(snapshot.content.count))])
    } catch { Benchmark.fail("\(error)") }
  }

  /// Runs the tape, times snapshots at its end, and answers the last one.
  private func trade(_ tape: String, _ journal: String) throws -> Snapshot {
    let configuration = try BenchmarkConfiguration(
      plugin: "dev.keel.counting",
      directory: try plugins.folder("counting", [plugins.counting.originalPath])
    ).parsed()
    let session = try Session.make(
      configuration,
      SessionOptions(
        storeDirectory: plugins.scratch + "/store", tape: tape, journalDirectory: journal)
    ) { _, _, _ in }
    while try session.step() {}
    var times: [Double] = []
    var newest: Snapshot?
    for _ in 0..<Self.runs {
      let start = MonotonicClock.now()
      newest = session.snapshot()
      times.append(Double(MonotonicClock.now() - start) / 1e6)
    }
    Benchmark(name: "recovery.snapshot taken", unit: "ms").report(times)
    try session.finish()
    guard let newest else { Benchmark.fail("a session with a journal has a snapshot") }
    return newest
  }
}
