/// What may be loaded from a directory.
package enum CodePolicy: String, Sendable, CaseIterable {
  /// Also bare libraries, and bundles nobody signed: whoever can write there is trusted.
  case trusted
  /// Bundles alone that somebody in the trust store signed.
  case signed
  /// Whatever lies there, and in worker processes alone.
  case workers
}

/// A directory that plugins are loaded from.
package struct PluginDirectory: Sendable, Equatable {
  package let path: String
  package let policy: CodePolicy

  package init(path: String, policy: CodePolicy) {
    self.path = path
    self.policy = policy
  }
}
