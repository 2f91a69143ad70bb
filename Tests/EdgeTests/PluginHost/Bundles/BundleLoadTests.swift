import Glibc
import PluginABI
import TestSupport
import Testing

@testable import PluginHost

/// Bundles on their way into the host.
@Suite struct BundleLoadTests {
  private let folder = TemporaryDirectory()

  private func registry(
    _ policy: CodePolicy = .signed, elsewhere: CodePolicy = .signed,
    _ change: (inout LoadPolicy) -> Void = { _ in }
  ) -> PluginRegistry {
    mkdir(folder.file("drop"), 0o755)
    var load = LoadPolicy(
      elsewhere: elsewhere,
      directories: [PluginDirectory(path: folder.file("drop"), policy: policy)],
      trust: BundleBench.trust((BundleBench.acme, "acme")))
    load.clock = { BundleBench.now }
    change(&load)
    return PluginRegistry(storeDirectory: folder.file("store"), policy: load)
  }

  private func place(_ bundle: PluginBundle, _ name: String, asFolder: Bool = false) throws
    -> String
  {
    let path = folder.file("drop/\(name)")
    try bundle.write(to: path, asFolder: asFolder)
    return path
  }

  private func refusal(_ registry: PluginRegistry, _ path: String) -> PluginHostError? {
    BundleBench.error { () throws(PluginHostError) in _ = try registry.load(path: path) }
  }

  @Test(arguments: [false, true]) func aSignedBundleIsLoaded(_ asFolder: Bool) throws {
    let registry = registry()
    let bundle = try BundleBench.bundle(signers: [BundleBench.acme])
    let path = try place(bundle, "one.keel", asFolder: asFolder)
    let build = try registry.load(path: asFolder ? path + "/" : path)
    #expect(build.descriptors.map(\.id) == ["com.acme.one"])
    let origin = try #require(registry.origin(of: build))
    #expect(origin.verdict.isTrusted && origin.manifest == bundle.manifest)
    #expect(build.storedPath.hasSuffix("/\(build.hashText).so"))
    // The same again is the same build.
    #expect(try registry.load(path: path) === build && registry.builds.count == 1)
  }

  @Test func aDirectorysPolicyDecides() throws {
    let bare = try BundleBench.library()
    let unsigned = try BundleBench.bundle()
    func verdicts(_ registry: PluginRegistry, _ place: String) throws -> [PluginHostError.Code?] {
      try folder.write("\(place)/bare.so", bare)
      try TemporaryDirectory.write(folder.file("\(place)/unsigned.keel"), unsigned.packed)
      return [
        refusal(registry, folder.file("\(place)/unsigned.keel"))?.code,
        refusal(registry, folder.file("\(place)/bare.so"))?.code,
      ]
    }
    mkdir(folder.file("other"), 0o755)
    #expect(
      try verdicts(registry(.signed, elsewhere: .trusted), "drop") == [
        .untrusted, .refusedByPolicy,
      ])
    #expect(try verdicts(registry(.trusted, elsewhere: .signed), "drop") == [nil, nil])
    #expect(
      try verdicts(registry(.trusted, elsewhere: .signed), "other") == [
        .untrusted, .refusedByPolicy,
      ]
    )
    #expect(try verdicts(registry(.signed, elsewhere: .trusted), "other") == [nil, nil])
    // What is loaded is loaded: the same bytes from elsewhere are no new code.
    let registry = registry(.trusted, elsewhere: .signed)
    _ = try registry.load(path: folder.file("drop/bare.so"))
    #expect(refusal(registry, folder.file("other/bare.so")) == nil)
  }

  @Test func aPolicyFollowsThePathAsTheSystemDoes() throws {
    let policy = registry(.trusted, elsewhere: .signed) {
      $0.directories.append(PluginDirectory(path: self.folder.file("drop/inner"), policy: .signed))
    }.policy
    mkdir(folder.file("drop/inner"), 0o755)
    mkdir(folder.file("drop2"), 0o755)
    #expect(symlink(folder.file("drop"), folder.file("linked")) == 0)
    #expect(policy.policy(for: folder.file("drop/x.so")) == .trusted)
    #expect(policy.policy(for: folder.file("linked/x.so")) == .trusted)
    #expect(policy.policy(for: folder.file("drop/../drop2/x.so")) == .signed)
    #expect(policy.policy(for: folder.file("drop2/x.so")) == .signed)
    #expect(policy.policy(for: folder.file("drop/inner/x.so")) == .signed)
    #expect(policy.policy(for: folder.file("nowhere/x.so")) == .signed)
    #expect(policy.policy(for: "x.so") == .signed)
  }

  /// Each of them would end the process as soon as one instruction of it ran.
  @Test func nothingOfARefusedBundleRuns() throws {
    let bomb = try CPluginCompiler.compile(
      text: "__attribute__((constructor)) static void bang(void) { __builtin_trap(); }\n"
        + "#include \"base.h\"",
      folder: CPluginCompiler.root + "/Tests/Fixtures/BadPlugins")
    let library = try TemporaryDirectory.bytes(of: bomb)
    let registry = registry()
    for (name, signers) in [("none", []), ("stranger", [BundleBench.stranger])] {
      let bundle = try BundleBench.bundle(library: library, signers: signers)
      let path = try place(bundle, "\(name).keel")
      #expect(refusal(registry, path)?.code == .untrusted)
      #expect(registry.offer(path: path).hash == nil)
    }
    // Signed, but not what was signed.
    var bundle = try BundleBench.bundle(signers: [BundleBench.acme])
    var entries = bundle.entries
    let last = entries.count - 1
    entries[last] = BundleArchive.Entry(name: "plugin.so", bytes: library)
    bundle = try PluginBundle(path: "x.keel", entries: entries)
    #expect(refusal(registry, try place(bundle, "changed.keel"))?.code == .bundle)
    #expect(registry.scan(directory: folder.file("drop")).count == 3)
    #expect(registry.builds.isEmpty)
  }

  @Test func theLibraryIsLintedToo() throws {
    let bad = try TemporaryDirectory.bytes(
      of: CPluginCompiler.compile("Tests/Fixtures/BadPlugins/static_tls.c"))
    let bundle = try BundleBench.bundle(library: bad, signers: [BundleBench.acme])
    #expect(refusal(registry(), try place(bundle, "bad.keel"))?.code == .lint)
  }

  struct Lie: Sendable, CustomStringConvertible {
    let description: String
    let change: @Sendable (inout BundleManifest.Plugin) -> Void
  }

  @Test(arguments: [
    Lie(description: "its manifest says version 1.0.1") { $0.version = "1.0.1" },
    Lie(description: "its manifest says kind alpha") { $0.kinds = [.alpha] },
    Lie(description: "its manifest says kind alpha and strategy") {
      $0.kinds = [.strategy, .alpha]
    },
    Lie(description: "its manifest says state schema \"other\"") { $0.stateSchema = "other" },
    Lie(description: "its manifest says state version 4") { $0.stateVersion = 4 },
    Lie(description: "its manifest says oldest state 1") { $0.stateOldest = 1 },
    Lie(description: "its manifest names com.acme.other") { $0.id = "com.acme.other" },
  ]) func aManifestThatLiesIsRefused(_ lie: Lie) throws {
    let manifest = BundleBench.manifest { lie.change(&$0.plugins[0]) }
    let bundle = try BundleBench.bundle(manifest, signers: [BundleBench.acme])
    let registry = registry()
    let path = try place(bundle, "lie.keel")
    let error = refusal(registry, path)
    #expect(error?.code == .disagreement)
    #expect(error?.message.contains(lie.description) == true, "\(error?.message ?? "accepted")")
    #expect(registry.builds.isEmpty)
    // Also of code that a better bundle brought in.
    _ = try registry.load(
      path: try place(try BundleBench.bundle(signers: [BundleBench.acme]), "good.keel"))
    #expect(refusal(registry, path)?.code == .disagreement)
  }

  @Test func aLibraryHoldsNoMoreThanItsManifestSays() throws {
    let more = try TemporaryDirectory.bytes(
      of: CPluginCompiler.compile(
        text: """
          #define DESCRIPTORS \\
            {.struct_size = sizeof(keel_descriptor), .id = "com.acme.one", .name = "One", \\
             .vendor = "", .version = "1.0.0", .kinds = kinds, .state_schema = ""}, \\
            {.struct_size = sizeof(keel_descriptor), .id = "com.acme.two", .name = "Two", \\
             .vendor = "", .version = "1.0.0", .kinds = kinds, .state_schema = ""}
          #include "base.h"
          """, folder: CPluginCompiler.root + "/Tests/Fixtures/BadPlugins"))
    let manifest = BundleBench.manifest {
      ($0.plugins[0].stateSchema, $0.plugins[0].stateVersion) = ("", 0)
      $0.plugins[0].stateOldest = 0
    }
    let bundle = try BundleBench.bundle(manifest, library: more, signers: [BundleBench.acme])
    let error = refusal(registry(), try place(bundle, "more.keel"))
    #expect(error?.message == "it holds com.acme.two, which its manifest does not name")
  }

  @Test func aProbeIsGivenTheWholeBundle() throws {
    let registry = registry()
    let path = try place(try BundleBench.bundle(signers: [BundleBench.acme]), "one.keel")
    var probed: String?
    let error = BundleBench.error { () throws(PluginHostError) in
      _ = try registry.load(
        path: path,
        probe: { copy in
          probed = copy
          return PluginHostError(.probe, copy, "it crashed", remedy: "mend it")
        })
    }
    #expect(error?.code == .probe && error?.subject == path && registry.builds.isEmpty)
    let copy = try PluginBundle.read(path: try #require(probed))
    #expect(copy.manifest.id == "com.acme.one" && copy.signatures.count == 1)
  }

  @Test func aStoreThatOthersMayWriteIsNotUsed() throws {
    let registry = registry()
    mkdir(folder.file("store"), 0o700)
    #expect(chmod(folder.file("store"), 0o777) == 0)
    let path = try place(try BundleBench.bundle(signers: [BundleBench.acme]), "one.keel")
    #expect(refusal(registry, path)?.message.contains("others may write it") == true)
  }

  @Test func installingAndRemovingLeaveLoadedCodeAlone() throws {
    let registry = registry()
    let installer = BundleInstaller(policy: registry.policy)
    let drop = folder.file("drop")
    let source = folder.file("one.keel")
    try BundleBench.bundle(signers: [BundleBench.acme]).write(to: source, asFolder: true)
    let judged = try installer.judge(path: source, for: drop)
    let placed = try installer.place(judged.bundle, in: drop, replaces: false)
    #expect(placed.isNew && placed.path == drop + "/com.acme.one-1.0.0.keel")
    #expect(try installer.place(judged.bundle, in: drop, replaces: false).isNew == false)
    let build = try registry.load(path: placed.path)
    // Another build of the same version.
    let other = try BundleBench.bundle(
      library: try BundleBench.library(more: "another build"), signers: [BundleBench.acme])
    #expect(
      BundleBench.error { () throws(PluginHostError) in
        _ = try installer.place(other, in: drop, replaces: false)
      }?.message.contains("another bundle of this id and version") == true)
    #expect(try installer.place(other, in: drop, replaces: true).isNew)
    #expect(
      try BundleInstaller.remove(id: "com.acme.one", version: "1.0.0", from: [drop]).count == 1)
    #expect(access(placed.path, F_OK) != 0)
    let error = BundleBench.error { () throws(PluginHostError) in
      _ = try BundleInstaller.remove(id: "com.acme.one", version: nil, from: [drop])
    }
    #expect(error?.code == .unknownPlugin)
    // It runs on.
    let instance = try PluginInstance(
      build: build, descriptor: build.descriptors[0], name: "slot", instruments: InstrumentTable([])
    )
    try instance.set([("size", .integer(1))])
    try instance.activate()
    instance.destroy()
  }

  @Test func installingNeedsWhatTheDirectoryAsksFor() throws {
    let installer = BundleInstaller(policy: registry(.signed, elsewhere: .trusted).policy)
    let source = folder.file("one.keel")
    try BundleBench.bundle().write(to: source, asFolder: false)
    mkdir(folder.file("other"), 0o755)
    func code(_ directory: String) -> PluginHostError.Code? {
      BundleBench.error { () throws(PluginHostError) in
        _ = try installer.judge(path: source, for: folder.file(directory))
      }?.code
    }
    #expect(code("drop") == .untrusted)
    #expect(code("other") == nil)
  }

  @Test func aFolderBundleIsRemovedWhole() throws {
    _ = registry()
    let path = try place(try BundleBench.bundle(), "one.keel", asFolder: true)
    _ = try BundleInstaller.remove(id: "com.acme.one", version: nil, from: [folder.file("drop")])
    #expect(access(path, F_OK) != 0)
    #expect(try ToolRun.require(["ls", "-A", folder.file("drop")]).isEmpty)
  }
}
