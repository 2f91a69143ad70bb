/// A plugin as its author ships it: a library, a manifest that names every file by hash, and
/// signatures of the manifest. Two forms with one content: a folder `name.keel/`, and the same
/// packed into one file `name.keel` (BundleArchive).
///
/// A value of bytes: what is verified is what is stored and loaded, whatever becomes of the path.
package struct PluginBundle: Sendable {
  package let path: String
  package let manifest: BundleManifest
  package let manifestBytes: [UInt8]
  package private(set) var signatures: [BundleSignature]
  /// Of name and content, in the manifest's order where they are what it names.
  let files: [BundleArchive.Entry]

  package static let fileExtension = "keel"
  package static let manifestName = "manifest.json"
  package static let signaturesName = "signatures.json"
  package static let libraryName = "plugin.so"

  /// What revocation names: the SHA-256 of the manifest, the same whoever signed it.
  package let hash: ContentHash

  init(
    path: String, entries: [BundleArchive.Entry]
  ) throws(PluginHostError) {
    self.path = path
    guard let first = entries.first(where: { $0.name == Self.manifestName }) else {
      throw PluginHostError(
        .bundle, path, "holds no \(Self.manifestName)", remedy: "make it with keel plugin pack")
    }
    manifestBytes = first.bytes
    manifest = try BundleManifest(first.bytes, subject: path)
    hash = ContentHash(of: first.bytes)
    signatures = []
    if let signed = entries.first(where: { $0.name == Self.signaturesName }) {
      signatures = try BundleSignature.list(signed.bytes, subject: path)
    }
    files = entries.filter { $0.name != Self.manifestName && $0.name != Self.signaturesName }
  }

  /// Reads a folder or a packed file; nothing in it is believed before BundleVerifier says so.
  package static func read(
    path: String, bytesMax: Int = BundleManifest.filesBytesMax
  ) throws(PluginHostError) -> PluginBundle {
    if BundleFolder.isFolder(path) {
      return try PluginBundle(
        path: path, entries: try BundleFolder.entries(path, bytesMax: bytesMax))
    }
    return try PluginBundle(
      packed: try PluginFile(path: path, bytesMax: bytesMax).bytes, path: path)
  }

  /// The packed form, from bytes that are here already.
  package init(packed bytes: [UInt8], path: String) throws(PluginHostError) {
    try self.init(path: path, entries: try BundleArchive.entries(bytes, subject: path))
  }

  /// The same bundle beside another file of signatures.
  package func with(signatures bytes: [UInt8]) throws(PluginHostError) -> PluginBundle {
    let signed = BundleArchive.Entry(name: Self.signaturesName, bytes: bytes)
    return try PluginBundle(
      path: path, entries: entries.filter { $0.name != Self.signaturesName } + [signed])
  }

  /// Whether a path is meant as a bundle.
  package static func isNamed(_ path: String) -> Bool {
    var name = path[...]
    while name.count > 1, name.hasSuffix("/") { name = name.dropLast() }
    return name.hasSuffix("." + fileExtension)
  }

  var library: [UInt8] { files.first { $0.name == Self.libraryName }?.bytes ?? [] }

  var entries: [BundleArchive.Entry] {
    let signed =
      signatures.isEmpty
      ? []
      : [
        BundleArchive.Entry(
          name: Self.signaturesName, bytes: Array(BundleSignature.text(of: signatures).utf8))
      ]
    return [BundleArchive.Entry(name: Self.manifestName, bytes: manifestBytes)] + signed + files
  }

  /// The packed form; of the same content always the same bytes.
  package var packed: [UInt8] { BundleArchive.bytes(of: entries) }

  /// Adds a signature, or replaces that of the same key. Signers stand in the order of their keys,
  /// so that who signed first leaves no trace.
  package mutating func sign(with key: PrivateKey) throws(PluginHostError) {
    var others = signatures.filter { $0.key != key.publicKey }
    guard others.count < BundleSignature.countMax else {
      throw PluginHostError(
        .bundle, path, "has \(others.count) signatures, as many as it may",
        remedy: "pack it again, and let fewer sign")
    }
    others.append(BundleSignature(of: manifestBytes, by: key))
    signatures = others.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
  }

  /// Makes a bundle of a library and what its author says of it; fills in the manifest's files.
  package static func pack(
    _ manifest: BundleManifest, library: [UInt8], others: [(name: String, bytes: [UInt8])] = [],
    path: String
  ) throws(PluginHostError) -> PluginBundle {
    let files = ([(name: libraryName, bytes: library)] + others)
      .map { BundleArchive.Entry(name: $0.name, bytes: $0.bytes) }
      .sorted { BundleArchive.precedes($0.name, $1.name) }
    var manifest = manifest
    manifest.files = files.map {
      BundleManifest.File(
        name: $0.name, bytes: $0.bytes.count, sha256: ContentHash(of: $0.bytes).description)
    }
    let text = BundleArchive.Entry(name: manifestName, bytes: Array(manifest.text.utf8))
    return try PluginBundle(path: path, entries: [text] + files)
  }
}
