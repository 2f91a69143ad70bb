import Market
import MarketHistory
import PluginABI
import PluginBridge
import Storage

/// The walk from one tape to the other.
struct Resampling {
  let tape: NewTape
  var resampler: Resampler
  /// By instrument of the tape read: its number in the new one.
  let chosen: [UInt32?]
  /// Bars by rule.
  var counts: [Int]
  private static let stride = 4_096

  init(tape: NewTape, resampler: Resampler, chosen: [UInt32?], counts: [Int]) {
    self.tape = tape
    self.resampler = resampler
    self.chosen = chosen
    self.counts = counts
  }

  mutating func run(_ contents: TapeContents, _ output: Output) throws(CommandError) {
    let total = contents.tape.recordCount
    var progress = output.beginProgress("resample", unit: "records", total: total)
    var bars: [keel_ev_bar] = []
    var done = 0
    for record in contents.records {
      resampler.advance(to: record.time, into: &bars)
      resampler.take(record, into: &bars)
      if !bars.isEmpty { try write(&bars) }
      if Self.isKept(record.type) { try keep(record) }
      done += 1
      if done % Self.stride == 0 {
        output.progress(&progress, done: done)
        try NewTape.checkInterruption()
      }
    }
    resampler.finish(into: &bars)
    try write(&bars)
  }

  /// What bars do not stand for.
  private static func isKept(_ type: Int) -> Bool {
    ![KEEL_EV_QUOTE, KEEL_EV_TRADE, KEEL_EV_BAR, KEEL_EV_BOOK].contains(type)
  }

  private mutating func write(_ bars: inout [keel_ev_bar]) throws(CommandError) {
    for var bar in bars {
      counts[Int(bar.h.source) - 1] += 1
      bar.h.inst = chosen[Int(bar.h.inst)] ?? KEEL_NO_INST
      try tape.append(bar)
    }
    bars.removeAll(keepingCapacity: true)
  }

  private func keep(_ record: Record) throws(CommandError) {
    var number = KEEL_NO_INST
    if record.instrument.rawValue != KEEL_NO_INST {
      guard record.instrument.index < chosen.count, let place = chosen[record.instrument.index]
      else { return }
      number = place
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: record.size, alignment: 8)
    defer { copy.deallocate() }
    copy.copyMemory(from: record.bytes)
    var header = copy.loadUnaligned(as: keel_event.self)
    header.inst = number
    copy.storeBytes(of: header, as: keel_event.self)
    try tape.append(UnsafeRawBufferPointer(copy))
  }
}
