import Foundation

/// Builds C plugins the way an author would, with `cc` and the headers alone. Keeps what it built
/// by content, so that a second run compiles nothing.
package struct CPluginCompiler {
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  private static let usual = ["-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall", "-Wextra"]

  /// Builds a source file, given relative to the package, and gives the path of the `.so`.
  /// `usesVersionScript` false leaves out the script that hides everything but the entry.
  package static func compile(
    _ path: String, flags: [String] = [], usesVersionScript: Bool = true
  ) throws -> String {
    let file = "\(root)/\(path)"
    let content = try String(contentsOfFile: file, encoding: .utf8)
    return try compile(
      text: content, flags: flags, folder: (file as NSString).deletingLastPathComponent,
      isCPlusPlus: path.hasSuffix(".cpp"), usesVersionScript: usesVersionScript)
  }

  /// Builds a source given as text; `folder` is where its own includes are found.
  package static func compile(
    text: String, flags: [String] = [], folder: String? = nil, isCPlusPlus: Bool = false,
    usesVersionScript: Bool = true
  ) throws -> String {
    var arguments = usual + ["-I", "\(root)/PluginAPI/PluginABI/include"]
    if let folder { arguments += ["-I", folder] }
    if usesVersionScript {
      arguments.append("-Wl,--version-script=\(root)/PluginAPI/plugin.map")
    }
    arguments += isCPlusPlus ? ["-std=c++17"] : ["-std=c11", "-Werror"]
    arguments += flags
    let name = digest([text, headersDigest] + arguments)
    let output = "\(cache)/\(name).so"
    if FileManager.default.fileExists(atPath: output) { return output }
    try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
    let unique = "\(cache)/\(UUID().uuidString)"
    let source = unique + (isCPlusPlus ? ".cpp" : ".c")
    try text.write(toFile: source, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: source) }
    try ToolRun.require(
      [isCPlusPlus ? "c++" : "cc", source, "-o", unique + ".so"] + arguments)
    guard rename(unique + ".so", output) == 0 else {
      throw ToolFailure(text: "cannot rename the plugin built into \(output)")
    }
    return output
  }

  /// Whether a compiler is there; tests that want another than `cc` are skipped without it.
  package static func isInstalled(_ compiler: String) -> Bool {
    (try? ToolRun.require([compiler, "--version"])) != nil
  }

  private static let cache = "\(root)/.build/test-plugins"

  /// Of all headers a plugin may include, so that changing one builds everything again.
  private static let headersDigest: String = {
    let folders = ["PluginAPI/PluginABI/include", "Tests/Fixtures"]
    var texts: [String] = []
    for folder in folders {
      let names = FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.allObjects ?? []
      for name in names.compactMap({ $0 as? String }).sorted() where name.hasSuffix(".h") {
        texts.append(
          (try? String(contentsOfFile: "\(root)/\(folder)/\(name)", encoding: .utf8)) ?? "")
      }
    }
    return digest(texts)
  }()

  /// FNV-1a, which is good enough to tell the sources of a test apart.
  private static func digest(_ texts: [String]) -> String {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for text in texts {
      for byte in text.utf8 + [0] { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    return String(value, radix: 16)
  }
}
