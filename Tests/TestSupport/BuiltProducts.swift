import Foundation

/// What the package builds beside the test bundle: plugins and the program itself.
package enum BuiltProducts {
  /// The directory of the running test bundle.
  package static let directory: String = {
    let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
    for line in maps.split(separator: "\n") where line.hasSuffix(".xctest") {
      if let start = line.firstIndex(of: "/") {
        return URL(fileURLWithPath: String(line[start...])).deletingLastPathComponent().path
      }
    }
    return CPluginCompiler.root + "/.build/debug"
  }()

  package static var keel: String {
    get throws { try existing("keel") }
  }

  package static func library(_ name: String) throws -> String { try existing("lib\(name).so") }

  private static func existing(_ name: String) throws -> String {
    let path = "\(directory)/\(name)"
    guard FileManager.default.fileExists(atPath: path) else {
      throw ToolFailure(text: "\(path) is missing: swift build builds it")
    }
    return path
  }
}
