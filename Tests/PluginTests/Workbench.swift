import Foundation
import Testing

/// Where the repository and the built products lie, and how to run a compiler on them.
enum Workbench {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

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

  struct Outcome {
    let status: Int32
    let text: String
  }

  /// Both output streams together; `input` is what it reads.
  static func run(
    _ program: String, _ arguments: [String], input: String = ""
  ) throws -> Outcome {
    let process = Process()
    let output = Pipe()
    let given = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    process.standardInput = given
    try process.run()
    try given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try given.fileHandleForWriting.close()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, text: String(decoding: data, as: UTF8.self))
  }

  /// Compiles a C program against the plugin headers, runs it, and answers what it printed.
  static func compileAndRun(
    _ source: String, by name: String = "cc", sources: [String] = [], flags: [String] = []
  ) throws -> Outcome {
    let compiler = try #require(find(name), "this test compiles C: install \(name)")
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "keel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let program = directory.appending(path: "program").path
    let arguments =
      ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-I", includes] + flags
      + ["-x", "c", "-"] + sources + ["-o", program, "-lm"]
    let compiled = try run(compiler, arguments, input: source)
    guard compiled.status == 0 else { return compiled }
    return try run(program, [])
  }
}
