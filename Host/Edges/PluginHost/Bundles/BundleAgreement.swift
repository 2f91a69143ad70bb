/// Holds what a library describes against what its manifest said of it.
enum BundleAgreement {
  static func check(
    _ manifest: BundleManifest, _ descriptors: [PluginDescriptor], subject: String
  ) throws(PluginHostError) {
    let described = descriptors.map(BundleManifest.Plugin.init)
    let advice = "do not use it: who made it said one thing and built another"
    var defects: [PluginHostError.Defect] = []
    for plugin in manifest.plugins {
      guard let other = described.first(where: { $0.id == plugin.id }) else {
        defects.append(.init("its manifest names \(plugin.id), which it does not hold", advice))
        continue
      }
      defects += differences(plugin, other).map { .init("\(plugin.id): \($0)", advice) }
    }
    for other in described where !manifest.plugins.contains(where: { $0.id == other.id }) {
      defects.append(.init("it holds \(other.id), which its manifest does not name", advice))
    }
    if !defects.isEmpty { throw PluginHostError(.disagreement, subject, defects) }
  }

  private static func differences(
    _ said: BundleManifest.Plugin, _ found: BundleManifest.Plugin
  ) -> [String] {
    var differences: [String] = []
    func compare(_ what: String, _ said: String, _ found: String) {
      if said != found {
        differences.append("its manifest says \(what) \(said), the library says \(found)")
      }
    }
    func kinds(_ plugin: BundleManifest.Plugin) -> String {
      plugin.kinds.map(\.rawValue).sorted().joined(separator: " and ")
    }
    compare("version", said.version, found.version)
    compare("kind", kinds(said), kinds(found))
    compare("state schema", "\"\(said.stateSchema)\"", "\"\(found.stateSchema)\"")
    compare("state version", "\(said.stateVersion)", "\(found.stateVersion)")
    compare("oldest state", "\(said.stateOldest)", "\(found.stateOldest)")
    return differences
  }
}
