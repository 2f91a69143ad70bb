import Foundation

/// What a tool said when it refused its work.
struct ToolFailure: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}

/// One run of a tool of the toolchain, found on PATH.
struct ToolRun {
  let status: Int32
  let output: String

  /// Waits for the end; standard output and error come together.
  static func run(_ words: [String], in folder: URL) throws -> ToolRun {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.currentDirectoryURL = folder
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return ToolRun(
      status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
  }

  static func require(_ words: [String], in folder: URL) throws {
    let run = try run(words, in: folder)
    if run.status != 0 { throw ToolFailure(text: "\(words[0]): \(run.output)") }
  }

  /// A folder that is gone when `body` is.
  static func inScratchFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "keel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}
