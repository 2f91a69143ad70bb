import Foundation
import TestSupport

/// Builds a Swift plugin from one source text the way an outside author does: Embedded Swift
/// against the SDK, one shared object, its entry alone exported.
struct PluginSnippetBuild {
  let sdk: PluginSDKBuild
  let scratch: URL

  func make(_ source: String) throws {
    let file = scratch.appending(path: "Snippet.swift")
    try source.write(to: file, atomically: true, encoding: .utf8)
    let library = scratch.appending(path: "Snippet.so")
    let linker = PackageManifest.pluginLinkerFlags(sdk.manifest, root: sdk.root.path)
    try ToolRun.require(
      ["swiftc", "-emit-library", "-module-name", "Snippet", "-o", library.path, file.path]
        + sdk.compilerFlags + sdk.objects + linker, in: scratch)
    // Without its one exported function it would build, and never load.
    let bytes = try Data(contentsOf: library)
    if bytes.range(of: Data("keel_entry_v0".utf8)) == nil {
      throw ToolFailure(text: "it builds, but exports no entry")
    }
  }
}
