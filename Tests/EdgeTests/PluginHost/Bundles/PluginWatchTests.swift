import Glibc
import TestSupport
import Testing

@testable import PluginHost

/// What comes and goes in a plugin directory while the host runs.
@Suite final class PluginWatchTests {
  private let folder = TemporaryDirectory()
  private let registry: PluginRegistry
  private var watch: PluginWatch

  init() {
    mkdir(folder.file("drop"), 0o755)
    registry = PluginRegistry(
      storeDirectory: folder.file("store"),
      policy: LoadPolicy(
        elsewhere: .signed,
        directories: [PluginDirectory(path: folder.file("drop"), policy: .signed)],
        trust: BundleBench.trust((BundleBench.acme, "acme"))))
    watch = PluginWatch(directories: [folder.file("drop")])
  }

  /// The changes of one look, as words.
  private func look() -> [String] {
    watch.look(registry).map { change in
      switch change {
      case .went(let path):
        registry.withdraw(path: path)
        return "went \(name(path))"
      case .came(let path):
        let offer = registry.offer(path: path)
        switch offer.state {
        case .available(let manifest, let signers):
          return "came \(name(offer.path)) \(manifest?.version ?? "bare") by \(signers.prefix(4))"
        case .incomplete: return "incomplete \(name(offer.path))"
        case .refused: return "refused \(name(offer.path))"
        }
      }
    }
  }

  private func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private func bundle(_ version: String = "1.0.0", more: String = "") throws -> PluginBundle {
    try BundleBench.bundle(
      BundleBench.manifest(version: version),
      library: try BundleBench.library(version: version, more: more), signers: [BundleBench.acme])
  }

  @Test func aBundleThatAppearsIsOfferedOnceItIsStill() throws {
    #expect(look() == [])
    try folder.write("drop/one.keel", try bundle().packed)
    #expect(look() == [])
    #expect(look() == ["came one.keel 1.0.0 by acme"])
    #expect(look() == [])
    #expect(registry.offers.count == 1 && registry.builds.isEmpty)
  }

  @Test func oneThatGrowsIsLeftAloneUntilItIsWhole() throws {
    #expect(look() == [])
    let bytes = try bundle().packed
    for part in [100, 5_000, bytes.count - 1] {
      try folder.write("drop/one.keel", Array(bytes.prefix(part)))
      #expect(look() == [], "\(part) bytes: just seen")
    }
    // It stopped growing, but is not whole.
    #expect(look() == ["incomplete one.keel"])
    #expect(look() == [])
    try folder.write("drop/one.keel", bytes)
    #expect(look() == [])
    #expect(look() == ["came one.keel 1.0.0 by acme"])
    #expect(registry.offers.count == 1)
  }

  @Test func aFolderIsLeftAloneUntilItIsWhole() throws {
    #expect(look() == [])
    mkdir(folder.file("drop/one.keel"), 0o755)
    for entry in try bundle().entries {
      try folder.write("drop/one.keel/\(entry.name)", entry.bytes)
      #expect(look() == [])
    }
    #expect(look() == ["came one.keel 1.0.0 by acme"])
  }

  @Test func whatIsThereAtTheStartIsNotNews() throws {
    try folder.write("drop/one.keel", try bundle().packed)
    try folder.write("drop/two.keel", Array(try bundle("2.0.0").packed.dropLast(5)))
    let found = registry.scan(directory: folder.file("drop"))
    #expect(found.count == 2 && registry.builds.count == 1)
    #expect(look() == [])
    // What could not be loaded at the start is tried again.
    #expect(look() == ["incomplete two.keel"])
    try folder.write("drop/two.keel", try bundle("2.0.0").packed)
    #expect(look() == [])
    #expect(look() == ["came two.keel 2.0.0 by acme"])
  }

  @Test func whatGoesIsNoLongerOffered() throws {
    #expect(look() == [])
    try folder.write("drop/one.keel", try bundle().packed)
    _ = (look(), look())
    let (build, _) = try registry.find(id: "com.acme.one", version: nil)
    try TemporaryDirectory.remove(folder.file("drop/one.keel"))
    #expect(look() == ["went one.keel"])
    #expect(registry.offers.isEmpty)
    // What was loaded stays, and is found.
    #expect(try registry.find(id: "com.acme.one", version: nil).0 === build)
  }

  @Test func strangersAndBareLibrariesAreRefusedByPolicy() throws {
    #expect(look() == [])
    try folder.write("drop/bare.so", try BundleBench.library())
    try folder.write(
      "drop/strange.keel", try BundleBench.bundle(signers: [BundleBench.stranger]).packed)
    try folder.write("drop/.hidden.keel", [1])
    try folder.write("drop/readme.txt", [1])
    #expect(look() == [])
    #expect(look() == ["refused bare.so", "refused strange.keel"])
    #expect(
      BundleBench.error { () throws(PluginHostError) in
        _ = try registry.find(id: "com.acme.one", version: nil)
      }?.code == .unknownPlugin)
  }

  @Test func theNewestOnOfferIsLoadedWhenItIsAskedFor() throws {
    #expect(look() == [])
    try folder.write("drop/a.keel", try bundle("1.0.0").packed)
    try folder.write("drop/b.keel", try bundle("1.2.0").packed)
    _ = (look(), look())
    #expect(try registry.find(id: "com.acme.one", version: "1.0.0").1.version == "1.0.0")
    #expect(registry.builds.count == 1)
    #expect(try registry.find(id: "com.acme.one", version: nil).1.version == "1.2.0")
    #expect(registry.builds.count == 2)
    // Another build of a version that is loaded came later, and wins.
    let old = try registry.find(id: "com.acme.one", version: "1.2").0
    try folder.write("drop/c.keel", try bundle("1.2.0", more: "later").packed)
    _ = (look(), look())
    let (new, _) = try registry.find(id: "com.acme.one", version: nil)
    #expect(new !== old && new.originalPath.hasSuffix("c.keel"))
    #expect(try registry.find(id: "com.acme.one", version: nil).0 === new)
    #expect(registry.builds.count == 3)
  }

  @Test func aProbeLooksFirstAtWhatWasOnOffer() throws {
    #expect(look() == [])
    try folder.write("drop/a.keel", try bundle().packed)
    _ = (look(), look())
    let error = BundleBench.error { () throws(PluginHostError) in
      _ = try registry.find(
        id: "com.acme.one", version: nil,
        probe: { PluginHostError(.probe, $0, "it crashed", remedy: "mend it") })
    }
    #expect(error?.code == .probe && registry.builds.isEmpty)
  }

  @Test func looksAreASecondApart() throws {
    #expect(watch.look(registry, now: 10).isEmpty)
    try folder.write("drop/one.keel", try bundle().packed)
    var came = 0
    for step in 1...40 { came += watch.look(registry, now: 10 + Int64(step) * 100_000_000).count }
    #expect(came == 1)
    #expect(watch.look(registry, now: 11).isEmpty)
  }
}
