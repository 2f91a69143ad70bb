import Kernel
import Market
import PluginABI
import PluginBridge
import PluginHost
import Storage

/// A kernel with one strategy slot, given one quote a turn.
struct TurnLoop: ~Copyable {
  private var kernel = Kernel(session: 1)
  private var effects = Effects()
  private var time: Int64 = 1
  private let journal: JournalWriter?

  init(_ instance: PluginInstance, journal: JournalWriter?) {
    self.journal = journal
    start()
    kernel.attach(
      PluginPort(process: instance.process, context: instance.processContext), to: 1)
  }

  mutating func run(_ turns: Int) {
    if let journal {
      for _ in 0..<turns { turn(journal) }
    } else {
      for _ in 0..<turns { turn() }
    }
  }

  private mutating func turn() {
    time += 1_000
    let sequence = kernel.sequence + 1
    withUnsafeBytes(of: Quotes.quote(sequence, at: time)) { input in
      kernel.handle(input, last: sequence, at: Timestamp(nanoseconds: time), into: &effects)
    }
  }

  /// Write-ahead: the input before the turn, what follows from it after.
  private mutating func turn(_ journal: JournalWriter) {
    time += 1_000
    let sequence = kernel.sequence + 1
    withUnsafeBytes(of: Quotes.quote(sequence, at: time)) { input in
      try? journal.append(input)
      kernel.handle(input, last: sequence, at: Timestamp(nanoseconds: time), into: &effects)
    }
    for record in effects.records.records { try? journal.append(record.bytes) }
  }

  /// The records a session's first turn holds: one instrument, limits, one strategy slot.
  private mutating func start() {
    var input = RecordBuffer(capacity: 4_096)
    input.append(Quotes.instrument())
    let limits = [
      LimitChange(.orderWorth, .all, 100_000_000_000),
      LimitChange(.positionWorth, .all, 100_000_000_000),
      LimitChange(.priceCollar, .all, 50_000), LimitChange(.dataAge, .all, 5_000_000_000),
    ]
    input.append(Quotes.rate())
    LimitChange.record(limits, who: "benchmark", why: "start")
      .withUnsafeBytes { _ = input.append($0) }
    Quotes.slot(types: 1 << UInt64(KEEL_EV_QUOTE)).withUnsafeBytes { _ = input.append($0) }
    kernel.handle(input.bytes, last: 10, at: Timestamp(nanoseconds: 1), into: &effects)
  }
}
