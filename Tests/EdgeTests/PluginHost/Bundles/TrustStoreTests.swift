import Glibc
import Market
import TestSupport
import Testing

@testable import PluginHost

@Suite struct TrustStoreTests {
  private let folder = TemporaryDirectory()

  private static func full() -> TrustStore {
    var store = BundleBench.trust((BundleBench.acme, "acme"), (BundleBench.bolt, "Bolt & Co"))
    store.keys[0].expires = Timestamp(nanoseconds: 1_800_000_000_000_000_000)
    store.keys[0].namespaces = ["com.acme", "org"]
    store.keys[1].hosts = ["api.bolt.example"]
    store.revokedKeys = [BundleBench.stranger.publicKey.id]
    store.revokedBundles = [String(repeating: "ab", count: 32)]
    return store
  }

  private func refusal(_ text: String) -> PluginHostError? {
    BundleBench.error { () throws(PluginHostError) in
      _ = try TrustStore(Array(text.utf8), subject: "trust.json")
    }
  }

  /// Each change waits for the one before it, or a revocation could be lost to it.
  @Test func noChangeIsLostToAnother() async throws {
    let path = folder.file("trust.json")
    await withTaskGroup { group in
      for number in 0..<12 {
        group.addTask {
          let failure = BundleBench.error { () throws(PluginHostError) in
            let lock = try TrustStore.Lock(path: path)
            var store = try TrustStore.read(path: path)
            store.revokedBundles.append(String(repeating: String(number, radix: 16), count: 64))
            usleep(2_000)
            try store.write(path: path)
            _ = consume lock
          }
          #expect(failure == nil)
        }
      }
    }
    #expect(try TrustStore.read(path: path).revokedBundles.count == 12)
  }

  @Test func oneThatIsNamedMustBeThere() throws {
    let path = folder.file("trusst.json")
    #expect(try TrustStore.read(path: path) == .empty)
    let error = BundleBench.error { () throws(PluginHostError) in
      _ = try TrustStore.read(named: path)
    }
    #expect(error?.code == .missing && error?.message.contains("no trust store") == true)
  }

  @Test func whatIsWrittenIsReadTheSame() throws {
    let path = folder.file("a/b/trust.json")
    try Self.full().write(path: path)
    #expect(try TrustStore.read(path: path) == Self.full())
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(stat(folder.file("a"), &status) == 0 && status.st_mode & 0o777 == 0o700)
  }

  @Test func nobodyIsTrustedWithoutAFile() throws {
    #expect(try TrustStore.read(path: folder.file("none/trust.json")) == .empty)
    #expect(try TrustStore.read(path: nil) == .empty)
  }

  @Test(arguments: [0o666, 0o620, 0o602]) func whatOthersMayWriteIsRefused(_ mode: UInt32) throws {
    let path = folder.file("trust.json")
    try Self.full().write(path: path)
    #expect(chmod(path, mode) == 0)
    let error = BundleBench.error { () throws(PluginHostError) in
      _ = try TrustStore.read(path: path)
    }
    #expect(error?.code == .untrusted && error?.message.contains("others may write it") == true)
  }

  @Test func aFolderThatOthersMayWriteIsRefused() throws {
    let path = folder.file("open/trust.json")
    try Self.full().write(path: path)
    #expect(chmod(folder.file("open"), 0o777) == 0)
    let reading = BundleBench.error { () throws(PluginHostError) in
      _ = try TrustStore.read(path: path)
    }
    #expect(reading?.code == .untrusted)
    let store = Self.full()
    let writing = BundleBench.error { () throws(PluginHostError) in try store.write(path: path) }
    #expect(writing?.code == .untrusted)
  }

  @Test(arguments: [
    ("\"schema\": 1", "\"schema\": 2", "schema: expected"),
    ("\"keys\"", "\"key\"", "key: unknown key"),
    ("\"name\": \"acme\"", "\"name\": \"\"", "keys[0].name: expected"),
    ("\"expires\": \"", "\"expires\": \"x", "keys[0].expires: it is no time"),
    ("\"com.acme\"", "\"com acme\"", "keys[0].namespaces[0]: expected"),
    ("\"api.bolt.example\"", "\"*\"", "keys[1].hosts[0]: expected"),
    ("\"abab", "\"ABab", "revokedBundles[0]: expected"),
    ("\"key\": \"", "\"key\": \"0", "keys[0].key: it is no sound Ed25519 key"),
  ]) func rule(_ old: String, _ new: String, _ message: String) {
    let text = Self.full().text
    #expect(text.contains(old))
    let error = refusal(text.replacing(old, with: new, maxReplacements: 1))
    #expect(error?.code == .untrusted)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "accepted")")
  }

  @Test func anIdThatIsNotTheKeysOwnIsRefused() {
    let text = Self.full().text.replacing(
      BundleBench.acme.publicKey.id, with: BundleBench.stranger.publicKey.id, maxReplacements: 1)
    #expect(refusal(text)?.message.contains("it is not the id of the key") == true)
  }

  @Test func aKeyStandsOnce() {
    var store = Self.full()
    store.keys.append(store.keys[0])
    #expect(refusal(store.text)?.message.contains("stands twice") == true)
  }

  @Test func aNamespaceEndsAtADot() {
    let key = Self.full().keys[0]
    #expect(key.covers(id: "com.acme") && key.covers(id: "com.acme.one") && key.covers(id: "org.x"))
    #expect(!key.covers(id: "com.acmes.one") && !key.covers(id: "com") && !key.covers(id: "orga.x"))
  }
}
