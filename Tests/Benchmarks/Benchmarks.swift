/// Prints one line of JSON for each figure. Arguments name the groups wanted; none: all.
@main
struct Benchmarks {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    if let run = KitBenchmarks.child(words) { return run.run() }
    if let kit = KitBenchmarks(words) { return kit.run() }
    if let growth = GrowthBenchmarks(words) { return growth.run() }
    // Found when the first group asks for them: some measure no plugin.
    lazy var plugins = BenchmarkPlugins()
    let groups: [(name: String, run: () -> Void)] = [
      ("calls", { CallBenchmarks(plugins: plugins).run() }),
      ("risk", RiskBenchmarks().run),
      ("orders", OrderBenchmarks().run),
      ("turns", { TurnBenchmarks(plugins: plugins).run() }),
      ("books", BookBenchmarks().run),
      ("history", HistoryBenchmarks().run),
      ("venue", VenueBenchmarks().run),
      ("journal", { JournalBenchmarks(plugins: plugins).run() }),
      ("sessions", { SessionBenchmarks(plugins: plugins).run() }),
      ("loads", { LoadBenchmarks(plugins: plugins).run() }),
      ("bundles", BundleBenchmarks().run),
      ("swaps", { SwapBenchmarks(plugins: plugins).run() }),
      ("recovery", { RecoveryBenchmarks(plugins: plugins).run() }),
      ("data", DataBenchmarks().run),
      ("performance", PerformanceBenchmarks().run),
      ("research", { ResearchBenchmarks(plugins: plugins).run() }),
      ("workers", { WorkerBenchmarks(plugins: plugins).run() }),
    ]
    let wanted = CommandLine.arguments.dropFirst()
    for name in wanted where !groups.contains(where: { $0.name == name }) {
      let known = groups.map(\.name).joined(separator: ", ")
      Benchmark.fail("there is no group \"\(name)\"; the groups are: \(known)")
    }
    Machine.report()
    for group in groups where wanted.isEmpty || wanted.contains(group.name) { group.run() }
  }
}
