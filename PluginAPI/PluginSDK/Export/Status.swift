internal import PluginABI

/// The C status constants in the type that functions answer: Swift sees them as plain `Int`.
enum Status {
  static var ok: keel_status { keel_status(KEEL_OK) }
  static var end: keel_status { keel_status(KEEL_S_END) }
  static var argument: keel_status { keel_status(KEEL_E_ARG) }
  static var unsupported: keel_status { keel_status(KEEL_E_UNSUPPORTED) }
  static var state: keel_status { keel_status(KEEL_E_STATE) }
  static var version: keel_status { keel_status(KEEL_E_VERSION) }
  static var full: keel_status { keel_status(KEEL_E_FULL) }
  static var io: keel_status { keel_status(KEEL_E_IO) }
}
