import Glibc
import PluginHost
import TestSupport
import Testing

@Suite struct PluginRegistryTests {
  let bench = PluginBench()

  private func version(_ version: String, id: String = "test.complete") throws -> String {
    try CPluginCompiler.compile(
      "Tests/Fixtures/GoodPlugins/complete.c",
      flags: ["-DPLUGIN_VERSION=\"\(version)\"", "-DPLUGIN_ID=\"\(id)\""])
  }

  @Test func newestVersionByNumber() throws {
    for text in ["1.9.0", "1.10.0", "1.2"] { _ = try bench.load(version(text)) }
    #expect(try bench.registry.find(id: "test.complete", version: nil).1.version == "1.10.0")
    #expect(try bench.registry.find(id: "test.complete", version: "1.2.0").1.version == "1.2")
    let error = #expect(throws: PluginHostError.self) {
      try bench.registry.find(id: "test.complete", version: "2")
    }
    #expect(error?.remedy == "loaded: 1.9.0, 1.10.0, 1.2")
  }

  @Test func unknownIdSuggestsTheNearest() throws {
    _ = try bench.load(version("1.0.0"))
    let error = #expect(throws: PluginHostError.self) {
      try bench.registry.find(id: "test.compleet", version: nil)
    }
    #expect(error?.code == .unknownPlugin)
    #expect(error?.remedy == "did you mean \"test.complete\"?")
  }

  @Test func sameContentIsOneBuild() throws {
    let path = try version("1.0.0")
    let first = try bench.load(path)
    let copy = try bench.directory.write("copy.so", TemporaryDirectory.bytes(of: path))
    #expect(try bench.load(copy) === first)
    #expect(bench.registry.builds.count == 1)
    #expect(first.hashText.count == 64)
    #expect(first.storedPath.hasSuffix("/\(first.hashText).so"))
    #expect(first.fileBytes > 0)
  }

  /// The trap of dlopen: the old file under the same name is still in memory.
  @Test func replacedFileIsANewBuild() throws {
    let path = bench.directory.file("strategy.so")
    func replace(_ text: String) throws {
      let part = try bench.directory.write("part", TemporaryDirectory.bytes(of: version(text)))
      #expect(rename(part, path) == 0)
    }
    try replace("1.0.0")
    let old = try bench.load(path)
    try replace("2.0.0")
    let new = try bench.load(path)
    #expect(old.descriptors[0].version == "1.0.0")
    #expect(new.descriptors[0].version == "2.0.0")
    #expect(old.storedPath != new.storedPath)
    #expect(try bench.registry.find(id: "test.complete", version: nil).0 === new)
  }

  @Test func storedCopyIsPrivateAndRepaired() throws {
    let build = try bench.load(version("1.0.0"))
    var status = stat()
    #expect(stat(build.storedPath, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o500)
    let another = PluginBench()
    let stored = another.directory.file("store")
    try? FileTree.make(stored)
    let tampered = "\(stored)/\(build.hashText).so"
    let registry = PluginRegistry(storeDirectory: stored, policy: LoadPolicy())
    try another.directory.write("store/\(build.hashText).so", [1, 2, 3])
    #expect(try registry.load(path: build.originalPath).storedPath == tampered)
    #expect(try TemporaryDirectory.bytes(of: tampered).count == build.fileBytes)
  }

  @Test func scanReportsEachFileInOrder() throws {
    let good = try TemporaryDirectory.bytes(of: version("1.0.0"))
    try FileTree.make(bench.directory.file("plugins"))
    try bench.directory.write("plugins/b.so", good)
    try bench.directory.write("plugins/a.so", Array("nonsense".utf8))
    try bench.directory.write("plugins/readme.txt", [])
    let found = bench.registry.scan(directory: bench.directory.file("plugins"))
    #expect(found.map(\.path).map { $0.suffix(4) } == ["a.so", "b.so"])
    #expect((try? found[0].result.get()) == nil)
    #expect((try? found[1].result.get())?.descriptors[0].id == "test.complete")
    let missing = bench.registry.scan(directory: "/nowhere")
    #expect(throws: PluginHostError.self) { try missing[0].result.get() }
  }

  @Test func hashIsSHA256() {
    #expect(
      "\(ContentHash(of: Array("abc".utf8)))"
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}

private struct FileTree {
  static func make(_ path: String) throws {
    guard mkdir(path, 0o700) == 0 else { throw Unexpected(description: "mkdir \(path)") }
  }
}
