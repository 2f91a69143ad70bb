import JSON
import PluginABI
import PluginBridge
import PluginHost
import Sessions

/// What it costs to have a plugin in a process of its own: one batch there and back, while both
/// sides look for it and while both sleep; a worker's start; and a stream of events through one.
struct WorkerBenchmarks {
  let plugins: BenchmarkPlugins
  private static let rounds = 201
  private static let starts = 40

  func run() {
    // Long enough that a spinning side never sleeps between two calls.
    roundTrip("spinning", spins: 200_000, calls: 2_000, aim: 1)
    roundTrip("blocking", spins: 0, calls: 100, aim: 15)
    throughput()
    start()
  }

  private func options(spins: UInt32) -> WorkerOptions {
    var options = WorkerOptions()
    options.program = BenchmarkPlugins.directory + "/keel"
    options.answerDeadline = 10_000_000_000
    options.spins = spins
    return options
  }

  private func worker(_ options: WorkerOptions) -> PluginInstance {
    do {
      let build = plugins.countingC
      let instance = try PluginInstance(
        build: build, descriptor: build.descriptors[0], name: "benchmark",
        instruments: InstrumentTable([Quotes.instrument()]), placement: .worker(options))
      try instance.set([])
      try instance.activate()
      return instance
    } catch { Benchmark.fail("\(error)") }
  }

  private func time(
    _ instance: PluginInstance, _ batch: inout keel_batch, _ calls: Int
  ) -> Double {
    let (process, context) = (instance.process, instance.processContext)
    return Benchmark.time(runs: 1, repetitions: calls) { count in
      var records: UnsafeRawPointer?
      var bytes = 0
      for _ in 0..<count where process(context, &batch, &records, &bytes) != 0 {
        Benchmark.fail("the worker failed: \(instance.faultText ?? "")")
      }
    }[0]
  }

  private func roundTrip(_ name: String, spins: UInt32, calls: Int, aim: Double) {
    let quotes = Quotes.buffer(1)
    var batch = Quotes.batch(quotes)
    let instance = worker(options(spins: spins))
    _ = time(instance, &batch, calls)
    let samples = (0..<Self.rounds).map { _ in time(instance, &batch, calls) / 1e3 }
    instance.destroy()
    Benchmark(name: "worker.roundTrip, \(name)", unit: "us", aim: aim).report(samples)
  }

  /// Batches of 64, as a busy turn brings them.
  private func throughput() {
    let quotes = Quotes.buffer(64)
    var batch = Quotes.batch(quotes)
    let instance = worker(options(spins: WorkerOptions().spins))
    let samples = (0..<Self.rounds).map { _ in 64e9 / time(instance, &batch, 500) }
    instance.destroy()
    Benchmark(name: "worker.throughput, 64 a batch", unit: "events/s").report(samples)
  }

  /// From nothing to a plugin that is active.
  private func start() {
    var samples: [Double] = []
    for _ in 0..<Self.starts {
      let begin = MonotonicClock.now()
      let instance = worker(options(spins: WorkerOptions().spins))
      samples.append(Double(MonotonicClock.now() - begin) / 1e6)
      instance.destroy()
    }
    Benchmark(name: "worker.start", unit: "ms", aim: 20).report(samples)
  }
}
