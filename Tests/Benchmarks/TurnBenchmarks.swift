import AllocationCounter
import JSON
import Kernel
import Market
import PluginABI
import PluginBridge
import PluginHost
import Sessions
import Storage

/// One quote through the whole kernel with a Swift strategy attached: state, signals, intents,
/// risk and routing, one turn an event; then with the journal. And what it allocates: nothing.
struct TurnBenchmarks {
  let plugins: BenchmarkPlugins
  private static let turns = 300_000

  func run() {
    let instance = plugins.instance(plugins.counting)
    let plain = measure(instance, journal: nil)
    Benchmark(name: "turn.kernel, guard and risk on, no journal", unit: "ns/event", aim: 100)
      .report(plain.times, [("allocationsPerEvent", .double(plain.allocations))])
    do {
      let journal = try JournalWriter(
        directory: plugins.scratch + "/turn.journal", session: 1, created: 0,
        segmentBytes: 512 << 20)
      let journaled = measure(instance, journal: journal)
      Benchmark(name: "turn.kernel, guard, risk and journal on", unit: "ns/event")
        .report(journaled.times, [("allocationsPerEvent", .double(journaled.allocations))])
      try journal.close()
    } catch { Benchmark.fail("\(error)") }
    instance.destroy()
  }

  private func measure(
    _ instance: PluginInstance, journal: JournalWriter?
  ) -> (times: [Double], allocations: Double) {
    var kernel = Kernel(session: 1)
    var effects = Effects()
    start(&kernel, &effects)
    kernel.attach(
      PluginPort(process: instance.process, context: instance.processContext), to: 1)
    var time: Int64 = 1
    func turn() {
      time += 1_000
      let sequence = kernel.sequence + 1
      let quote = Quotes.quote(sequence, at: time)
      withUnsafeBytes(of: quote) { input in
        if let journal { try? journal.append(input) }
        kernel.handle(
          input, last: sequence, at: Timestamp(nanoseconds: time), into: &effects)
      }
      guard let journal else { return }
      for record in effects.records.records { try? journal.append(record.bytes) }
    }
    for _ in 0..<10_000 { turn() }
    let before = allocation_counter_read()
    let times = Benchmark.time(runs: 7, repetitions: Self.turns) { count in
      for _ in 0..<count { turn() }
    }
    // The samples' own array is allocated in between: a handful in two million turns.
    let allocations = Double(allocation_counter_read() - before) / Double(7 * Self.turns)
    return (times, allocations < 0.0001 ? 0 : allocations)
  }

  /// The records a session's first turn holds: one instrument, limits, one strategy slot.
  private func start(_ kernel: inout Kernel, _ effects: inout Effects) {
    var input = RecordBuffer(capacity: 4_096)
    input.append(Quotes.instrument())
    let limit = Money(units: 100_000 * 10_000_000_000_000_000, asset: AssetID(rawValue: 1))
    input.append(
      RiskLimits(
        orderNotionalMax: limit, positionNotionalMax: limit, priceCollarPartsPerMillion: 50_000,
        dataAgeMax: .seconds(5)
      ).record)
    var slot = keel_rec_slot()
    slot.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    slot.h.source = 1
    slot.cause = UInt32(KEEL_SLOT_STARTED)
    slot.kind = 2
    slot.types = 1 << UInt64(KEEL_EV_QUOTE)
    slot.instruments = 1
    slot.h.size += 8
    let bytes = withUnsafeBytes(of: slot) { Array($0) } + [UInt8](repeating: 0, count: 8)
    bytes.withUnsafeBytes { _ = input.append($0) }
    kernel.handle(input.bytes, last: 10, at: Timestamp(nanoseconds: 1), into: &effects)
  }
}
