import JSON

/// One signer's word for a manifest.
package struct BundleSignature: Sendable, Equatable {
  package let key: PublicKey
  package let bytes: [UInt8]

  static let countMax = 16
  static let fileBytesMax = 16 << 10

  /// What is signed: these words, then the manifest's bytes. With them a key that also signs other
  /// things cannot be led to sign a bundle.
  static let lead = Array("keel bundle manifest 1\n".utf8)

  package init(of manifest: [UInt8], by key: PrivateKey) {
    self.key = key.publicKey
    bytes = key.signature(of: Self.lead + manifest)
  }

  init(key: PublicKey, bytes: [UInt8]) {
    self.key = key
    self.bytes = bytes
  }

  package func isValid(for manifest: [UInt8]) -> Bool {
    key.verifies(bytes, of: Self.lead + manifest)
  }

  static func text(of signatures: [BundleSignature]) -> String {
    let list = signatures.map { signature -> JSONValue in
      [
        "key": .string(signature.key.text),
        "signature": .string(Hexadecimal.text(signature.bytes)),
      ]
    }
    let json: JSONValue = ["schema": 1, "signatures": .array(list)]
    return json.text(pretty: true) + "\n"
  }

  static func list(_ bytes: [UInt8], subject: String) throws(PluginHostError) -> [BundleSignature] {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue.parse(
        bytes, limits: JSONLimits(bytesMax: fileBytesMax, depthMax: 8),
        subject: PluginBundle.signaturesName)
    } catch {
      throw PluginHostError(.bundle, subject, "\(error)", remedy: "sign it with keel plugin sign")
    }
    var reader = StrictReader()
    let top = reader.object(value, "signatures", keys: ["schema", "signatures"])
    _ = reader.whole(top, "schema", in: "", 1...1)
    var signatures: [BundleSignature] = []
    for (index, element) in reader.list(top, "signatures", in: "", 1...countMax).enumerated() {
      let path = "signatures[\(index)]"
      let object = reader.object(element, path, keys: ["key", "signature"])
      let key = PublicKey(
        hexadecimal: reader.text(object, "key", in: path, bytesMax: 64, "64 hexadecimal digits"))
      let bytes = Hexadecimal.bytes(
        reader.text(
          object, "signature", in: path, bytesMax: 128, "128 hexadecimal digits",
          where: { $0.utf8.count == 128 }))
      guard let key, let bytes else {
        reader.refuse(path, "it is no signature under a sound key", "sign it again")
        continue
      }
      if signatures.contains(where: { $0.key == key }) {
        reader.refuse(path, "key \(key.id) signs twice", "leave one of the two out")
      }
      signatures.append(BundleSignature(key: key, bytes: bytes))
    }
    guard reader.defects.isEmpty else { throw PluginHostError(.bundle, subject, reader.defects) }
    return signatures
  }
}
