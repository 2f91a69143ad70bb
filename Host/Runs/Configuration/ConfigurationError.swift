package import JSON

/// One thing that is wrong with a configuration: where, what, and what to write instead.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// `strategies[0].parameters.fast`; empty for the file as a whole.
  package let path: String
  package let message: String
  /// Empty where the message already says it.
  package let remedy: String
  package let position: JSONPosition?

  package init(_ path: String, _ message: String, remedy: String = "", at position: JSONPosition?) {
    self.path = path
    self.message = message
    self.remedy = remedy
    self.position = position
  }

  package var description: String {
    (path.isEmpty ? "" : "\(path): ") + message + (remedy.isEmpty ? "" : "; \(remedy)")
  }
}

/// Everything that is wrong with one file, in the order of the file.
package struct ConfigurationErrors: Error, Sendable, CustomStringConvertible {
  package let file: String
  package let errors: [ConfigurationError]

  package var description: String {
    errors.map { error in
      let line = error.position.map { ":\($0.line)" } ?? ""
      return "\(file)\(line): \(error)"
    }.joined(separator: "\n")
  }
}
