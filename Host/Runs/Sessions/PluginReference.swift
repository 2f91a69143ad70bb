package import PluginHost

/// Which code to swap in.
package enum PluginReference: Sendable {
  case path(String)
  case id(String, version: String?)

  /// "PATH.so", "PATH.keel", "id" or "id@version".
  package init(_ text: String) {
    if text.hasSuffix(".so") || text.contains("/") || PluginBundle.isNamed(text) {
      self = .path(text)
    } else if let at = text.lastIndex(of: "@") {
      self = .id(String(text[..<at]), version: String(text[text.index(after: at)...]))
    } else {
      self = .id(text, version: nil)
    }
  }

  package var text: String {
    switch self {
    case .path(let path): path
    case .id(let id, let version): version.map { "\(id)@\($0)" } ?? id
    }
  }
}

extension PluginIntake {
  /// What a reference leads to, ready to be loaded.
  package enum PreparedReference: Sendable {
    case path(String, PreparedPlugin)
    case id(String, version: String?, PreparedFind)
  }

  func prepare(
    _ reference: PluginReference, probe: ((String) -> PluginHostError?)?
  ) throws(PluginHostError) -> PreparedReference {
    switch reference {
    case .path(let path): .path(path, try prepare(path: path, probe: probe))
    case .id(let id, let version):
      .id(id, version: version, try prepare(id: id, version: version, probe: probe))
    }
  }
}

extension PluginRegistry {
  /// The build and plugin that a reference means: of a library the plugin of the slot's own id,
  /// else the first of its kind.
  func resolve(
    id: String, kind: PluginKind,
    _ prepared: PluginIntake.PreparedReference
  ) throws(PluginHostError) -> (PluginBuild, PluginDescriptor) {
    switch prepared {
    case .id(let id, let version, let found): return try find(id: id, version: version, found)
    case .path(let path, let plugin):
      let build = try take(plugin)
      let fitting = build.descriptors.filter { $0.kinds.contains(kind) }
      guard let descriptor = fitting.first(where: { $0.id == id }) ?? fitting.first else {
        throw PluginHostError(
          .unknownPlugin, path, "it holds no \(kind.rawValue)",
          remedy: "give a library with a plugin of the slot's kind")
      }
      return (build, descriptor)
    }
  }
}
