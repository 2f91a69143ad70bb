import AllocationCounter
import JSON
import Kernel
import Market
import PluginABI
import PluginBridge

/// Changes of a full, warm book near its best price, through the kernel's state: many messages of
/// one level in a turn, so that the turn itself hardly counts.
struct BookBenchmarks {
  private static let turns = 2_000
  private static let messages = 200
  private static let runs = 7

  func run() {
    let limits = Limits()
    var kernel = Kernel(session: 1, limits: limits)
    var effects = Effects(limits: limits)
    var loop = BookLoop(messages: Self.messages, levels: limits.bookLevels)
    loop.begin(&kernel, &effects)
    loop.run(200, &kernel, &effects)
    let before = allocation_counter_read()
    var times: [Double] = []
    for _ in 0..<Self.runs {
      times += Benchmark.time(runs: 1, repetitions: Self.turns) { turns in
        loop.run(turns, &kernel, &effects)
      }.map { $0 / Double(Self.messages) }
    }
    let deltas = Double(Self.runs * Self.turns * Self.messages)
    let allocations = Double(allocation_counter_read() - before) / deltas
    guard kernel.state.book(InstrumentID(rawValue: 0))?.isValid == true else {
      Benchmark.fail("the book that was measured is not valid")
    }
    Benchmark(name: "book.delta near the top, 512 levels a side", unit: "ns/delta", aim: 30)
      .report(times, [("allocationsPerDelta", .double(allocations < 0.0001 ? 0 : allocations))])
  }
}

/// A book that stays full while levels at and near its best price come, change and go. A period of
/// the script ends where it began, so that one buffer serves every turn.
private struct BookLoop: ~Copyable {
  private var buffer: RecordBuffer
  private let messages: Int
  private let levels: Int
  private var time: Int64 = 1
  private var venueSequence: UInt64 = 1

  init(messages: Int, levels: Int) {
    self.messages = messages
    self.levels = levels
    buffer = RecordBuffer(capacity: (2 * levels + messages + 1) * MemoryLayout<keel_ev_book>.size)
  }

  mutating func begin(_ kernel: inout Kernel, _ effects: inout Effects) {
    add(KEEL_BOOK_CLEAR, 0, 0, 0, flags: KEEL_EVF_SNAPSHOT)
    for level in 0..<Int64(levels - 8) {
      add(KEEL_BOOK_SET, KEEL_BUY, 99_990 - level, 10, flags: KEEL_EVF_SNAPSHOT)
      add(KEEL_BOOK_SET, KEEL_SELL, 100_010 + level, 10, flags: KEEL_EVF_SNAPSHOT)
    }
    add(KEEL_BOOK_NONE, 0, 0, 0, flags: KEEL_EVF_SNAPSHOT | KEEL_EVF_LAST)
    turn(&kernel, &effects)
    buffer.removeAll()
    // Half replace a level, a quarter each adds and deletes one, on both sides in turn.
    for index in 0..<Int64(messages) {
      let side = index % 2 == 0 ? KEEL_BUY : KEEL_SELL
      let away: Int64 = index % 2 == 0 ? -1 : 1
      switch index / 2 % 4 {
      case 0: add(KEEL_BOOK_SET, side, 100_000 + away * (10 + index % 7), index + 1)
      case 1: add(KEEL_BOOK_SET, side, 100_000 + away * (3 + index / 8 % 4), 5)
      case 2: add(KEEL_BOOK_SET, side, 100_000 + away * (11 + index % 5), index + 1)
      default: add(KEEL_BOOK_DELETE, side, 100_000 + away * (3 + index / 8 % 4), 0)
      }
    }
  }

  mutating func run(_ turns: Int, _ kernel: inout Kernel, _ effects: inout Effects) {
    for _ in 0..<turns { turn(&kernel, &effects) }
  }

  private mutating func add(
    _ action: Int, _ side: Int, _ price: Int64, _ quantity: Int64, flags: Int = KEEL_EVF_LAST
  ) {
    var record = keel_ev_book()
    record.h = keel_event(
      KEEL_EV_BOOK, of: keel_ev_book.self, instrument: InstrumentID(rawValue: 0))
    record.h.flags = UInt16(flags)
    record.action = UInt8(action)
    record.side = UInt8(side)
    record.px = price
    record.qty = quantity
    buffer.append(record)
  }

  /// Numbers the buffer's messages on from the last turn: sequence is checked as in earnest.
  private mutating func turn(_ kernel: inout Kernel, _ effects: inout Effects) {
    time += 1_000
    var sequence = kernel.sequence
    var venueSequence = venueSequence
    let now = time
    buffer.forEachMutable { header in
      sequence += 1
      header.pointee.seq = sequence
      header.pointee.ts_recv = now
      let record = UnsafeMutableRawPointer(header).assumingMemoryBound(to: keel_ev_book.self)
      let isSnapshot = Int(header.pointee.flags) & KEEL_EVF_SNAPSHOT != 0
      if !isSnapshot {
        record.pointee.venue_seq_prev = venueSequence
        venueSequence += 1
      }
      record.pointee.venue_seq = venueSequence
    }
    self.venueSequence = venueSequence
    kernel.handle(
      buffer.bytes, last: sequence, at: Timestamp(nanoseconds: time), into: &effects)
  }
}
