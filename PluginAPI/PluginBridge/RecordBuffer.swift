public import PluginABI

/// Preallocated space for contiguous records. Appending copies; nothing is allocated after init.
public struct RecordBuffer: ~Copyable {
  private let base: UnsafeMutableRawPointer
  public let capacity: Int
  public private(set) var byteCount = 0
  public private(set) var recordCount = 0
  /// Where the newest record begins.
  private var lastOffset = 0

  public init(capacity: Int) {
    precondition(capacity > 0 && capacity % 8 == 0, "records are eight-aligned")
    self.capacity = capacity
    base = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  public var isEmpty: Bool { byteCount == 0 }
  public var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: base, count: byteCount)
  }
  public var records: RecordReader { RecordReader(bytes) }

  /// 0 when empty.
  public var firstSequence: UInt64 {
    isEmpty ? 0 : base.assumingMemoryBound(to: keel_event.self).pointee.seq
  }
  public var lastSequence: UInt64 {
    isEmpty ? 0 : (base + lastOffset).assumingMemoryBound(to: keel_event.self).pointee.seq
  }

  public mutating func removeAll() {
    byteCount = 0
    recordCount = 0
  }

  /// The copy, for stamping in place; nil and nothing copied when it does not fit.
  @discardableResult
  @inline(__always)
  public mutating func append(_ record: UnsafeRawBufferPointer)
    -> UnsafeMutablePointer<keel_event>?
  {
    guard byteCount + record.count <= capacity, let source = record.baseAddress else { return nil }
    let place = base + byteCount
    place.copyMemory(from: source, byteCount: record.count)
    lastOffset = byteCount
    byteCount += record.count
    recordCount += 1
    return place.assumingMemoryBound(to: keel_event.self)
  }

  @discardableResult
  public mutating func append<C: BitwiseCopyable>(_ record: C)
    -> UnsafeMutablePointer<keel_event>?
  {
    let size = MemoryLayout<C>.size
    guard byteCount + size <= capacity else { return nil }
    let place = base + byteCount
    place.storeBytes(of: record, as: C.self)
    lastOffset = byteCount
    byteCount += size
    recordCount += 1
    return place.assumingMemoryBound(to: keel_event.self)
  }

  /// Appends all records of another buffer; false and nothing copied when they do not fit.
  public mutating func append(contentsOf other: borrowing RecordBuffer) -> Bool {
    guard byteCount + other.byteCount <= capacity else { return false }
    if other.byteCount > 0 {
      (base + byteCount).copyMemory(from: other.base, byteCount: other.byteCount)
      lastOffset = byteCount + other.lastOffset
    }
    byteCount += other.byteCount
    recordCount += other.recordCount
    return true
  }

  /// Drops whole records from the front, this many bytes of them.
  public mutating func removeFirst(bytes: Int) {
    precondition(bytes <= byteCount, "no more is dropped than there is")
    let rest = byteCount - bytes
    if rest > 0 { base.copyMemory(from: base + bytes, byteCount: rest) }
    byteCount = rest
    recordCount = 0
    for _ in records { recordCount += 1 }
    lastOffset = Swift.max(0, lastOffset - bytes)
  }

  /// For changing header fields of records already inside.
  public func forEachMutable(_ body: (UnsafeMutablePointer<keel_event>) -> Void) {
    var offset = 0
    while offset < byteCount {
      let header = (base + offset).assumingMemoryBound(to: keel_event.self)
      body(header)
      offset += Int(header.pointee.size)
    }
  }
}
