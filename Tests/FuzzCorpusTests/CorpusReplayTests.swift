import Foundation
import TestSupport
import Testing

@testable import Fuzzing

/// The inputs that fuzzing found worth keeping, each given to its target once more.
@Suite struct CorpusReplayTests {
  private static let folder = "\(CPluginCompiler.root)/Tests/Fixtures/fuzz"

  private static func inputs(_ target: FuzzTarget) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(target.rawValue)").sorted()
  }

  @Test(arguments: FuzzTarget.allCases) func everyInputIsAnswered(_ target: FuzzTarget) throws {
    let names = try Self.inputs(target)
    #expect(names.count >= 5, "\(target) has a corpus")
    let place = "\(CPluginCompiler.root)/.build/fuzz/replayed"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    for name in names {
      // Should one end the process, its name stands there.
      try "\(name)\n".write(
        toFile: "\(place)/\(target.rawValue)", atomically: false, encoding: .utf8)
      let bytes = try TemporaryDirectory.bytes(of: "\(Self.folder)/\(target.rawValue)/\(name)")
      bytes.withUnsafeBytes { target.run($0) }
    }
  }

  @Test func everyFolderIsATarget() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder)
    #expect(Set(folders) == Set(FuzzTarget.allCases.map(\.rawValue)))
  }

  @Test func theScriptFuzzesEveryTarget() throws {
    let script = try String(contentsOfFile: "\(CPluginCompiler.root)/.ci/fuzz", encoding: .utf8)
    let list = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
    #expect(script.contains("KEEL_FUZZ_TARGETS:-\(list)}"))
  }

  @Test func theWholeCorpusIsSmall() throws {
    var total = 0
    for target in FuzzTarget.allCases {
      for name in try Self.inputs(target) {
        total += try TemporaryDirectory.bytes(of: "\(Self.folder)/\(target.rawValue)/\(name)").count
      }
    }
    #expect(total < 300_000)
  }

  /// An entry that looked at nothing would find nothing.
  @Test func aTargetTrapsWhereItsPromiseIsBroken() async {
    await #expect(processExitsWith: .failure) {
      KernelBench().turn(after: -1)
    }
  }
}
