extension CommandOption {
  /// For every command that reads the configuration.
  static let configuration = CommandOption.value(
    "config", "FILE", short: "c", "The configuration to read.", initial: "strategies.json",
    environment: "KEEL_CONFIG")
}

extension ParsedArguments {
  /// Whether there is a configuration to read, or one was named.
  var hasConfiguration: Bool {
    guard let path = text("config"), path == CommandOption.configuration.initial else {
      return true
    }
    return ProcessEnvironment.exists(path)
  }
}
