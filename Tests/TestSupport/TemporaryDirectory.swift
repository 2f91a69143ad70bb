package import Foundation

/// A directory of its own for one test, removed with this object.
package final class TemporaryDirectory: Sendable {
  package let path: String

  /// In `parent`, or where the system keeps such.
  package init(in parent: String? = nil) {
    let name = "keel-test-\(UUID().uuidString)"
    path = "\(parent ?? FileManager.default.temporaryDirectory.path)/\(name)"
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      preconditionFailure("a test needs a temporary directory: \(error)")
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Gone when `body` is.
  package static func lend<Result>(_ body: (URL) throws -> Result) rethrows -> Result {
    let directory = TemporaryDirectory()
    return try withExtendedLifetime(directory) {
      try body(URL(fileURLWithPath: directory.path))
    }
  }

  package func file(_ name: String) -> String { "\(path)/\(name)" }

  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Self.write(file(name), bytes)
    return file(name)
  }

  /// In place: a file that is there keeps its identity.
  package static func write(_ path: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  package static func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: path)
  }

  package static func bytes(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
