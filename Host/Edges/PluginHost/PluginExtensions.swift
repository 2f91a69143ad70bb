import PluginABI

/// What an instance offers beside its lifecycle; nil: it does not.
struct PluginExtensions {
  typealias Process =
    @convention(c) (
      UnsafeMutablePointer<keel_plugin>?, UnsafePointer<keel_batch>?, UnsafePointer<keel_sink>?
    ) -> keel_status

  var process: Process?
  var data: UnsafePointer<keel_data>?
  var params: UnsafePointer<keel_params>?
  var state: UnsafePointer<keel_state>?
  var interests: UnsafePointer<keel_interests>?
  var swap: UnsafePointer<keel_swap>?
}
