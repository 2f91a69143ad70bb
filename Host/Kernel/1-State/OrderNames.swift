import PluginABI

/// What an order is called elsewhere: the client id it was sent with, and the venue's own name for
/// it, each NUL-ended in forty bytes.
struct OrderNames: Equatable, Sendable {
  typealias Text = InlineArray<5, UInt64>

  var client = Text(repeating: 0)
  var venue = Text(repeating: 0)

  static func == (a: OrderNames, b: OrderNames) -> Bool {
    isSame(a.client, b.client) && isSame(a.venue, b.venue)
  }
  static func isSame(_ a: Text, _ b: Text) -> Bool {
    for index in a.indices where a[index] != b[index] { return false }
    return true
  }
  static func isEmpty(_ text: Text) -> Bool { text[0] & 0xFF == 0 }

  /// From a record's field of forty bytes. What stands behind its NUL does not count.
  static func text<T: BitwiseCopyable>(_ field: T) -> Text {
    precondition(MemoryLayout<T>.size == 40, "names are fields of forty bytes")
    var text = Text(repeating: 0)
    withUnsafeBytes(of: field) { source in
      withUnsafeMutableBytes(of: &text) { target in
        for index in 0..<39 {
          guard source[index] != 0 else { break }
          target[index] = source[index]
        }
      }
    }
    return text
  }

  static func write<T: BitwiseCopyable>(_ text: Text, to field: inout T) {
    precondition(MemoryLayout<T>.size == 40, "names are fields of forty bytes")
    withUnsafeMutableBytes(of: &field) { target in
      withUnsafeBytes(of: text) { target.copyMemory(from: $0) }
    }
  }
}
