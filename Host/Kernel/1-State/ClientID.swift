import PluginABI

/// The name an order has at its venue: 32 letters and digits that say which session made it, in
/// which of its starts, for which slot. So a venue can be asked about an order whose record was
/// lost, and no name is used twice.
struct ClientID: Equatable, Sendable {
  static let length = 32

  var session: UInt32
  var start: UInt16
  var slot: UInt16
  var order: UInt64

  init(session: UInt32, start: UInt16, slot: UInt32, order: UInt64) {
    self.session = session
    self.start = start
    self.slot = UInt16(truncatingIfNeeded: slot & 0xFFF)
    self.order = order
  }

  /// nil for a name that keel did not give.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > Self.length, bytes[0] == UInt8(ascii: "k"), bytes[Self.length] == 0 else {
      return nil
    }
    var position = 1
    func read(_ digits: Int) -> UInt64? {
      var value: UInt64 = 0
      for byte in bytes[position..<position + digits] {
        guard let digit = Self.digit(byte) else { return nil }
        value = value << 4 | digit
      }
      position += digits
      return value
    }
    guard let session = read(8), let start = read(4), let slot = read(3), let order = read(16)
    else { return nil }
    self.init(
      session: UInt32(session), start: UInt16(start), slot: UInt32(slot), order: order)
  }

  /// Writes the name and zeros behind it.
  func write(to bytes: UnsafeMutableRawBufferPointer) {
    bytes[0] = UInt8(ascii: "k")
    var position = 1
    func put(_ value: UInt64, _ digits: Int) {
      for index in 0..<digits {
        let digit = UInt8(value >> UInt64(4 * (digits - 1 - index)) & 15)
        bytes[position + index] =
          digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      }
      position += digits
    }
    put(UInt64(session), 8)
    put(UInt64(start), 4)
    put(UInt64(slot), 3)
    put(order, 16)
    while position < bytes.count {
      bytes[position] = 0
      position += 1
    }
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    default: nil
    }
  }
}
