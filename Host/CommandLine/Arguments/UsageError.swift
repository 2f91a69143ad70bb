/// A command line that cannot be understood: one line why, one line how to get help.
struct UsageError: Error, Equatable, CustomStringConvertible {
  var message: String
  /// The command whose manual helps, such as "keel plugin list".
  var command: String

  var help: String { "Run '\(command) --help' for its manual." }
  var description: String { "\(message)\n\(help)" }
}
