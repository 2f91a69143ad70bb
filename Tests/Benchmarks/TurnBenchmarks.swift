import AllocationCounter
import JSON
import PluginBridge
import PluginHost
import Storage

/// One quote through the whole kernel with a Swift strategy attached: state, signals, intents,
/// risk and routing, one turn an event; then with the journal. And what it allocates: nothing.
struct TurnBenchmarks {
  let plugins: BenchmarkPlugins
  private static let turns = 300_000
  private static let runs = 7

  func run() {
    let instance = plugins.instance(plugins.counting)
    measure("turn.kernel, guard and risk on, no journal", aim: 100, instance, journal: nil)
    do {
      let journal = try writer("turn")
      measure("turn.kernel, guard, risk and journal on", instance, journal: journal)
      try journal.close()
      try append(try writer("append"))
    } catch { Benchmark.fail("\(error)") }
    instance.destroy()
  }

  private func measure(
    _ name: String, aim: Double? = nil, _ instance: PluginInstance, journal: JournalWriter?
  ) {
    var loop = TurnLoop(instance, journal: journal)
    loop.run(10_000)
    let before = allocation_counter_read()
    let times = Benchmark.time(runs: Self.runs, repetitions: Self.turns) { loop.run($0) }
    // The samples' own array is allocated in between: a handful in two million turns.
    let allocations = Double(allocation_counter_read() - before) / Double(Self.runs * Self.turns)
    Benchmark(name: name, unit: "ns/event", aim: aim)
      .report(times, [("allocationsPerEvent", .double(allocations < 0.0001 ? 0 : allocations))])
  }

  private func append(_ journal: JournalWriter) throws {
    let quotes = Quotes.buffer(1)
    let times = Benchmark.time(runs: Self.runs, repetitions: Self.turns) { count in
      for _ in 0..<count { try? journal.append(quotes.bytes) }
    }
    Benchmark(name: "journal.append, a quote", unit: "ns/record").report(times)
    try journal.close()
  }

  /// One segment holds it all: what a new segment costs is the file system's.
  private func writer(_ name: String) throws(StorageError) -> JournalWriter {
    try JournalWriter(
      directory: "\(plugins.scratch)/\(name).journal", session: 1, created: 0,
      segmentBytes: 512 << 20)
  }
}
