public import PluginABI
#if KEEL_MODULES
  public import Market
#endif

/// One record of a batch, tape or journal, where it lies. Valid as long as those bytes are.
public struct Record {
  public let header: UnsafePointer<keel_event>

  public init(_ header: UnsafePointer<keel_event>) { self.header = header }

  public var type: Int { Int(header.pointee.type) }
  public var size: Int { Int(header.pointee.size) }
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: header, count: size) }
  public var instrument: InstrumentID { InstrumentID(rawValue: header.pointee.inst) }
  public var time: Timestamp { Timestamp(nanoseconds: header.pointee.ts_recv) }
  public var sequence: UInt64 { header.pointee.seq }
  public var source: UInt32 { header.pointee.source }

  public func hasFlag(_ flag: Int) -> Bool { Int(header.pointee.flags) & flag != 0 }

  /// The record as its C struct; nil when the record is shorter than that struct.
  @inline(__always)
  public func cast<C: BitwiseCopyable>(to type: C.Type) -> UnsafePointer<C>? {
    guard size >= MemoryLayout<C>.size else { return nil }
    return UnsafeRawPointer(header).assumingMemoryBound(to: C.self)
  }
}

/// Steps through contiguous records. Ends at the first one whose size cannot be true, so that
/// foreign bytes never lead outside the buffer; `isDamaged` then says so.
public struct RecordReader: Sequence, IteratorProtocol {
  public private(set) var rest: UnsafeRawBufferPointer
  public private(set) var isDamaged = false

  public init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  public init(_ batch: UnsafePointer<keel_batch>) {
    rest = UnsafeRawBufferPointer(start: batch.pointee.events, count: batch.pointee.bytes)
  }

  @inline(__always)
  public mutating func next() -> Record? {
    guard let start = rest.baseAddress, rest.count > 0 else { return nil }
    let header = start.assumingMemoryBound(to: keel_event.self)
    guard rest.count >= MemoryLayout<keel_event>.size else {
      isDamaged = true
      return nil
    }
    let size = Int(header.pointee.size)
    guard size >= MemoryLayout<keel_event>.size, size % 8 == 0, size <= rest.count else {
      isDamaged = true
      return nil
    }
    rest = UnsafeRawBufferPointer(start: start + size, count: rest.count - size)
    return Record(header)
  }
}

extension keel_event {
  /// A header for a record of the C struct `type`, everything else absent.
  public init<C: BitwiseCopyable>(
    _ type: Int, of struct: C.Type, instrument: InstrumentID? = nil, time: Timestamp? = nil
  ) {
    self.init()
    size = UInt32(MemoryLayout<C>.size)
    self.type = UInt16(type)
    inst = instrument?.rawValue ?? KEEL_NO_INST
    ts_venue = KEEL_NULL
    ts_recv = time?.nanoseconds ?? KEEL_NULL
  }
}

extension Optional where Wrapped == Price {
  /// The C form, where absence is KEEL_NULL.
  public init(abi mantissa: Int64) {
    self = mantissa == KEEL_NULL ? nil : Price(mantissa: mantissa)
  }
  public var abi: Int64 { self?.mantissa ?? KEEL_NULL }
}

extension Optional where Wrapped == Timestamp {
  public init(abi nanoseconds: Int64) {
    self = nanoseconds == KEEL_NULL ? nil : Timestamp(nanoseconds: nanoseconds)
  }
  public var abi: Int64 { self?.nanoseconds ?? KEEL_NULL }
}
