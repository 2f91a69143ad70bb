import PluginABI
import PluginBridge

/// Records on their way, each with the time at which it comes out; none overtakes another. Grows
/// to what it once held.
struct DelayedRecords: ~Copyable {
  private var base: UnsafeMutableRawPointer
  private var capacity = 64 * 1_024
  private var head = 0
  private var tail = 0
  private var lastDue = Int64.min

  init() { base = .allocate(byteCount: capacity, alignment: 16) }
  deinit { base.deallocate() }

  private static let prefix = 8

  /// `Int64.max` when there is none.
  var firstDue: Int64 { head < tail ? base.load(fromByteOffset: head, as: Int64.self) : .max }

  mutating func append(_ record: UnsafeRawBufferPointer, source: UInt32? = nil, due: Int64) {
    guard let bytes = record.baseAddress else { return }
    let needed = Self.prefix + record.count
    if tail + needed > capacity { makeRoom(needed) }
    lastDue = Swift.max(lastDue, due)
    base.storeBytes(of: lastDue, toByteOffset: tail, as: Int64.self)
    (base + tail + Self.prefix).copyMemory(from: bytes, byteCount: record.count)
    if let source {
      let header = base + tail + Self.prefix
      header.assumingMemoryBound(to: keel_event.self).pointee.source = source
    }
    tail += needed
  }

  /// The next record that is due; it stays valid until the next change.
  mutating func next(by now: Int64) -> Record? {
    guard firstDue <= now else { return nil }
    let header = (base + head + Self.prefix).assumingMemoryBound(to: keel_event.self)
    header.pointee.ts_recv = firstDue
    return Record(header)
  }

  mutating func removeFirst() {
    guard head < tail else { return }
    let header = (base + head + Self.prefix).assumingMemoryBound(to: keel_event.self)
    head += Self.prefix + Int(header.pointee.size)
    guard head == tail else { return }
    head = 0
    tail = 0
  }

  private mutating func makeRoom(_ needed: Int) {
    let used = tail - head
    if used + needed > capacity / 2 {
      while used + needed > capacity / 2 { capacity *= 2 }
      let space = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
      space.copyMemory(from: base + head, byteCount: used)
      base.deallocate()
      base = space
    } else {
      base.copyMemory(from: base + head, byteCount: used)
    }
    head = 0
    tail = used
  }
}
