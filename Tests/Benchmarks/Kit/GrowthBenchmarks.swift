import Glibc
import JSON
import TestSupport

/// What an event costs, and how much memory a run takes, as instruments and events become more:
/// both should stay what they are. `Benchmarks growth [--events-max 100000000]`; a tape of so many
/// events takes 8 GB of disk while it runs.
struct GrowthBenchmarks {
  private let folder = TemporaryDirectory()
  private let eventsMax: Int

  /// nil where the words are of another kind.
  init?(_ words: [String]) {
    guard words.first == "growth" else { return nil }
    guard let index = words.firstIndex(of: "--events-max"), index + 1 < words.count else {
      eventsMax = 10_000_000
      return
    }
    guard let most = Int(words[index + 1]) else {
      Benchmark.fail("--events-max takes a number, not \"\(words[index + 1])\"")
    }
    eventsMax = most
  }

  func run() {
    do {
      for instruments in [1, 10, 100] {
        try measure("growth.instruments.\(instruments)", 1_000_000, instruments)
      }
      var events = 100_000
      while events <= eventsMax {
        try measure("growth.events.\(events)", events, 1)
        events *= 10
      }
    } catch { Benchmark.fail("\(error)") }
  }

  /// The best of three: what is asked is what the work costs, not what the machine was doing.
  private func measure(_ name: String, _ events: Int, _ instruments: Int) throws {
    let tape = folder.file("\(name).tape")
    try KitTapes.ticks(events / 2, instruments: instruments, to: tape)
    defer { unlink(tape) }
    let plugins = BenchmarkPlugins.folder(
      folder.file("plugins"), ["\(BenchmarkPlugins.directory)/libTickMaker.so"])
    var (best, peak) = (Double.infinity, 0.0)
    for _ in 0..<3 {
      let outcome = try KitProcess.run(
        ["kit-run", "ticks", tape, plugins, folder.path, "\(instruments)"])
      guard let wall = outcome.answer["processor"]?.double,
        outcome.answer["events"]?.integer.map(Int.init) == events
      else { Benchmark.fail("\(name): \(outcome.answer.text())") }
      best = Swift.min(best, wall * 1e9 / Double(events))
      peak = Swift.max(peak, outcome.peakMegabytes)
    }
    Benchmark.write([
      ("benchmark", .string(name)), ("events", .integer(events)),
      ("instruments", .integer(instruments)), ("nanosecondsPerEvent", .double(best)),
      ("peakMegabytes", .double(peak)),
    ])
  }
}
