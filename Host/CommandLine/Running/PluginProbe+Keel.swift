import PluginHost

extension PluginProbe {
  /// Loads a library in a child of this same program; nil only when the child described it. A
  /// probe that could not run says as little for a library as one that crashed.
  static func tryInChild(_ path: String) -> PluginHostError? {
    do throws(PluginHostError) {
      let report = try run(
        executable: "/proc/self/exe", arguments: ["plugin", "probe", path],
        timeout: .seconds(10))
      // A constructor that ends its process ends it with success when it likes.
      guard report.output.contains("{\"plugins\":[") else {
        throw PluginHostError(
          .probe, path, "the probe ended before it had described the library",
          remedy: "see whether its constructors, its init or create end the process")
      }
      return nil
    } catch { return error }
  }
}
