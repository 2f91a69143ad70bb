#if KEEL_MODULES
  public import Market
#endif

/// Something that can be saved and read back exactly.
public protocol StateValue {
  func write(to state: inout StateWriter)
  init(from state: inout StateReader) throws(StateError)
}

extension Int: StateValue {
  public func write(to state: inout StateWriter) { state.writeInteger(Int64(self)) }
  public init(from state: inout StateReader) throws(StateError) {
    self = Int(try state.readInteger(Int64.self))
  }
}
extension Int64: StateValue {
  public func write(to state: inout StateWriter) { state.writeInteger(self) }
  public init(from state: inout StateReader) throws(StateError) {
    self = try state.readInteger(Int64.self)
  }
}
extension UInt64: StateValue {
  public func write(to state: inout StateWriter) { state.writeInteger(self) }
  public init(from state: inout StateReader) throws(StateError) {
    self = try state.readInteger(UInt64.self)
  }
}
extension UInt32: StateValue {
  public func write(to state: inout StateWriter) { state.writeInteger(self) }
  public init(from state: inout StateReader) throws(StateError) {
    self = try state.readInteger(UInt32.self)
  }
}
extension UInt8: StateValue {
  public func write(to state: inout StateWriter) { state.writeInteger(self) }
  public init(from state: inout StateReader) throws(StateError) {
    self = try state.readInteger(UInt8.self)
  }
}
extension Bool: StateValue {
  public func write(to state: inout StateWriter) { state.writeInteger(UInt8(self ? 1 : 0)) }
  public init(from state: inout StateReader) throws(StateError) {
    let byte = try state.readInteger(UInt8.self)
    guard byte <= 1 else { throw StateError(.invalid, "yes or no") }
    self = byte == 1
  }
}

/// The exact bit pattern, so that a reloaded average continues as if nothing had happened.
extension Double: StateValue {
  public func write(to state: inout StateWriter) { state.writeInteger(bitPattern) }
  public init(from state: inout StateReader) throws(StateError) {
    self = Double(bitPattern: try state.readInteger(UInt64.self))
  }
}

extension String: StateValue {
  public func write(to state: inout StateWriter) {
    state.writeInteger(UInt32(utf8.count))
    for byte in utf8 { state.writeInteger(byte) }
  }
  public init(from state: inout StateReader) throws(StateError) {
    let count = try state.readCount(elementBytes: 1)
    let start = state.position
    state.position += count
    self = String(decoding: state.bytes[start..<(start + count)], as: UTF8.self)
  }
}

extension Optional: StateValue where Wrapped: StateValue {
  public func write(to state: inout StateWriter) {
    state.write(self != nil)
    if let wrapped = self { state.write(wrapped) }
  }
  public init(from state: inout StateReader) throws(StateError) {
    let isPresent: Bool = try state.read()
    self = isPresent ? try Wrapped(from: &state) : nil
  }
}

extension Array: StateValue where Element: StateValue {
  public func write(to state: inout StateWriter) {
    state.writeInteger(UInt32(count))
    for element in self { state.write(element) }
  }
  public init(from state: inout StateReader) throws(StateError) {
    let count = try state.readCount(elementBytes: 1)
    self = []
    for _ in 0..<count { append(try Element(from: &state)) }
  }
}

extension Price: StateValue {
  public func write(to state: inout StateWriter) { state.write(mantissa) }
  public init(from state: inout StateReader) throws(StateError) {
    self.init(mantissa: try state.read())
  }
}
extension Quantity: StateValue {
  public func write(to state: inout StateWriter) { state.write(mantissa) }
  public init(from state: inout StateReader) throws(StateError) {
    let mantissa: Int64 = try state.read()
    guard mantissa >= 0 else { throw StateError(.invalid, "quantity") }
    self.init(mantissa: mantissa)
  }
}
extension Timestamp: StateValue {
  public func write(to state: inout StateWriter) { state.write(nanoseconds) }
  public init(from state: inout StateReader) throws(StateError) {
    self.init(nanoseconds: try state.read())
  }
}
extension InstrumentID: StateValue {
  public func write(to state: inout StateWriter) { state.write(rawValue) }
  public init(from state: inout StateReader) throws(StateError) {
    self.init(rawValue: try state.read())
  }
}
extension Side: StateValue {
  public func write(to state: inout StateWriter) { state.write(rawValue) }
  public init(from state: inout StateReader) throws(StateError) {
    guard let side = Side(rawValue: try state.read()) else { throw StateError(.invalid, "side") }
    self = side
  }
}
