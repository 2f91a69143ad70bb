/// Collects state as bytes: little-endian, nothing implicit, so the same state is the same bytes on
/// every machine.
public struct StateWriter {
  public private(set) var bytes: [UInt8] = []

  public init() {}

  public mutating func write<Value: StateValue>(_ value: Value) { value.write(to: &self) }

  mutating func writeInteger<Integer: FixedWidthInteger>(_ value: Integer) {
    var rest = value
    for _ in 0..<(Integer.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }
}
