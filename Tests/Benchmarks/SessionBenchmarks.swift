import AllocationCounter
import Configuration
import JSON
import PluginABI
import PluginHost
import Sessions
import Storage

/// One quote of a tape through the whole session loop: feed, venue, journal, kernel, strategy, and
/// all that the loop looks after between two turns.
struct SessionBenchmarks {
  let plugins: BenchmarkPlugins
  private static let events = 200_000
  private static let runs = 5

  func run() {
    do {
      let tape = "\(plugins.scratch)/quotes.tape"
      try Quotes.record(Self.events, to: tape)
      for hasJournal in [false, true] {
        var times: [Double] = []
        var allocations: [Double] = []
        for run in 0..<Self.runs {
          let before = allocation_counter_read()
          times.append(try replay(tape, journal: hasJournal ? "session-\(run).journal" : nil))
          allocations.append(Double(allocation_counter_read() - before) / Double(Self.events))
        }
        Benchmark(name: "session.event, journal \(hasJournal ? "on" : "off")", unit: "ns/event")
          .report(times, [("allocationsPerEvent", .double(allocations.min() ?? 0))])
      }
    } catch { Benchmark.fail("\(error)") }
  }

  /// Nanoseconds an event, the session's start and end left out.
  private func replay(_ tape: String, journal: String?) throws -> Double {
    let configuration = try BenchmarkConfiguration(
      plugin: "dev.keel.counting",
      directory: try plugins.folder("counting", [plugins.counting.originalPath])
    ).parsed()
    let session = try Session.make(
      configuration,
      SessionOptions(
        storeDirectory: plugins.scratch + "/store", tape: tape,
        journalDirectory: journal.map { "\(plugins.scratch)/\($0)" })
    ) { _, _, _ in }
    let start = MonotonicClock.now()
    while try session.step() {}
    let spent = MonotonicClock.now() - start
    guard session.eventCount == Self.events else {
      Benchmark.fail("the tape gave \(session.eventCount) events, not \(Self.events)")
    }
    try session.finish()
    return Double(spent) / Double(Self.events)
  }
}
