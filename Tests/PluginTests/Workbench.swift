import Foundation
import TestSupport
import Testing

/// Where the repository and the built products lie, and how to run a C compiler on them.
enum Workbench {
  static let root = CPluginCompiler.root

  static let includes = root + "/PluginAPI/PluginABI/include"

  /// The directory of the running test bundle: plugins are built beside it.
  static let products: String = {
    let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    for line in maps.split(separator: "\n") where line.hasSuffix(".xctest") {
      if let start = line.firstIndex(of: "/") {
        return URL(filePath: String(line[start...])).deletingLastPathComponent().path
      }
    }
    return root + "/.build/debug"
  }()

  static func library(_ name: String) throws -> String {
    let path = products + "/lib\(name).so"
    try #require(
      FileManager.default.fileExists(atPath: path),
      "\(path) is not built; `swift build` builds it")
    return path
  }

  /// Nil when the machine has no such program.
  static func find(_ program: String) -> String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    for directory in path.split(separator: ":") {
      let candidate = "\(directory)/\(program)"
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
    }
    return nil
  }

  /// Compiles a C program against the plugin headers, runs it, and answers what it printed.
  static func compileAndRun(
    _ source: String, by name: String = "cc", sources: [String] = [], flags: [String] = []
  ) throws -> ToolRun {
    let compiler = try #require(find(name), "this test compiles C: install \(name)")
    return try TemporaryDirectory.lend { folder in
      let program = folder.appending(path: "program").path
      let arguments =
        ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-I", includes] + flags
        + ["-x", "c", "-"] + sources + ["-o", program, "-lm"]
      let compiled = try ToolRun.run([compiler] + arguments, input: source)
      return compiled.status == 0 ? try ToolRun.run([program]) : compiled
    }
  }
}
