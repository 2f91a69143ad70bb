package import PluginConformance

/// The plugin file that is checked, and how its instances are made.
package struct PluginSubject: Sendable {
  package var path: String
  package var seed: UInt64
  /// What `create` is given.
  package var config: String
  /// `name=value` of parameters, beside their defaults.
  package var settings: [String]
  /// Where steps are noted for whoever finds this process dead.
  var progress: Int32 = -1

  package init(path: String, seed: UInt64 = 1, config: String = "", settings: [String] = []) {
    self.path = path
    self.seed = seed
    self.config = config
    self.settings = settings
  }

  /// The same as words for a child's command line.
  var words: [String] {
    ["--seed", "\(seed)"] + (config.isEmpty ? [] : ["--create-config", config])
      + settings.flatMap { ["--set", $0] }
  }

  package func withOptions<Result>(
    _ body: (inout conformance_options) -> Result
  ) -> Result {
    let texts = ([path, config] + settings).map { Array($0.utf8CString) }
    let joined = texts.flatMap { $0 }
    return joined.withUnsafeBufferPointer { all in
      var starts: [UnsafePointer<CChar>?] = []
      var offset = 0
      for text in texts {
        starts.append(all.baseAddress! + offset)
        offset += text.count
      }
      return starts.withUnsafeBufferPointer { pointers in
        var options = conformance_options()
        options.path = pointers[0]
        options.config = pointers[1]
        options.settings = pointers.baseAddress! + 2
        options.settings_count = UInt32(settings.count)
        options.progress = progress
        options.seed = seed
        return body(&options)
      }
    }
  }
}
