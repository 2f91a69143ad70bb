import Market
import PluginABI
package import PluginBridge

/// What one turn produced, in order: signals, intents, decisions, commands to venues, notes about
/// slots. The session writes these records to the journal, and only then lets the commands go.
package struct Effects: ~Copyable {
  package var records: RecordBuffer
  /// Records that did not fit: counted. An intent or a command among them is refused.
  package private(set) var dropped = 0
  private var now = Timestamp(nanoseconds: 0)
  private var sequence: UInt64 = 0
  /// Bytes kept free for commands that are yet to be written.
  private var kept = 0

  package init(limits: Limits = Limits()) {
    records = RecordBuffer(capacity: limits.effectBytes)
  }

  /// Whether a record still fits. The end of the turn always does: its place is kept free.
  func hasRoom(for bytes: Int) -> Bool {
    records.byteCount + kept + bytes + MemoryLayout<keel_event>.size <= records.capacity
  }

  /// Keeps room for a record that will be written before the turn ends; less than none gives it
  /// back.
  mutating func keep(_ bytes: Int) { kept += bytes }

  mutating func begin(at now: Timestamp, after sequence: UInt64) {
    records.removeAll()
    kept = 0
    self.now = now
    self.sequence = sequence
  }

  /// Closes the turn: what came before may be released once it is written.
  mutating func end() {
    stamp(records.append(keel_event(KEEL_REC_TURN_END, of: keel_event.self)), source: 0)
  }

  /// The last sequence number given out.
  var lastSequence: UInt64 { sequence }

  /// Appends a copy stamped with the turn's time and the next sequence number, and returns it.
  @discardableResult
  mutating func append(_ record: UnsafeRawBufferPointer, source: UInt32)
    -> UnsafeMutablePointer<keel_event>?
  {
    stamp(hasRoom(for: record.count) ? records.append(record) : nil, source: source)
  }

  @discardableResult
  mutating func append<C: BitwiseCopyable>(_ record: C, source: UInt32)
    -> UnsafeMutablePointer<keel_event>?
  {
    stamp(hasRoom(for: MemoryLayout<C>.size) ? records.append(record) : nil, source: source)
  }

  @discardableResult
  private mutating func stamp(_ header: UnsafeMutablePointer<keel_event>?, source: UInt32)
    -> UnsafeMutablePointer<keel_event>?
  {
    guard let header else {
      dropped += 1
      return nil
    }
    sequence += 1
    header.pointee.source = source
    header.pointee.ts_venue = KEEL_NULL
    header.pointee.ts_recv = now.nanoseconds
    header.pointee.seq = sequence
    return header
  }
}
