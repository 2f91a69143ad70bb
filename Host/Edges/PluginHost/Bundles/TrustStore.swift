package import JSON
package import Market
import Wording

/// Whose signatures this host takes, and what is revoked. Decides by the key, never by a name.
package struct TrustStore: Sendable, Equatable {
  package struct Key: Sendable, Equatable {
    package var key: PublicKey
    /// What its owner is called here.
    package var name: String
    /// From then on its signatures count no more; nil: never.
    package var expires: Timestamp?
    /// It may sign bundles whose plugins' ids begin with one of these; empty: any.
    package var namespaces: [String]
    /// It may sign bundles that ask for these hosts; nil: for any.
    package var hosts: [String]?

    package init(
      key: PublicKey, name: String, expires: Timestamp? = nil, namespaces: [String] = [],
      hosts: [String]? = nil
    ) {
      self.key = key
      self.name = name
      self.expires = expires
      self.namespaces = namespaces
      self.hosts = hosts
    }

    package func covers(id: String) -> Bool {
      namespaces.isEmpty || namespaces.contains { id == $0 || id.hasPrefix($0 + ".") }
    }
  }

  package var keys: [Key] = []
  /// Ids of keys, whether they are among `keys` or not.
  package var revokedKeys: [String] = []
  /// Hashes of manifests.
  package var revokedBundles: [String] = []

  package static let empty = TrustStore()
  static let keysMax = 1_000
  static let revokedMax = 10_000
  static let bytesMax = 4 << 20

  package init() {}

  /// Checked before it is written, so that what is written can be read.
  package static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 63
      && text.utf8.allSatisfy { (0x21..<0x7f).contains($0) || $0 == 0x20 }
  }

  /// A reverse URI or the beginning of one.
  package static func isNamespace(_ text: String) -> Bool {
    PluginDescriptor.isID(text) || PluginDescriptor.isID(text + ".x")
  }

  package static func isHost(_ text: String) -> Bool { BundleCapabilities.isHost(text) }

  package var text: String {
    let json: JSONValue = [
      "schema": 1, "keys": .array(keys.map(\.json)),
      "revokedKeys": .array(revokedKeys.map { .string($0) }),
      "revokedBundles": .array(revokedBundles.map { .string($0) }),
    ]
    return json.text(pretty: true) + "\n"
  }

  package init(_ bytes: [UInt8], subject: String) throws(PluginHostError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue.parse(
        bytes, limits: JSONLimits(bytesMax: Self.bytesMax, depthMax: 8), subject: "trust store")
    } catch {
      throw PluginHostError(
        .untrusted, subject, "\(error)", remedy: "mend it, or move it away and trust anew")
    }
    var reader = StrictReader()
    let top = reader.object(
      value, "trust store", keys: ["schema", "keys", "revokedKeys", "revokedBundles"])
    _ = reader.whole(top, "schema", in: "", 1...1)
    for (index, element) in reader.list(top, "keys", in: "", 0...Self.keysMax).enumerated() {
      guard let key = Key(element, "keys[\(index)]", &reader) else { continue }
      if keys.contains(where: { $0.key == key.key }) {
        reader.refuse("keys[\(index)]", "\(key.key.id) stands twice", "keep one of the two")
      }
      keys.append(key)
    }
    revokedKeys = Self.hashes(top, "revokedKeys", PublicKey.idDigits, &reader)
    revokedBundles = Self.hashes(top, "revokedBundles", 64, &reader)
    guard reader.defects.isEmpty else { throw PluginHostError(.untrusted, subject, reader.defects) }
  }

  private static func hashes(
    _ top: JSONValue, _ key: String, _ digits: Int, _ reader: inout StrictReader
  ) -> [String] {
    reader.list(top, key, in: "", 0...revokedMax).enumerated().map {
      reader.text(
        $0.element, "\(key)[\($0.offset)]", "\(digits) hexadecimal digits in lower case",
        where: { $0.utf8.count == digits && Hexadecimal.bytes($0) != nil })
    }
  }
}

extension TrustStore.Key {
  package var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("id", .string(key.id)), ("name", .string(name)), ("key", .string(key.text)),
    ]
    if let expires { members.append(("expires", .string(UTCTime.text(expires)))) }
    if !namespaces.isEmpty {
      members.append(("namespaces", .array(namespaces.map { .string($0) })))
    }
    if let hosts { members.append(("hosts", .array(hosts.map { .string($0) }))) }
    return .object(members)
  }

  init?(_ value: JSONValue, _ path: String, _ reader: inout StrictReader) {
    let object = reader.object(
      value, path, keys: ["id", "name", "key", "expires", "namespaces", "hosts"])
    let id = reader.text(object, "id", in: path, "the key's id")
    name = reader.text(object, "name", in: path, "a name", where: TrustStore.isName)
    let digits = reader.text(object, "key", in: path, "64 hexadecimal digits in lower case")
    if object["expires"] != nil {
      let text = reader.text(object, "expires", in: path, "a UTC time")
      expires = UTCTime.parse(text)
      if expires == nil {
        reader.refuse("\(path).expires", "it is no time", "write it as 2027-01-31T00:00:00Z")
      }
    }
    namespaces = reader.list(object, "namespaces", in: path, 0...64).enumerated().map {
      reader.text(
        $0.element, "\(path).namespaces[\($0.offset)]", "the beginning of an id, such as com.acme",
        where: TrustStore.isNamespace)
    }
    if object["hosts"] != nil {
      hosts = reader.list(object, "hosts", in: path, 0...64).enumerated().map {
        reader.text(
          $0.element, "\(path).hosts[\($0.offset)]", "a host's name", where: TrustStore.isHost)
      }
    }
    guard let key = PublicKey(hexadecimal: digits) else {
      reader.refuse("\(path).key", "it is no sound Ed25519 key", "add it anew from its file")
      return nil
    }
    // Two that differ mean that somebody changed one of them by hand.
    if key.id != id { reader.refuse("\(path).id", "it is not the id of the key", "add it anew") }
    self.key = key
  }
}
