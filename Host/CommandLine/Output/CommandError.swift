import JSON

/// Why a command did not do what was asked, in words for its user: what was wrong, where, and
/// what to do. The errors of the edges are translated into it where a command meets them.
struct CommandError: Error {
  /// A line for people, and the same for scripts.
  struct Detail {
    var text: String
    var value: JSONValue

    init(_ text: String, _ value: JSONValue? = nil) {
      self.text = text
      self.value = value ?? .string(text)
    }
  }

  var exitCode: ExitCode
  /// The file, path or id that the message speaks of; empty where there is none.
  var subject: String
  var message: String
  /// One line, imperative.
  var remedy: String
  /// Single defects where one error stands for many.
  var details: [Detail]

  init(
    _ exitCode: ExitCode = .failed, subject: String = "", _ message: String, remedy: String,
    details: [Detail] = []
  ) {
    self.exitCode = exitCode
    self.subject = subject
    self.message = message
    self.remedy = remedy
    self.details = details
  }

  var headline: String { subject.isEmpty ? message : "\(subject): \(message)" }

  var value: JSONValue {
    [
      "exitCode": .integer(exitCode.rawValue), "subject": .string(subject),
      "message": .string(message), "remedy": .string(remedy),
      "details": .array(details.map(\.value)),
    ]
  }
}
