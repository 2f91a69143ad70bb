/// Why an instance cannot be made or go on: one sentence for a person, with the remedy in it.
public struct PluginError: Error {
  public let message: String
  public init(_ message: String) { self.message = message }
}

/// Why saved bytes were refused.
public struct StateError: Error, Equatable {
  public enum Reason: Sendable {
    /// They end too early.
    case truncated
    /// They decode to something that cannot be.
    case invalid
    /// They are longer than what was read.
    case trailing
    /// They are not this SDK's, or were changed.
    case damaged
  }
  public let reason: Reason
  /// What was being read.
  public let what: StaticString

  public init(_ reason: Reason, _ what: StaticString) {
    self.reason = reason
    self.what = what
  }

  public static func == (a: StateError, b: StateError) -> Bool { a.reason == b.reason }

  var text: String {
    let name = what.text
    return switch reason {
    case .truncated: "the saved state ends inside \(name)"
    case .invalid: "the saved state holds an impossible \(name)"
    case .trailing: "the saved state goes on after \(name)"
    case .damaged: "the saved state is damaged: \(name)"
    }
  }
}

extension StaticString {
  var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
  var text: String { String(decoding: bytes, as: UTF8.self) }
  var cString: UnsafePointer<CChar> {
    UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self)
  }

  /// Byte by byte: names are ASCII, and comparing Strings would bring Unicode tables along.
  func isSame(as other: StaticString) -> Bool {
    guard utf8CodeUnitCount == other.utf8CodeUnitCount else { return false }
    for index in 0..<utf8CodeUnitCount where utf8Start[index] != other.utf8Start[index] {
      return false
    }
    return true
  }
}
