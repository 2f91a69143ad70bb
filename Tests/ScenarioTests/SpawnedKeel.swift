import Foundation
import JSON
import TestSupport
import Testing

/// The program itself, in a process of its own and a folder of its own. Ends with this object.
final class SpawnedKeel {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// The answer, which under --json is one line.
    var json: JSONValue {
      get throws { try JSONValue.parse(output.trimmingCharacters(in: .newlines)) }
    }
  }

  private let process = Process()
  private let output: String
  private let errors: String

  /// Starts `keel` with these arguments in `folder`.
  init(_ arguments: [String], in folder: TemporaryDirectory) throws {
    let name = UUID().uuidString
    output = folder.file("\(name).out")
    errors = folder.file("\(name).err")
    for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
    process.executableURL = URL(fileURLWithPath: try BuiltProducts.keel)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "SWIFT_BACKTRACE": "enable=no",
      // Never that of whoever runs the tests.
      "KEEL_TRUST": folder.file("trust/trust.json"),
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// Runs to the end.
  static func run(_ arguments: [String], in folder: TemporaryDirectory) throws -> Outcome {
    try SpawnedKeel(arguments, in: folder).wait()
  }

  var processID: Int32 { process.processIdentifier }
  var isRunning: Bool { process.isRunning }

  func send(signal: Int32) { kill(process.processIdentifier, signal) }

  /// Until it ends by itself; a failure when it does not.
  func wait(seconds: Double = 30) throws -> Outcome {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning {
      try #require(
        Date() < deadline,
        "keel \(process.arguments?.joined(separator: " ") ?? "") does not end in \(seconds) s")
      usleep(5_000)
    }
    return Outcome(
      status: process.terminationStatus, output: try Self.text(output),
      errors: try Self.text(errors))
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try TemporaryDirectory.bytes(of: path), as: UTF8.self)
  }
}

/// A paper session in a process, with commands that reach it.
struct PaperKeel {
  let fixture: SessionFixture
  let keel: SpawnedKeel

  /// Starts it, and waits until it answers.
  init(speed: String = "20") throws {
    try self.init(["paper", "--speed", speed], fixture: try SessionFixture())
  }

  /// The same by a command line of one's own.
  init(_ arguments: [String], fixture: SessionFixture) throws {
    self.fixture = fixture
    keel = try SpawnedKeel(arguments + ["--journal", "run.journal"], in: fixture.folder)
    try until("it answers") { try run("status").status == 0 }
  }

  var journal: String { fixture.folder.file("run.journal") }

  func run(_ arguments: String...) throws -> SpawnedKeel.Outcome {
    try SpawnedKeel.run(arguments, in: fixture.folder)
  }

  func status() throws -> JSONValue { try run("status", "--json").json }

  func slot(_ name: String) throws -> JSONValue? {
    try status()["slots"]?.elements?.first { $0["name"]?.string == name }
  }

  func until(_ what: String, seconds: Double = 20, _ condition: () throws -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while try !condition() {
      try #require(Date() < deadline, "after \(seconds) s still not: \(what)")
      try #require(keel.isRunning, "the session ended before: \(what)")
      usleep(20_000)
    }
  }
}
