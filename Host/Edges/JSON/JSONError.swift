/// Why a text is no JSON that keel reads, and where.
package struct JSONError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable {
    case syntax, text, number, duplicateKey, tooDeep, tooLarge
  }
  package let code: Code
  /// The file, or "JSON" where the text came from none.
  package var subject: String
  package let position: JSONPosition
  package let message: String
  package let remedy: String

  package var line: Int { position.line }
  package var column: Int { position.column }

  package var description: String { "\(subject): \(position): \(message); \(remedy)" }
}

/// How much a text may hold before it is refused.
package struct JSONLimits: Sendable {
  package var bytesMax: Int
  package var depthMax: Int
  /// Digits, sign, point and exponent of one number.
  package var numberBytesMax: Int

  package init(bytesMax: Int = 1 << 20, depthMax: Int = 64, numberBytesMax: Int = 256) {
    self.bytesMax = bytesMax
    self.depthMax = depthMax
    self.numberBytesMax = numberBytesMax
  }
}
