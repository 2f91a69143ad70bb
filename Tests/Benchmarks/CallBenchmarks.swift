import JSON
import PluginABI
import PluginBridge
import PluginHost

/// What it costs to give a plugin a batch: straight through its C table, through the guard, and
/// through the Swift SDK.
struct CallBenchmarks {
  let plugins: BenchmarkPlugins
  private static let repetitions = 2_000_000

  func run() {
    for events in [1, 64] {
      let quotes = Quotes.buffer(events)
      let repetitions = Self.repetitions / (events == 1 ? 1 : 16)
      let plainC = plain(plugins.countingC, quotes, repetitions)
      let guardedC = guarded(plugins.countingC, quotes, repetitions)
      let plainSwift = plain(plugins.counting, quotes, repetitions)
      let guardedSwift = guarded(plugins.counting, quotes, repetitions)
      let suffix = events == 1 ? "1 event" : "\(events) events"
      report("call.plain.c, \(suffix)", plainC)
      report("call.guarded.c, \(suffix)", guardedC, aim: events == 1 ? 10 : nil)
      report("call.plain.swift-sdk, \(suffix)", plainSwift)
      report("call.guarded.swift-sdk, \(suffix)", guardedSwift)
      // The difference of the two fastest: what the SDK adds to a C plugin doing the same.
      let added = (plainSwift.min() ?? 0) - (plainC.min() ?? 0)
      report("call.sdk-adds, \(suffix)", [added], aim: events == 1 ? 5 : nil)
    }
  }

  private func report(_ name: String, _ samples: [Double], aim: Double? = nil) {
    Benchmark(name: name, unit: "ns/call", aim: aim).report(samples)
  }

  private func guarded(
    _ build: PluginBuild, _ quotes: borrowing RecordBuffer, _ repetitions: Int
  ) -> [Double] {
    let instance = plugins.instance(build)
    defer { instance.destroy() }
    var batch = Quotes.batch(quotes)
    return Benchmark.time(repetitions: repetitions) { count in
      var records: UnsafeRawPointer?
      var bytes = 0
      for _ in 0..<count {
        let status = instance.process(instance.processContext, &batch, &records, &bytes)
        if status != 0 { Benchmark.fail("the counting strategy failed: \(status)") }
      }
    }
  }

  /// The plugin's own table, as a host without a guard would call it.
  private func plain(
    _ build: PluginBuild, _ quotes: borrowing RecordBuffer, _ repetitions: Int
  ) -> [Double] {
    let raw = RawPlugin(build)
    var batch = Quotes.batch(quotes)
    return Benchmark.time(repetitions: repetitions) { count in
      for _ in 0..<count where raw.process(&batch) != 0 {
        Benchmark.fail("the counting strategy failed")
      }
    }
  }
}
