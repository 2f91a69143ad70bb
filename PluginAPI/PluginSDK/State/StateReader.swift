/// Reads what `StateWriter` wrote. The bytes are untrusted: whatever they are, the worst that
/// happens is a thrown `StateError`.
public struct StateReader {
  let bytes: [UInt8]
  var position = 0
  let end: Int

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    end = bytes.count
  }

  public var remaining: Int { end - position }

  /// The next value, of the type that is wanted: `let count: Int = try state.read()`.
  public mutating func read<Value: StateValue>() throws(StateError) -> Value {
    try Value(from: &self)
  }

  mutating func readInteger<Integer: FixedWidthInteger>(
    _ type: Integer.Type
  ) throws(StateError) -> Integer {
    let width = Integer.bitWidth / 8
    guard remaining >= width else { throw StateError(.truncated, "a number") }
    var value: Integer = 0
    for offset in stride(from: width - 1, through: 0, by: -1) {
      value = (value << 8) | Integer(truncatingIfNeeded: bytes[position + offset])
    }
    position += width
    return value
  }

  /// How many elements follow; never more than the bytes left could hold.
  mutating func readCount(elementBytes: Int) throws(StateError) -> Int {
    let count = try readInteger(UInt32.self)
    guard Int(count) <= remaining / elementBytes else { throw StateError(.truncated, "a list") }
    return Int(count)
  }
}
