/// What instruments, venues, slots and the like may be called: letters, digits and `. _ -`,
/// beginning with a letter or digit.
package struct NameRule: Sendable {
  package static let symbol = NameRule(bytesMax: 31)

  package let bytesMax: Int

  package init(bytesMax: Int) { self.bytesMax = bytesMax }

  package func accepts(_ text: String) -> Bool {
    guard let first = text.utf8.first, Self.isAlphanumeric(first) else { return false }
    return text.utf8.count <= bytesMax
      && text.utf8.allSatisfy { Self.isAlphanumeric($0) || Self.isMark($0) }
  }

  private static func isMark(_ byte: UInt8) -> Bool {
    [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return byte &- UInt8(ascii: "0") < 10 || lower &- UInt8(ascii: "a") < 26
  }
}
