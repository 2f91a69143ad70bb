package import JSON

/// What a bundle says of itself. Its bytes are what is signed; they name every other file by hash.
package struct BundleManifest: Sendable, Equatable {
  package struct File: Sendable, Equatable {
    package var name: String
    package var bytes: Int
    package var sha256: String
  }

  /// One plugin of the library, as the library must describe it.
  package struct Plugin: Sendable, Equatable {
    package var id: String
    package var version: String
    package var kinds: [PluginKind]
    package var stateSchema: String
    package var stateVersion: UInt32
    package var stateOldest: UInt32

    package init(
      id: String, version: String, kinds: [PluginKind], stateSchema: String, stateVersion: UInt32,
      stateOldest: UInt32
    ) {
      self.id = id
      self.version = version
      self.kinds = kinds
      self.stateSchema = stateSchema
      self.stateVersion = stateVersion
      self.stateOldest = stateOldest
    }

    package init(_ descriptor: PluginDescriptor) {
      self.init(
        id: descriptor.id, version: descriptor.version, kinds: descriptor.kinds,
        stateSchema: descriptor.stateSchema, stateVersion: descriptor.stateVersion,
        stateOldest: descriptor.stateOldest)
    }
  }

  /// How many connections an adapter's venue allows at once.
  package enum Connections: String, Sendable, CaseIterable { case overlap, exclusive }

  package var id: String
  package var version: String
  package var abiMajor: Int
  package var abiMinor: Int
  /// The machine, system and C library the code is made for.
  package var target: String
  package var licence: String
  package var connections: Connections
  package var capabilities: BundleCapabilities
  package var plugins: [Plugin]
  package var files: [File]

  /// Without its files, which packing fills in.
  package init(
    id: String, version: String, abiMajor: Int, abiMinor: Int, target: String = hostTarget,
    licence: String = "", connections: Connections = .overlap,
    capabilities: BundleCapabilities = BundleCapabilities(), plugins: [Plugin]
  ) {
    self.id = id
    self.version = version
    self.abiMajor = abiMajor
    self.abiMinor = abiMinor
    self.target = target
    self.licence = licence
    self.connections = connections
    self.capabilities = capabilities
    self.plugins = plugins
    files = []
  }

  static let schema: Int64 = 1
  package static let bytesMax = 64 << 10
  static let filesMax = 64
  static let pluginsMax = 64
  static let filesBytesMax = 256 << 20

  #if arch(x86_64)
    package static let hostTarget = "x86_64-linux-gnu"
  #else
    package static let hostTarget = "aarch64-linux-gnu"
  #endif

  /// One text for one meaning, so that equal input packs to equal bytes.
  package var text: String {
    let json: JSONValue = [
      "schema": .integer(Self.schema), "id": .string(id), "version": .string(version),
      "abi": ["major": .integer(abiMajor), "minor": .integer(abiMinor)],
      "target": .string(target), "licence": .string(licence),
      "connections": .string(connections.rawValue), "capabilities": capabilities.json,
      "plugins": .array(plugins.map(\.json)), "files": .array(files.map(\.json)),
      "extensions": .object([]),
    ]
    return json.text(pretty: true) + "\n"
  }
}

extension BundleManifest.Plugin {
  package var json: JSONValue {
    [
      "id": .string(id), "version": .string(version),
      "kinds": .array(kinds.map { .string($0.rawValue) }),
      "state": [
        "schema": .string(stateSchema), "version": .integer(stateVersion),
        "oldest": .integer(stateOldest),
      ],
    ]
  }
}

extension BundleManifest.File {
  package var json: JSONValue {
    ["name": .string(name), "bytes": .integer(bytes), "sha256": .string(sha256)]
  }
}
