package import Market
package import PluginBridge

/// What a snapshot holds: written and read back by one description.
package protocol SnapshotValue: ~Copyable {
  mutating func code(_ codec: inout SnapshotCodec)
}

/// A value that can be made before it is read.
package protocol SnapshotElement: SnapshotValue {
  static var blank: Self { get }
}

extension FixedWidthInteger where Self: BitwiseCopyable {
  package mutating func code(_ codec: inout SnapshotCodec) { codec.integer(&self) }
  package static var blank: Self { 0 }
}
extension Int: SnapshotElement {}
extension Int8: SnapshotElement {}
extension Int32: SnapshotElement {}
extension Int64: SnapshotElement {}
extension UInt8: SnapshotElement {}
extension UInt16: SnapshotElement {}
extension UInt32: SnapshotElement {}
extension UInt64: SnapshotElement {}

extension Bool: SnapshotElement {
  package static var blank: Bool { false }
  package mutating func code(_ codec: inout SnapshotCodec) {
    var byte: UInt8 = self ? 1 : 0
    codec.integer(&byte)
    codec.require(byte < 2, "\(byte) is neither yes nor no")
    self = byte == 1
  }
}

extension Optional: SnapshotValue where Wrapped: SnapshotElement {
  package mutating func code(_ codec: inout SnapshotCodec) {
    var isThere = self != nil
    codec.value(&isThere)
    guard isThere else {
      self = nil
      return
    }
    var wrapped = self ?? Wrapped.blank
    wrapped.code(&codec)
    if codec.isReading { self = wrapped }
  }
}
extension Optional: SnapshotElement where Wrapped: SnapshotElement {
  package static var blank: Wrapped? { nil }
}

/// By its number; one that has no meaning is refused.
extension RawRepresentable where RawValue: FixedWidthInteger & BitwiseCopyable {
  package mutating func code(_ codec: inout SnapshotCodec) {
    var number = rawValue
    codec.integer(&number)
    guard codec.isReading else { return }
    if let known = Self(rawValue: number) {
      self = known
    } else {
      codec.refuse(.contradicts, "\(number) is no \(Self.self)")
    }
  }
}
extension Side: SnapshotElement { package static var blank: Side { .buy } }
extension PositionSide: SnapshotElement { package static var blank: PositionSide { .net } }
extension OrderType: SnapshotElement { package static var blank: OrderType { .market } }
extension OrderState: SnapshotElement { package static var blank: OrderState { .pending } }
extension OrderLink: SnapshotElement { package static var blank: OrderLink { .none } }
extension TimeInForce: SnapshotElement {
  package static var blank: TimeInForce { .goodTillCancelled }
}
extension InstrumentKind: SnapshotElement { package static var blank: InstrumentKind { .spot } }
extension AssetClass: SnapshotElement { package static var blank: AssetClass { .none } }

extension Price: SnapshotElement {
  package static var blank: Price { Price(mantissa: 0) }
  package mutating func code(_ codec: inout SnapshotCodec) { codec.integer(&mantissa) }
}
extension Quantity: SnapshotElement {
  package static var blank: Quantity { .zero }
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.integer(&mantissa)
    codec.require(mantissa >= 0, "a quantity is never negative")
  }
}
extension Timestamp: SnapshotElement {
  package static var blank: Timestamp { .distantPast }
  package mutating func code(_ codec: inout SnapshotCodec) { codec.integer(&nanoseconds) }
}
extension InstrumentID: SnapshotElement {
  package static var blank: InstrumentID { InstrumentID(rawValue: 0) }
  package mutating func code(_ codec: inout SnapshotCodec) { codec.integer(&rawValue) }
}
extension AssetID: SnapshotElement {
  package static var blank: AssetID { .none }
  package mutating func code(_ codec: inout SnapshotCodec) { codec.integer(&rawValue) }
}
extension Money: SnapshotElement {
  package static var blank: Money { .zero(.none) }
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.amount(&units)
    codec.value(&asset)
  }
}
