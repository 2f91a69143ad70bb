import PluginABI

/// Text out of a plugin's memory: never read beyond a bound, never taken if it is not UTF-8.
struct BoundedText {
  static func read(_ pointer: UnsafePointer<CChar>, max: Int) -> String? {
    for length in 0...max where pointer[length] == 0 {
      let bytes = UnsafeRawBufferPointer(start: pointer, count: length)
      return String(validating: bytes, as: UTF8.self)
    }
    return nil
  }

  /// The text of a fixed array of a record, for people: cut at the array's end, repaired.
  static func shown<Field>(_ field: Field) -> String {
    withUnsafeBytes(of: field) { bytes in
      masked(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
    }
  }

  /// Without what would move a terminal's cursor, colour it, or begin a line of its own.
  static func masked(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { shown.append(isControl(scalar) ? "\u{B7}" : scalar) }
    return String(shown)
  }

  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value)
      || [0x2028, 0x2029, 0x202e].contains(scalar.value)
  }

  /// What a plugin wrote into a keel_error, with the status it returned.
  static func reason(_ error: keel_error, status: keel_status) -> String {
    let text = shown(error.text)
    return text.isEmpty ? name(of: status) : "\(text) (\(name(of: status)))"
  }

  static func name(of status: keel_status) -> String {
    switch Int(status) {
    case Int(KEEL_OK): "KEEL_OK"
    case Int(KEEL_S_END): "KEEL_S_END"
    case Int(KEEL_E_ARG): "KEEL_E_ARG"
    case Int(KEEL_E_UNSUPPORTED): "KEEL_E_UNSUPPORTED"
    case Int(KEEL_E_STATE): "KEEL_E_STATE"
    case Int(KEEL_E_VERSION): "KEEL_E_VERSION"
    case Int(KEEL_E_STALE): "KEEL_E_STALE"
    case Int(KEEL_E_FULL): "KEEL_E_FULL"
    case Int(KEEL_E_IO): "KEEL_E_IO"
    case Int(KEEL_E_FAULT): "KEEL_E_FAULT"
    default: "status \(status)"
    }
  }
}
