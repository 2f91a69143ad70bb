import Glibc
import TestSupport
import Testing

@testable import PluginHost

@Suite struct BundleArchiveTests {
  private static let entries = [
    BundleArchive.Entry(name: "manifest.json", bytes: Array("{}".utf8)),
    BundleArchive.Entry(name: "LICENSE", bytes: []),
    BundleArchive.Entry(name: "plugin.so", bytes: [UInt8](repeating: 7, count: 513)),
  ]

  private static func refusal(_ bytes: [UInt8]) -> PluginHostError? {
    BundleBench.error { () throws(PluginHostError) in
      _ = try BundleArchive.entries(bytes, subject: "x.keel")
    }
  }

  @Test func whatIsPackedIsReadAndPackedTheSame() throws {
    let bytes = BundleArchive.bytes(of: Self.entries.reversed())
    #expect(bytes == BundleArchive.bytes(of: Self.entries))
    #expect(bytes.count == 512 * (1 + 1 + 1 + 1 + 2 + 2))
    #expect(try BundleArchive.entries(bytes, subject: "x.keel") == Self.entries)
  }

  @Test func tarOpensIt() throws {
    let folder = TemporaryDirectory()
    let path = try folder.write("x.keel", BundleArchive.bytes(of: Self.entries))
    try ToolRun.require(["tar", "-xf", path, "-C", folder.path])
    for entry in Self.entries {
      #expect(try TemporaryDirectory.bytes(of: folder.file(entry.name)) == entry.bytes)
    }
  }

  /// A file of any other content is refused: there is one archive for what it holds.
  @Test func everyByteCounts() throws {
    let bytes = BundleArchive.bytes(of: Self.entries)
    for at in bytes.indices {
      var changed = bytes
      changed[at] ^= 0x20
      guard let read = try? BundleArchive.entries(changed, subject: "x.keel") else { continue }
      // What is still read differs where the content of a file was changed.
      #expect(read != Self.entries && BundleArchive.bytes(of: read) == changed, "byte \(at)")
    }
  }

  @Test func everyCutIsIncomplete() {
    let bytes = BundleArchive.bytes(of: Self.entries)
    for count in stride(from: 0, to: bytes.count, by: 64) {
      #expect(Self.refusal(Array(bytes.prefix(count)))?.code == .incomplete, "\(count) bytes")
    }
    #expect(Self.refusal(bytes + [0])?.message == "goes on behind its end")
    #expect(Self.refusal(bytes + Array(repeating: 0, count: 512))?.code == .bundle)
  }

  @Test func filesStandOnceAndInOrder() {
    func joined(_ names: [String]) -> [UInt8] {
      names.flatMap { name in
        BundleArchive.bytes(of: [BundleArchive.Entry(name: name, bytes: [1])]).dropLast(1024)
      } + [UInt8](repeating: 0, count: 1024)
    }
    #expect(Self.refusal(joined(["a", "b"])) == nil)
    #expect(Self.refusal(joined(["a", "a"]))?.message == "holds a twice")
    #expect(Self.refusal(joined(["b", "a"]))?.message == "holds a out of order")
    #expect(Self.refusal(joined(["a", "manifest.json"]))?.message.contains("out of order") == true)
    let many = (0..<67).map { "f" + String(100 + $0) }
    #expect(Self.refusal(joined(many))?.message == "holds more than 66 files")
  }

  /// What other programs put into such archives.
  @Test func whatTarMayHoldBesidesFilesIsRefused() throws {
    let folder = TemporaryDirectory()
    try folder.write("file", [1, 2, 3])
    #expect(symlink("/etc/passwd", folder.file("link")) == 0)
    #expect(mkdir(folder.file("sub"), 0o755) == 0)
    try folder.write("sub/inner", [1])
    for (name, message) in [
      ("link", "is a link, a folder or a device"), ("sub", "not named as a file of a bundle is"),
      ("../\(folder.path.split(separator: "/").last!)/file", "not named as a file of a bundle is"),
      ("file", "is not as keel writes it"),
    ] {
      let archive = folder.file("made.keel")
      try ToolRun.require(
        ["tar", "--format=ustar", "-P", "-cf", archive, "-C", folder.path, name])
      let error = Self.refusal(try TemporaryDirectory.bytes(of: archive))
      #expect(error?.message.contains(message) == true, "\(name): \(error?.message ?? "accepted")")
    }
  }

  @Test(arguments: [
    "", ".", "..", ".hidden", "-rf", "a/b", "/etc/passwd", "a\\b", "a b", "a\u{0}b", "ü",
    String(repeating: "a", count: 65),
  ]) func namesThatAreNoFiles(_ name: String) { #expect(!BundleArchive.isName(name)) }

  @Test func theFolderFormHoldsTheSame() throws {
    let folder = TemporaryDirectory()
    let bundle = try BundleBench.bundle(signers: [BundleBench.acme])
    let path = folder.file("one.keel")
    try bundle.write(to: path, asFolder: true)
    #expect(try PluginBundle.read(path: path).packed == bundle.packed)
    try bundle.write(to: folder.file("packed.keel"), asFolder: false)
    #expect(try PluginBundle.read(path: folder.file("packed.keel")).packed == bundle.packed)
    // What is there stays.
    #expect(throws: PluginHostError.self) {
      try bundle.write(to: folder.file("packed.keel"), asFolder: false)
    }
    #expect(throws: PluginHostError.self) { try bundle.write(to: path, asFolder: true) }
  }

  @Test func aFolderHoldsFilesAlone() throws {
    let folder = TemporaryDirectory()
    let path = folder.file("one.keel")
    func refused(_ message: String, _ change: () throws -> Void) throws {
      try BundleBench.bundle().write(to: path, asFolder: true)
      try change()
      let error = BundleBench.error { () throws(PluginHostError) in
        let bundle = try PluginBundle.read(path: path)
        try bundle.checkContents()
      }
      #expect(error?.message.contains(message) == true, "\(error?.message ?? "accepted")")
      try TemporaryDirectory.remove(path)
    }
    try refused("plugin.so is a link") {
      try folder.write("real.so", TemporaryDirectory.bytes(of: path + "/plugin.so"))
      try TemporaryDirectory.remove(path + "/plugin.so")
      #expect(symlink(folder.file("real.so"), path + "/plugin.so") == 0)
    }
    try refused("sub is a link, a folder") { #expect(mkdir(path + "/sub", 0o755) == 0) }
    try refused("pipe is a link, a folder or a device") {
      #expect(mkfifo(path + "/pipe", 0o644) == 0)
    }
    try refused("not named as a file") { try folder.write("one.keel/.hidden", [1]) }
    try refused("extra is not named by its manifest") { try folder.write("one.keel/extra", [1]) }
    try refused("plugin.so is missing") { try TemporaryDirectory.remove(path + "/plugin.so") }
    try refused("holds no manifest.json") { try TemporaryDirectory.remove(path + "/manifest.json") }
    try refused("holds more than 66 files") {
      for number in 0..<67 { try folder.write("one.keel/f\(number)", [1]) }
    }
  }
}
