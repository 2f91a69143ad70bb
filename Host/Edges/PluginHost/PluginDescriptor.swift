import PluginABI
import Wording

package enum PluginKind: String, Sendable, CaseIterable {
  case strategy, alpha, data, exchange

  package var abiName: String {
    switch self {
    case .strategy: KEEL_STRATEGY
    case .alpha: KEEL_ALPHA
    case .data: KEEL_DATA
    case .exchange: KEEL_EXCHANGE
    }
  }
}

/// What a plugin says of itself, copied out of the library and checked.
package struct PluginDescriptor: Sendable {
  package let id: String
  package let name: String
  package let vendor: String
  package let version: String
  package let kinds: [PluginKind]
  package let stateSchema: String
  package let stateVersion: UInt32
  package let stateOldest: UInt32
  package let isDeterministic: Bool
  package let hasOwnThreads: Bool

  package static let idBytesMax = 63
  private static let textBytesMax = 255
  private static let kindsMax = 8

  static func isID(_ text: String) -> Bool {
    let isLegal = text.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return isLegal && text.utf8.count <= idBytesMax && parts.count >= 2
      && !parts.contains(where: \.isEmpty)
  }

  /// Reads and checks one descriptor, adding all that is wrong with it to `defects`. Nil when
  /// anything was.
  init?(
    _ pointer: UnsafePointer<keel_descriptor>, index: Int,
    defects: inout [PluginHostError.Defect]
  ) {
    let before = defects.count
    let size = Int(pointer.pointee.struct_size)
    guard size >= MemoryLayout<keel_descriptor>.size else {
      defects.append(
        .init(
          "descriptor \(index) is \(size) bytes long, not \(MemoryLayout<keel_descriptor>.size)",
          "set struct_size = sizeof(keel_descriptor)"))
      return nil
    }
    let raw = pointer.pointee
    var reader = FieldReader(index: index)
    id = reader.text(raw.id, "id")
    name = reader.text(raw.name, "name")
    vendor = reader.text(raw.vendor, "vendor")
    version = reader.text(raw.version, "version")
    stateSchema = reader.text(raw.state_schema, "state_schema")
    kinds = reader.kinds(raw.kinds, max: Self.kindsMax)
    stateVersion = raw.state_version
    stateOldest = raw.state_oldest
    isDeterministic = Int(raw.flags) & Int(KEEL_PF_DETERMINISTIC) != 0
    hasOwnThreads = Int(raw.flags) & Int(KEEL_PF_OWN_THREADS) != 0
    reader.check(id: id, isSet: raw.id != nil)
    reader.check(version: version, isSet: raw.version != nil)
    if stateOldest > stateVersion {
      reader.add(
        "state_oldest \(stateOldest) is newer than state_version \(stateVersion)",
        "state_oldest is the oldest version load() reads")
    }
    defects += reader.defects
    if defects.count > before { return nil }
  }

  /// Reads fields and remembers what was wrong with them.
  private struct FieldReader {
    let index: Int
    var defects: [PluginHostError.Defect] = []

    mutating func add(_ message: String, _ remedy: String) {
      defects.append(.init("descriptor \(index): \(message)", remedy))
    }

    mutating func text(_ pointer: UnsafePointer<CChar>?, _ field: String) -> String {
      guard let pointer else {
        add("\(field) is NULL", "use \"\" for a text that is empty")
        return ""
      }
      guard let text = BoundedText.read(pointer, max: PluginDescriptor.textBytesMax) else {
        add(
          "\(field) is not NUL-ended UTF-8 of at most \(PluginDescriptor.textBytesMax) bytes",
          "shorten or re-encode it")
        return ""
      }
      if text.unicodeScalars.contains(where: BoundedText.isControl) {
        add("\(field) holds control characters", "write it as one line of plain text")
      }
      return text
    }

    mutating func kinds(
      _ list: UnsafePointer<UnsafePointer<CChar>?>?, max: Int
    ) -> [PluginKind] {
      guard let list else {
        add("kinds is NULL", "name at least one, such as \"\(KEEL_STRATEGY)\", then NULL")
        return []
      }
      var kinds: [PluginKind] = []
      for position in 0... {
        guard let pointer = list[position] else { break }
        guard position < max else {
          add("kinds has no NULL among its first \(max) entries", "end the list with NULL")
          break
        }
        let text = BoundedText.read(pointer, max: PluginDescriptor.textBytesMax) ?? "(not UTF-8)"
        if let kind = PluginKind.allCases.first(where: { $0.abiName == text }) {
          if !kinds.contains(kind) { kinds.append(kind) }
        } else {
          let advice = Suggestion.remedy(for: text, among: PluginKind.allCases.map(\.abiName))
          add("kind \"\(text)\" is unknown", advice)
        }
      }
      if kinds.isEmpty && defects.isEmpty {
        add("kinds is empty", "name at least one, such as \"\(KEEL_STRATEGY)\"")
      }
      return kinds
    }

    mutating func check(id: String, isSet: Bool) {
      guard isSet else { return }
      if !PluginDescriptor.isID(id) {
        add(
          "id \"\(id)\" is no reverse URI",
          "use a-z, 0-9, '-' and dots, at most \(PluginDescriptor.idBytesMax) bytes: "
            + "\"com.acme.meanrev\"")
      }
    }

    mutating func check(version: String, isSet: Bool) {
      guard isSet, PluginVersion(version) == nil else { return }
      add("version \"\(version)\" is not digits and dots", "write it as \"1.4.2\"")
    }
  }
}
