import PluginABI

/// A command on its way to the venue.
struct VenueCommand: BitwiseCopyable {
  var order: keel_order
  var arrival: Int64
}
