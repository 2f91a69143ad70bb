/// "1.4.10": digits and dots, compared number by number, missing parts as zero.
package struct PluginVersion: Comparable, Sendable {
  package let parts: [UInt32]

  /// Nil for anything but one to eight numbers with single dots between them.
  package init?(_ text: String) {
    var parts: [UInt32] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      guard part.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt32(part) else {
        return nil
      }
      parts.append(number)
    }
    guard (1...8).contains(parts.count) else { return nil }
    while parts.count > 1, parts.last == 0 { parts.removeLast() }
    self.parts = parts
  }

  package static func < (a: PluginVersion, b: PluginVersion) -> Bool {
    a.parts.lexicographicallyPrecedes(b.parts)
  }
}
