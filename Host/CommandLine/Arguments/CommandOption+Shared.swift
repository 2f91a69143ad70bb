extension CommandOption {
  /// For every command that reads the configuration.
  static let configuration = CommandOption.value(
    "config", "FILE", short: "c", "The configuration to read.", initial: "strategies.json",
    environment: "KEEL_CONFIG")
}
