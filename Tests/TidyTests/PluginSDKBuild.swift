import Foundation
import TestSupport

/// The SDK built once from its sources, as an outside author builds it, for all snippets of a
/// run. Kept in .build, and built again when a source, a flag or the compiler changes.
struct PluginSDKBuild {
  let root: URL
  let folder: URL
  let manifest: String

  /// Where it lies, or what the compiler said.
  static let shared: Swift.Result<PluginSDKBuild, ToolFailure> = {
    let build = PluginSDKBuild(
      root: SourceTree.top, folder: SourceTree.top.appending(path: ".build/snippets"),
      manifest: SourceTree.current.file("Package.swift")?.text ?? "")
    do {
      try build.make()
      return .success(build)
    } catch {
      return .failure(error as? ToolFailure ?? ToolFailure(text: "\(error)"))
    }
  }()

  var compilerFlags: [String] {
    PackageManifest.embeddedFlags(manifest) + ["-swift-version", "6", "-I", folder.path]
      + includes.flatMap { ["-I", $0, "-Xcc", "-I\($0)"] }
      + ["-Xcc", "-fmodule-map-file=\(folder.path)/PluginRuntime.modulemap"]
  }

  /// What a plugin is linked with.
  var objects: [String] {
    ["PluginSDK.o"].map { folder.appending(path: $0).path }
      + runtimeSources.indices.map { folder.appending(path: "runtime\($0).o").path }
  }

  private var includes: [String] {
    ["PluginABI", "PluginRuntime"].map { root.appending(path: "PluginAPI/\($0)/include").path }
  }

  /// The links inside PluginSDK are not followed; what they lead to is named beside it.
  private var swiftSources: [String] {
    ["PluginSDK", "Market", "PluginBridge"].flatMap { sources(in: "PluginAPI/\($0)", ".swift") }
  }

  private var runtimeSources: [String] { sources(in: "PluginAPI/PluginRuntime", ".c") }

  private func make() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let stamp = folder.appending(path: "stamp")
    let state = try currentState()
    if (try? String(contentsOf: stamp, encoding: .utf8)) == state { return }
    try? FileManager.default.removeItem(at: stamp)
    let header = root.appending(path: "PluginAPI/PluginRuntime/include/PluginRuntime.h").path
    try "module PluginRuntime {\n  header \"\(header)\"\n  export *\n}\n".write(
      to: folder.appending(path: "PluginRuntime.modulemap"), atomically: true, encoding: .utf8)
    try ToolRun.require(
      ["swiftc", "-c", "-emit-module", "-emit-module-path", "PluginSDK.swiftmodule"]
        + ["-module-name", "PluginSDK", "-o", "PluginSDK.o"] + compilerFlags + swiftSources,
      in: folder)
    let hidden = PackageManifest.hiddenFlags(manifest)
    for (index, source) in runtimeSources.enumerated() {
      try ToolRun.require(
        ["clang", "-O2", "-fPIC", "-c", source, "-o", "runtime\(index).o"] + hidden
          + includes.flatMap { ["-I", $0] }, in: folder)
    }
    try state.write(to: stamp, atomically: true, encoding: .utf8)
  }

  /// Everything the result depends on, as text.
  private func currentState() throws -> String {
    let headers = ["PluginABI", "PluginRuntime"].flatMap { sources(in: "PluginAPI/\($0)", ".h") }
    let files = try (swiftSources + runtimeSources + headers).map { path in
      let values = try FileManager.default.attributesOfItem(atPath: path)
      let changed = (values[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
      return "\(path) \(values[.size] ?? 0) \(changed)"
    }
    let compiler = try ToolRun.run(["swiftc", "--version"], in: folder).output
    return (files + [compiler] + compilerFlags + PackageManifest.hiddenFlags(manifest))
      .joined(separator: "\n")
  }

  private func sources(in path: String, _ ending: String) -> [String] {
    let parent = root.appending(path: path)
    let names = FileManager.default.enumerator(atPath: parent.path)?.compactMap { $0 as? String }
    return (names ?? []).filter { $0.hasSuffix(ending) }.sorted().map {
      parent.appending(path: $0).path
    }
  }
}
