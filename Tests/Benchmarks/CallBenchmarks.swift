import JSON
import PluginABI
import PluginBridge
import PluginHost

/// What it costs to give a plugin a batch: straight through its C table, through the guard, and
/// through the Swift SDK. All four take turns, many short ones, so that what disturbs the machine
/// disturbs all of them.
struct CallBenchmarks {
  let plugins: BenchmarkPlugins
  private static let rounds = 301
  private static let calls = 10_000

  func run() {
    measure("1 event", Quotes.buffer(1), calls: Self.calls, aims: (guarded: 10, added: 5))
    measure("64 events", Quotes.buffer(64), calls: Self.calls / 16, aims: nil)
  }

  private func measure(
    _ suffix: String, _ quotes: consuming RecordBuffer, calls: Int,
    aims: (guarded: Double, added: Double)?
  ) {
    var batch = Quotes.batch(quotes)
    let instances = [plugins.instance(plugins.countingC), plugins.instance(plugins.counting)]
    let raw = [RawPlugin(plugins.countingC), RawPlugin(plugins.counting)]
    var plain: [[Double]] = [[], []]
    var guarded: [[Double]] = [[], []]
    for _ in 0..<Self.rounds {
      for language in 0..<2 {
        plain[language].append(time(raw[language], &batch, calls))
        guarded[language].append(time(instances[language], &batch, calls))
      }
    }
    for instance in instances { instance.destroy() }
    report("call.plain.c, \(suffix)", plain[0])
    report("call.guarded.c, \(suffix)", guarded[0], aim: aims?.guarded)
    report("call.plain.swift-sdk, \(suffix)", plain[1])
    report("call.guarded.swift-sdk, \(suffix)", guarded[1])
    // Round by round: what the SDK adds to a C plugin that does the same.
    let added = zip(plain[1], plain[0]).map { $0 - $1 }
    report("call.sdk-adds, \(suffix)", added, aim: aims?.added)
  }

  private func report(_ name: String, _ samples: [Double], aim: Double? = nil) {
    Benchmark(name: name, unit: "ns/call", aim: aim).report(samples)
  }

  private func time(
    _ instance: PluginInstance, _ batch: inout keel_batch, _ calls: Int
  ) -> Double {
    let process = instance.process
    let context = instance.processContext
    return Benchmark.time(runs: 1, repetitions: calls) { count in
      var records: UnsafeRawPointer?
      var bytes = 0
      for _ in 0..<count {
        let status = process(context, &batch, &records, &bytes)
        if status != 0 { Benchmark.fail("the counting strategy failed: \(status)") }
      }
    }[0]
  }

  /// The plugin's own table, as a host without a guard would call it.
  private func time(_ raw: RawPlugin, _ batch: inout keel_batch, _ calls: Int) -> Double {
    Benchmark.time(runs: 1, repetitions: calls) { count in
      for _ in 0..<count where raw.process(&batch) != 0 {
        Benchmark.fail("the counting strategy failed")
      }
    }[0]
  }
}
