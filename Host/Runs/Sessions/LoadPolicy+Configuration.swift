package import Configuration
package import PluginHost

extension LoadPolicy {
  /// What a configuration allows, with the trust store as it is now.
  package init(_ plugins: PluginsConfiguration) throws(SessionError) {
    let trust: TrustStore
    do throws(PluginHostError) {
      trust =
        if let path = plugins.trustStore, path != TrustStore.usualPath {
          try TrustStore.read(named: path)
        } else {
          try TrustStore.read(path: TrustStore.usualPath)
        }
    } catch {
      throw SessionError(error, at: "trust store")
    }
    let elsewhere: CodePolicy = plugins.trust == .unsigned ? .trusted : .signed
    self.init(
      elsewhere: elsewhere,
      directories: plugins.directories.map { directory in
        let policy: CodePolicy =
          switch directory.policy {
          case .trusted: .trusted
          case .signed: .signed
          case .workers: .workers
          case nil: elsewhere
          }
        return PluginDirectory(path: directory.path, policy: policy)
      },
      trust: trust, residentBuildsMax: plugins.residentMax)
  }
}
