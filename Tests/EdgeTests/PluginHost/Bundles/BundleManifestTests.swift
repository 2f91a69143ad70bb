import TestSupport
import Testing

@testable import PluginHost

@Suite struct BundleManifestTests {
  private static func text() throws -> String {
    String(decoding: try BundleBench.bundle().manifestBytes, as: UTF8.self)
  }

  private static func refusal(_ text: String) -> PluginHostError? {
    BundleBench.error { () throws(PluginHostError) in
      _ = try BundleManifest(Array(text.utf8), subject: "x.keel")
    }
  }

  @Test func whatIsWrittenIsReadTheSame() throws {
    let whole = BundleBench.manifest { manifest in
      manifest.capabilities.network = [.init(host: "api.acme.com", paths: ["/v1/", "/v2/orders"])]
      manifest.capabilities.isWorkerOnly = true
      manifest.capabilities.memoryMegabytes = 256
      manifest.connections = .exclusive
    }
    let bundle = try BundleBench.bundle(whole, others: [("LICENSE", [1, 2])])
    let read = try BundleManifest(bundle.manifestBytes, subject: "x.keel")
    #expect(read == bundle.manifest)
    #expect(Array(read.text.utf8) == bundle.manifestBytes)
    #expect(read.capabilities == whole.capabilities && read.connections == .exclusive)
    #expect(
      read.capabilities.lines == [
        "network: api.acme.com/v1/, api.acme.com/v2/orders", "runs in a worker process only",
        "memory: at most 256 MB",
      ])
  }

  @Test func equalInputGivesEqualBytes() throws {
    let others: [(name: String, bytes: [UInt8])] = [("b", [2]), ("a", [1])]
    #expect(
      try BundleBench.bundle(others: others).packed
        == BundleBench.bundle(others: others.reversed()).packed)
  }

  /// Each change makes one rule speak.
  @Test(arguments: [
    ("\"schema\": 1", "\"schema\": 2", "schema: expected a whole number from 1 to 1"),
    ("\"schema\": 1,", "", "schema: it is missing"),
    (
      "\"id\": \"com.acme.one\",\n  \"version\"", "\"id\": \"One\",\n  \"version\"",
      "id: expected a reverse URI"
    ),
    (
      "\"version\": \"1.0.0\",\n  \"abi\"", "\"version\": \"1.0-beta\",\n  \"abi\"",
      "version: expected a version"
    ),
    ("\"major\": 0", "\"major\": 70000", "abi.major: expected a whole number"),
    ("\"minor\": 2", "\"minor\": -1", "abi.minor: expected a whole number"),
    ("\"target\": ", "\"goal\": ", "goal: unknown key"),
    ("\"licence\": \"MIT\"", "\"licence\": 5", "licence: expected"),
    ("\"licence\": \"MIT\"", "\"licence\": \"M\\u001b[2J\"", "licence: expected"),
    ("\"licence\": \"MIT\"", "\"licence\": \"M\\u202eI\"", "licence: expected"),
    ("\"overlap\"", "\"many\"", "connections: expected one of overlap, exclusive"),
    ("\"capabilities\": {}", "\"capabilities\": []", "capabilities: expected an object"),
    (
      "\"capabilities\": {}", "\"capabilities\": {\"files\": true}",
      "capabilities.files: unknown key"
    ),
    (
      "\"capabilities\": {}", "\"capabilities\": {\"memoryMegabytes\": 0}",
      "capabilities.memoryMegabytes: expected"
    ),
    (
      "\"capabilities\": {}", "\"capabilities\": {\"workerOnly\": 1}",
      "capabilities.workerOnly: expected true or false"
    ),
    (
      "\"capabilities\": {}",
      "\"capabilities\": {\"network\": [{\"host\": \"API.acme.com\", \"paths\": [\"/\"]}]}",
      "network[0].host: expected"
    ),
    (
      "\"capabilities\": {}",
      "\"capabilities\": {\"network\": [{\"host\": \"a.b\", \"paths\": [\"/../x\"]}]}",
      "network[0].paths[0]: expected"
    ),
    (
      "\"capabilities\": {}",
      "\"capabilities\": {\"network\": [{\"host\": \"a.b\", \"paths\": []}]}",
      "network[0].paths: expected an array of 1 to 16"
    ),
    (
      "\"capabilities\": {}",
      "\"capabilities\": {\"network\": [{\"host\": \"a.b\", \"paths\": [\"/\"]}, "
        + "{\"host\": \"a.b\", \"paths\": [\"/\"]}]}", "a.b is named twice"
    ),
    ("\"kinds\": [\"strategy\"]", "\"kinds\": []", "plugins[0].kinds: expected an array of 1 to 4"),
    ("\"kinds\": [\"strategy\"]", "\"kinds\": [\"robot\"]", "plugins[0].kinds[0]: expected one of"),
    (
      "\"kinds\": [\"strategy\"]", "\"kinds\": [\"alpha\", \"alpha\"]",
      "plugins[0].kinds[1]: alpha is named twice"
    ),
    ("\"oldest\": 2", "\"oldest\": 4294967296", "plugins[0].state.oldest: expected"),
    ("\"plugin.so\"", "\"../plugin.so\"", "files[0].name: expected a file's name"),
    ("\"plugin.so\"", "\"manifest.json\"", "files[0].name: expected a file's name"),
    ("\"plugin.so\"", "\"other.so\"", "plugin.so is not among them"),
    ("\"sha256\": \"", "\"sha256\": \"A", "files[0].sha256: expected 64 hexadecimal digits"),
    ("\"bytes\": ", "\"bytes\": 99999", "files[0].bytes: expected a whole number"),
    ("\"extensions\": {}", "\"extensions\": 3", "extensions: expected an object"),
    ("\"id\": ", "\"id\": \"com.acme.two\", \"id\": ", "stands twice"),
  ]) func rule(_ old: String, _ new: String, _ message: String) throws {
    let text = try Self.text()
    try #require(text.contains(old), "the sample holds \(old)")
    let error = Self.refusal(text.replacing(old, with: new, maxReplacements: 1))
    #expect(error?.code == .bundle)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "accepted")")
  }

  @Test func everythingIsSaidAtOnce() throws {
    let text = try Self.text().replacing("\"schema\": 1", with: "\"schema\": 9")
      .replacing("\"overlap\"", with: "\"many\"")
    #expect(Self.refusal(text)?.defects.count == 2)
  }

  @Test func whatIsForOthersIsLeftToThem() throws {
    let text = try Self.text().replacing(
      "\"extensions\": {}", with: "\"extensions\": {\"com.acme\": {\"anything\": [1, null]}}")
    #expect(Self.refusal(text) == nil)
  }

  @Test func pluginsAndFilesStandOnce() throws {
    let plugin = BundleBench.manifest().plugins[0]
    let twice = BundleBench.manifest { $0.plugins = [plugin, plugin] }
    let error = BundleBench.error { () throws(PluginHostError) in
      _ = try PluginBundle.pack(twice, library: [1], path: "x.keel")
    }
    #expect(error?.message.contains("com.acme.one is named twice") == true)
    let same = BundleBench.error { () throws(PluginHostError) in
      _ = try PluginBundle.pack(
        BundleBench.manifest(), library: [1], others: [("a", [1]), ("a", [2])], path: "x.keel")
    }
    #expect(same?.message.contains("a is twice or out of order") == true)
    let many = (0..<64).map { (name: "f\(100 + $0)", bytes: [UInt8(1)]) }
    let files = BundleBench.error { () throws(PluginHostError) in
      _ = try PluginBundle.pack(BundleBench.manifest(), library: [1], others: many, path: "x.keel")
    }
    #expect(files?.message.contains("files: expected an array of 1 to 64") == true)
  }

  @Test func aManifestIsBounded() throws {
    let long = try Self.text() + String(repeating: " ", count: BundleManifest.bytesMax)
    #expect(Self.refusal(long)?.message.contains("at most \(BundleManifest.bytesMax)") == true)
  }
}
