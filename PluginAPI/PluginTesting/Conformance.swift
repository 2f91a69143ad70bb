internal import PluginConformance

/// Every promise of the headers, tried on a library as built, for an author's own tests:
/// `#expect(Conformance.check(library: path) == [])`.
public enum Conformance {
  public struct Finding: Equatable, Sendable, CustomStringConvertible {
    public let test: String
    public let evidence: String
    public let remedy: String
    public var description: String { "\(test): \(evidence); \(remedy)" }
  }

  /// The names of all tests.
  public static var names: [String] {
    (0..<conformance_count()).map { String(cString: conformance_at($0)!.pointee.name) }
  }

  /// What failed. `settings` are parameters as "name=value", beside their defaults. Each test runs
  /// in a child of this process, so that a crash is a finding.
  public static func check(
    library path: String, settings: [String] = [], seed: UInt64 = 1
  ) -> [Finding] {
    (0..<conformance_count()).compactMap { index in
      let result = run(index, path, settings, seed)
      guard result.verdict == CONFORMANCE_FAILED else { return nil }
      return Finding(
        test: String(cString: conformance_at(index)!.pointee.name), evidence: text(result.evidence),
        remedy: text(result.remedy))
    }
  }

  private static func run(
    _ index: UInt32, _ path: String, _ settings: [String], _ seed: UInt64
  ) -> conformance_result {
    let texts = settings.map { Array($0.utf8CString) }
    var pointers: [UnsafePointer<CChar>?] = []
    let copies = texts.map { text in
      let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count)
      _ = copy.initialize(from: text)
      pointers.append(UnsafePointer(copy.baseAddress!))
      return copy
    }
    defer { for copy in copies { copy.deallocate() } }
    return path.withCString { path in
      pointers.withUnsafeBufferPointer { pointers in
        var options = conformance_options()
        options.path = path
        options.settings = pointers.baseAddress
        options.settings_count = UInt32(settings.count)
        options.progress = -1
        options.seed = seed
        return conformance_run_in_child(conformance_at(index), &options)
      }
    }
  }

  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
