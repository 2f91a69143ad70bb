public import PluginABI

/// The changes that one record of limits makes, all of them or none.
public enum LimitRecord {
  /// Empty when the record's own numbers contradict each other.
  public static func limits(in record: Record) -> UnsafeBufferPointer<keel_limit> {
    let none = UnsafeBufferPointer<keel_limit>(start: nil, count: 0)
    guard let raw = record.cast(to: keel_rec_limits.self)?.pointee else { return none }
    let offset = Int(raw.offset)
    guard offset >= MemoryLayout<keel_rec_limits>.size, offset % 8 == 0, offset <= record.size,
      Int(raw.count) <= (record.size - offset) / MemoryLayout<keel_limit>.stride
    else { return none }
    let first = UnsafeRawPointer(record.header) + offset
    return UnsafeBufferPointer(
      start: first.assumingMemoryBound(to: keel_limit.self), count: Int(raw.count))
  }
}
