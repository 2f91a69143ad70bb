/// The flags that Package.swift gives to plugins, so that whatever builds one beside SwiftPM can be
/// held against them.
extension PackageManifest {
  /// swiftc's words for the settings named `embedded`.
  static func embeddedFlags(_ text: String) -> [String] {
    let settings = block(from: "let embedded", to: "\n]", in: text)
    let flags = quoted(block(from: ".unsafeFlags([", to: "])", in: settings))
    return ["-enable-experimental-feature Embedded"] + flags
  }

  /// What `plugin` gives to the linker, but for paths.
  static func pluginLinkerFlags(_ text: String) -> [String] {
    let function = block(from: "func plugin(", to: "\n}", in: text)
    return quoted(block(from: ".unsafeFlags([", to: "])", in: function)).filter {
      !$0.contains("packageDirectory")
    }
  }

  /// What a C target gets whose symbols stay inside the plugin.
  static func hiddenFlags(_ text: String) -> [String] {
    ["-fvisibility=hidden", "-mtls-dialect=gnu2"].filter { text.contains("\"\($0)\"") }
  }

  private static func block(from start: String, to end: String, in text: String) -> String {
    guard let begin = text.firstRange(of: start) else { return "" }
    let rest = text[begin.upperBound...]
    return String(rest[..<(rest.firstRange(of: end)?.lowerBound ?? rest.endIndex)])
  }
}
