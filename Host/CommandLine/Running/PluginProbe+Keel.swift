import JSON
import PluginHost

extension PluginProbe {
  /// Loads a library in a child of this same program; nil only when the child described it. A
  /// probe that could not run says as little for a library as one that crashed.
  static func tryInChild(_ path: String) -> PluginHostError? {
    do throws(PluginHostError) {
      _ = try describe(path)
      return nil
    } catch { return error }
  }

  /// What a library, or the library of a bundle, says of itself in a child.
  static func describe(_ path: String) throws(PluginHostError) -> [BundleManifest.Plugin] {
    let report = try run(
      executable: "/proc/self/exe", arguments: ["plugin", "probe", path], timeout: .seconds(10))
    // A constructor that ends its process ends it with success when it likes, and may say things.
    for line in report.output.split(separator: "\n").reversed() {
      guard let value = try? JSONValue.parse(String(line)),
        let plugins = value["plugins"]?.elements?.map(plugin),
        !plugins.contains(where: { $0 == nil })
      else { continue }
      return plugins.compactMap(\.self)
    }
    throw PluginHostError(
      .probe, path, "the probe ended before it had described the library",
      remedy: "see whether its constructors, its init or create end the process")
  }

  private static func plugin(_ value: JSONValue) -> BundleManifest.Plugin? {
    func number(_ key: String) -> UInt32? { value[key]?.integer.flatMap(UInt32.init(exactly:)) }
    guard let id = value["id"]?.string, let version = value["version"]?.string,
      let kinds = value["kinds"]?.elements?.compactMap({ $0.string.flatMap(PluginKind.init) }),
      let schema = value["stateSchema"]?.string, let current = number("stateVersion"),
      let oldest = number("stateOldest")
    else { return nil }
    return BundleManifest.Plugin(
      id: id, version: version, kinds: kinds, stateSchema: schema, stateVersion: current,
      stateOldest: oldest)
  }
}
