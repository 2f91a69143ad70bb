import Glibc
import JSON
import TestSupport

/// The bench kit's workloads, printed in its own shape, so that this program stands beside others
/// in one run: `Benchmarks kit [--runs N] [--only W1,W2,W6]`. Every run is a fresh process.
struct KitBenchmarks {
  private let folder = TemporaryDirectory()
  private let runs: Int
  private let only: Set<String>

  /// nil where the words are of another kind.
  init?(_ words: [String]) {
    guard words.first == "kit" else { return nil }
    func value(_ name: String) -> String? {
      words.firstIndex(of: name).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
    }
    runs = value("--runs").flatMap { Int($0) } ?? 5
    only = Set((value("--only") ?? "W1,W2,W6").split(separator: ",").map(String.init))
  }

  /// One run, as the parent started it: workload, tape, plugins, scratch.
  static func child(_ words: [String]) -> KitRun? {
    guard words.count == 6, words[0] == "kit-run",
      let workload = KitRun.Workload(rawValue: words[1]), let instruments = Int(words[5])
    else { return nil }
    return KitRun(
      workload: workload, tape: words[2], plugins: words[3], scratch: words[4],
      instruments: instruments)
  }

  func run() {
    do {
      if only.contains("W1") {
        try KitTapes.bars(1_000_000, to: folder.file("bars.tape"))
        try measure("W1", .bars, "bars.tape", "BarCrossover", "bars", note: "next bar open")
      }
      if only.contains("W2") {
        try KitTapes.ticks(2_000_000, to: folder.file("ticks.tape"))
        try measure("W2", .ticks, "ticks.tape", "TickMaker", "events", note: "top of book")
        _ = try KitTapes.depth(2_000_000, to: folder.file("depth.tape"))
        try measure("W2", .depth, "depth.tape", "TickMaker", "events", note: "depth")
      }
      if only.contains("W6") {
        try KitTapes.ticks(500_000, to: folder.file("orders.tape"))
        try measure("W6", .orders, "orders.tape", "OrderEachQuote", "orders", note: "market")
      }
    } catch { Benchmark.fail("\(error)") }
  }

  private func measure(
    _ name: String, _ workload: KitRun.Workload, _ tape: String, _ plugin: String,
    _ unit: String, note: String
  ) throws {
    let plugins = BenchmarkPlugins.folder(
      folder.file(plugin), ["\(BenchmarkPlugins.directory)/lib\(plugin).so"])
    var (rates, processorRates, walls, processors, peaks) =
      ([Double](), [Double](), [Double](), [Double](), [Double]())
    var last: JSONValue?
    for _ in 0..<runs {
      let outcome = try KitProcess.run(
        ["kit-run", workload.rawValue, folder.file(tape), plugins, folder.path, "1"])
      guard let events = outcome.answer["events"]?.double,
        let orders = outcome.answer["orders"]?.double,
        let wall = outcome.answer["wall"]?.double,
        let processor = outcome.answer["processor"]?.double
      else { Benchmark.fail("\(name): \(outcome.answer.text())") }
      let count = workload == .orders ? orders : events
      rates.append(count / wall)
      processorRates.append(count / processor)
      walls.append(outcome.wall)
      processors.append(outcome.processor)
      peaks.append(outcome.peakMegabytes)
      last = outcome.answer
    }
    if workload == .bars { checkGolden(last) }
    Benchmark.write([
      ("workload", .string(name)), ("peer", .string("keel (\(note))")),
      ("version", .string("source")),
      (
        "results",
        .array([
          result("\(unit)_per_s", "\(unit)/s", "higher", rates),
          result("\(unit)_per_cpu_s", "\(unit)/cpu-s", "higher", processorRates),
          result("process_wall", "s", "lower", walls),
          result("process_cpu", "s", "lower", processors),
          result("peak_rss", "MB", "lower", peaks),
        ])
      ),
      (
        "extra",
        .object([
          ("mode", .string("guard and risk on, one event a turn, no journal")),
          ("orders", last?["orders"] ?? .null), ("fills", last?["fills"] ?? .null),
          ("refusals", last?["refusals"] ?? .null), ("equity", last?["equity"] ?? .null),
        ])
      ),
    ])
  }

  /// What every program of the kit that fills at the next open ends with.
  private func checkGolden(_ answer: JSONValue?) {
    let equity = answer?["equity"]?.double ?? 0
    guard answer?["orders"]?.integer == 27_502, abs(equity - 98_545_474.27) < 0.005 else {
      Benchmark.fail(
        "W1 gave \(answer?.text() ?? "nothing"), not 27,502 orders and 98,545,474.27")
    }
  }

  private func result(
    _ name: String, _ unit: String, _ better: String, _ samples: [Double]
  ) -> JSONValue {
    let sorted = samples.sorted()
    return .object([
      ("name", .string(name)), ("unit", .string(unit)), ("better", .string(better)),
      ("min", .double(sorted.first ?? 0)), ("median", .double(sorted[sorted.count / 2])),
      ("max", .double(sorted.last ?? 0)), ("runs", .array(samples.map { .double($0) })),
    ])
  }
}
