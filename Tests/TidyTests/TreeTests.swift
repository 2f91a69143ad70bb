import Testing

/// The house style, held against every file of the tree.
@Suite struct TreeTests {
  private let tree = SourceTree.current

  private func expectNone(_ defects: [Defect]) {
    #expect(defects.isEmpty, "\(defects.map(\.description).joined(separator: "\n"))")
  }

  @Test func theTreeIsRead() {
    #expect(tree.files.contains { $0.path == "Package.swift" })
    #expect(tree.files.filter(\.isSwift).count > 30)
  }

  @Test func lengths() { expectNone(tree.files.flatMap(LengthRules.check)) }

  @Test func names() {
    expectNone(tree.files.flatMap(NameRules.check))
    expectNone(tree.paths.flatMap(NameRules.path))
  }

  @Test func imports() { expectNone(tree.files.flatMap(ImportRules.check)) }

  @Test func stages() { expectNone(StageRules.check(tree.files)) }

  @Test func noBinaryFloatIsInTheLedger() {
    expectNone(LedgerRules.check(tree.files))
    #expect(tree.files.filter(LedgerRules.isOfTheLedger).count > 30)
  }

  @Test func snapshots() {
    expectNone(SnapshotRules.check(tree.files))
    let coded = tree.files.filter { $0.isUnder("Host/Kernel/Snapshot") }
      .flatMap(SnapshotRules.codes)
    #expect(coded.count > 20)
    let properties = tree.files.filter { $0.isUnder("Host/Kernel") || $0.isUnder("PluginAPI") }
      .flatMap(SnapshotRules.storedProperties)
    let known = Set(properties.map { "\($0.type).\($0.name)" })
    #expect(Set(SnapshotRules.leftOut.keys).subtracting(known) == [])
  }

  @Test func words() { expectNone(tree.files.flatMap(WordRules.check)) }

  @Test func drafts() {
    let headers = tree.files.filter { $0.isUnder("PluginAPI/PluginABI/include/keel") }
    let constants = headers.flatMap(DraftRules.constants)
    #expect(constants.count > 150)
    #expect(DraftRules.mirrored.subtracting(constants.map(\.name)).isEmpty)
    let code = tree.files.filter {
      $0.isUnder("Host") || ($0.isUnder("PluginAPI") && $0.isSwift)
    }
    expectNone(DraftRules.check(headers, code: code))
  }

  @Test func topLevel() { expectNone(TreeRules.topLevel(tree.paths)) }

  @Test func noEmptyFolders() { #expect(tree.emptyFolders.isEmpty) }

  @Test func targets() throws {
    let manifest = try #require(tree.file("Package.swift"))
    let targets = PackageManifest.targets(manifest.text)
    #expect(targets.count > 25)
    expectNone(TreeRules.targets(targets, files: tree.paths))
    expectNone(DependencyRules.check(tree.files, targets))
  }
}
