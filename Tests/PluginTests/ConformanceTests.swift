import Foundation
import PluginTesting
import TestSupport
import Testing

/// The suite that authors call from their own tests.
@Suite(.serialized) struct ConformanceTests {
  private static let folder = "\(CPluginCompiler.root)/Tests/Fixtures/CheckedPlugins"

  private func findings(_ spoiled: String) throws -> [String] {
    let library = try CPluginCompiler.compile(
      text: "\(spoiled)\n#include \"subject.h\"\n", flags: ["-std=gnu11", "-D_GNU_SOURCE"],
      folder: Self.folder)
    return Conformance.check(library: library).map(\.test)
  }

  @Test func aPluginWithoutFaultHasNoFindings() throws {
    #expect(try findings("") == [])
    #expect(Conformance.names.count > 40)
  }

  @Test func aBrokenPromiseIsFound() throws {
    #expect(try findings("#define ON_LOADED s->state.average = 0;") == ["state-load"])
  }

  @Test func aCrashIsAFindingAndNothingElse() throws {
    let crash = "#define ON_CREATE if (config.len && config.ptr[0] == '[') abort();"
    #expect(try findings(crash) == ["config-text"])
  }
}
