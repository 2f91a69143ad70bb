/// Why a search could not be understood, begun or ended, in words for whoever asked for it.
package struct ResearchError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    /// What was asked for makes no sense.
    case usage
    /// The directory holds trials of another search, or another one is writing to it.
    case occupied
    /// The directory's own record of what was done cannot be trusted.
    case damaged
    case io
    /// No trial ended well.
    case allFailed
    case interrupted
  }
  package let code: Code
  /// The option, file or directory that the message speaks of.
  package let subject: String
  package let message: String
  package let remedy: String

  package init(_ code: Code, _ subject: String, _ message: String, remedy: String) {
    self.code = code
    self.subject = subject
    self.message = message
    self.remedy = remedy
  }

  package var description: String { "\(subject): \(message); \(remedy)" }
}
