package import Foundation

/// What a tool said when it refused its work.
package struct ToolFailure: Error, CustomStringConvertible {
  package let text: String
  package var description: String { text }

  package init(text: String) { self.text = text }
}

/// One run of a program, by its path or found on PATH.
package struct ToolRun {
  package let status: Int32
  package let output: String

  /// Waits for the end; standard output and error come together.
  package static func run(
    _ words: [String], in folder: URL? = nil, input: String? = nil
  ) throws -> ToolRun {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    if let folder { process.currentDirectoryURL = folder }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    let given = Pipe()
    if input == nil {
      process.standardInput = FileHandle.nullDevice
    } else {
      process.standardInput = given
    }
    try process.run()
    if let input {
      try given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try given.fileHandleForWriting.close()
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return ToolRun(
      status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
  }

  /// What it says; throws when it fails.
  @discardableResult
  package static func require(_ words: [String], in folder: URL? = nil) throws -> String {
    let run = try run(words, in: folder)
    guard run.status == 0 else {
      throw ToolFailure(text: "\(words.joined(separator: " ")):\n\(run.output)")
    }
    return run.output
  }
}
