import JSON

extension BundleManifest {
  /// Everything that is wrong with it is said at once. `subject` names the bundle.
  package init(_ bytes: [UInt8], subject: String) throws(PluginHostError) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue.parse(
        bytes, limits: JSONLimits(bytesMax: Self.bytesMax, depthMax: 16),
        subject: PluginBundle.manifestName)
    } catch {
      throw PluginHostError(.bundle, subject, "\(error)", remedy: "pack it with keel plugin pack")
    }
    var reader = StrictReader()
    let manifest = Self(value, &reader)
    guard reader.defects.isEmpty else { throw PluginHostError(.bundle, subject, reader.defects) }
    self = manifest
  }

  private init(_ value: JSONValue, _ reader: inout StrictReader) {
    let top = reader.object(
      value, "manifest",
      keys: [
        "schema", "id", "version", "abi", "target", "licence", "connections", "capabilities",
        "plugins", "files", "extensions",
      ])
    // A later schema may mean anything by the same words.
    _ = reader.whole(top, "schema", in: "", Self.schema...Self.schema)
    id = reader.text(
      top, "id", in: "", bytesMax: PluginDescriptor.idBytesMax, "a reverse URI such as com.acme.a",
      where: PluginDescriptor.isID)
    version = reader.text(
      top, "version", in: "", bytesMax: 63, "a version such as 1.4.2",
      where: { PluginVersion($0) != nil })
    let abi = reader.object(top["abi"], "abi", keys: ["major", "minor"])
    abiMajor = Int(reader.whole(abi, "major", in: "abi", 0...65_535))
    abiMinor = Int(reader.whole(abi, "minor", in: "abi", 0...65_535))
    target = reader.text(top, "target", in: "", bytesMax: 63, "a target such as x86_64-linux-gnu")
    licence = reader.text(top, "licence", in: "", "a licence's name, or \"\"")
    let names = Connections.allCases.map(\.rawValue)
    let word = reader.text(
      top, "connections", in: "", "one of \(names.joined(separator: ", "))", where: names.contains)
    connections = Connections(rawValue: word) ?? .overlap
    capabilities = BundleCapabilities(top["capabilities"], "capabilities", &reader)
    plugins = Self.plugins(top, &reader)
    files = Self.files(top, &reader)
    // What is in there is for others: this host neither needs nor judges it.
    if let extensions = top["extensions"], extensions.members == nil {
      reader.refuse("extensions", "expected an object", "write {} or leave it out")
    }
  }

  private static func plugins(_ top: JSONValue, _ reader: inout StrictReader) -> [Plugin] {
    var plugins: [Plugin] = []
    for (index, value) in reader.list(top, "plugins", in: "", 1...pluginsMax).enumerated() {
      let path = "plugins[\(index)]"
      let object = reader.object(value, path, keys: ["id", "version", "kinds", "state"])
      let id = reader.text(
        object, "id", in: path, bytesMax: PluginDescriptor.idBytesMax, "a reverse URI",
        where: PluginDescriptor.isID)
      let version = reader.text(
        object, "version", in: path, bytesMax: 63, "a version such as 1.4.2",
        where: { PluginVersion($0) != nil })
      var kinds: [PluginKind] = []
      let all = PluginKind.allCases.map(\.rawValue)
      let words = reader.list(object, "kinds", in: path, 1...all.count)
      for (number, word) in words.enumerated() {
        let name = reader.text(
          word, "\(path).kinds[\(number)]", "one of \(all.joined(separator: ", "))",
          where: all.contains)
        guard let kind = PluginKind(rawValue: name) else { continue }
        if kinds.contains(kind) {
          reader.refuse("\(path).kinds[\(number)]", "\(name) is named twice", "name it once")
        }
        kinds.append(kind)
      }
      let state = reader.object(
        object["state"], "\(path).state", keys: ["schema", "version", "oldest"])
      let plugin = Plugin(
        id: id, version: version, kinds: kinds,
        stateSchema: reader.text(state, "schema", in: "\(path).state"),
        stateVersion: UInt32(
          reader.whole(state, "version", in: "\(path).state", 0...Int64(UInt32.max))),
        stateOldest: UInt32(
          reader.whole(state, "oldest", in: "\(path).state", 0...Int64(UInt32.max))))
      if plugins.contains(where: { $0.id == id }) {
        reader.refuse(path, "\(id) is named twice", "a library holds one version of each plugin")
      }
      plugins.append(plugin)
    }
    return plugins
  }

  private static func files(_ top: JSONValue, _ reader: inout StrictReader) -> [File] {
    var files: [File] = []
    var total: Int64 = 0
    for (index, value) in reader.list(top, "files", in: "", 1...filesMax).enumerated() {
      let path = "files[\(index)]"
      let object = reader.object(value, path, keys: ["name", "bytes", "sha256"])
      let name = reader.text(
        object, "name", in: path, bytesMax: BundleArchive.nameBytesMax,
        "a file's name of letters, digits, '.', '_' and '-'",
        where: {
          BundleArchive.isName($0) && $0 != PluginBundle.manifestName
            && $0 != PluginBundle.signaturesName
        })
      let bytes = reader.whole(object, "bytes", in: path, 0...Int64(filesBytesMax))
      let hash = reader.text(
        object, "sha256", in: path, "64 hexadecimal digits in lower case",
        where: { $0.utf8.count == 64 && Hexadecimal.bytes($0) != nil })
      if let last = files.last, !last.name.utf8.lexicographicallyPrecedes(name.utf8) {
        reader.refuse(path, "\(name) is twice or out of order", "name each file once, in order")
      }
      total += bytes
      files.append(File(name: name, bytes: Int(bytes), sha256: hash))
    }
    if total > Int64(filesBytesMax) {
      reader.refuse(
        "files", "\(total) bytes, more than the \(filesBytesMax) allowed", "leave some out")
    }
    if !files.contains(where: { $0.name == PluginBundle.libraryName }) {
      reader.refuse(
        "files", "\(PluginBundle.libraryName) is not among them", "a bundle holds one library")
    }
    return files
  }
}
