package import PluginHost
package import Storage

/// Why a session could not start, or stopped.
package struct SessionError: Error, Sendable, CustomStringConvertible {
  package enum Cause: Sendable {
    case plugin(PluginHostError)
    case storage(StorageError)
    case setup
    /// What was asked for is none: a slot, an instrument or a time that is not there.
    case usage
    /// The host's own rules forbid it: an unknown slot, a swap while one is under way.
    case refused
  }

  package let cause: Cause
  /// The slot, provider or path concerned.
  package let subject: String
  package let message: String
  package let remedy: String

  package init(_ cause: Cause, _ subject: String, _ message: String, remedy: String) {
    self.cause = cause
    self.subject = subject
    self.message = message
    self.remedy = remedy
  }

  package init(_ error: PluginHostError, at subject: String) {
    let place = subject == error.subject ? subject : "\(subject): \(error.subject)"
    self.init(.plugin(error), place, error.message, remedy: error.remedy)
  }

  package init(_ error: StorageError) {
    self.init(.storage(error), error.subject, error.message, remedy: error.remedy)
  }

  package var description: String { "\(subject): \(message); \(remedy)" }
}
