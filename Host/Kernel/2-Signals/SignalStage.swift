import Market
import PluginABI
import PluginBridge

extension SlotTable {
  /// Hands what an alpha answered to the strategies that listen to it.
  mutating func spread(
    signals: UnsafeRawBufferPointer, from number: UInt32, into effects: inout Effects
  ) {
    for record in RecordReader(signals) { accept(record, from: number, into: &effects) }
  }

  private mutating func accept(
    _ record: Record, from number: UInt32, into effects: inout Effects
  ) {
    guard record.type == KEEL_EV_SIGNAL, let signal = Signal(record) else {
      if record.type == KEEL_EV_EXPLAIN { effects.append(record.bytes, source: number) }
      return
    }
    // On record as it was given, sound or not.
    guard let stamped = effects.append(record.bytes, source: number) else { return }
    guard signal.isSound else {
      var decision = keel_rec_decision()
      decision.h = keel_event(
        KEEL_REC_DECISION, of: keel_rec_decision.self, instrument: signal.instrument)
      decision.value = KEEL_NULL
      decision.limit = KEEL_NULL
      decision.passing = KEEL_NULL
      decision.generation = self[number].generation
      decision.reason = UInt16(KEEL_REASON_NOT_FINITE)
      effects.append(decision, source: number)
      return
    }
    let journaled = Record(UnsafePointer(stamped))
    for listener in 1..<UInt32(count) {
      guard let position = self[listener].alphas.firstIndex(of: number) else { continue }
      guard var copy = journaled.cast(to: keel_signal.self)?.pointee else { continue }
      copy.h.size = UInt32(MemoryLayout<keel_signal>.size)
      copy.alpha = UInt32(position)
      self[listener].receive(copy)
    }
  }
}

extension Signal {
  /// Every number in it is a number, and inside its range.
  fileprivate var isSound: Bool {
    guard (-1...1).contains(score), (0...1).contains(confidence) else { return false }
    let used = Int(raw.pointee.count)
    return withUnsafeBytes(of: raw.pointee.values) { bytes in
      let values = bytes.assumingMemoryBound(to: keel_value.self)
      return used <= values.count && values[..<used].allSatisfy { $0.value.isFinite }
    }
  }
}
