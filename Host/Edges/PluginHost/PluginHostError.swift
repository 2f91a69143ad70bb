/// What went wrong between host and plugin, in the user's words. One error may carry several
/// defects: a file or a configuration is checked to its end, so that it is mended in one go.
package struct PluginHostError: Error, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable {
    case missing, unreadable, notASharedObject, foreign, lint, refusedByPolicy, loadFailed, abi
    case descriptor, unknownPlugin, create, parameter, state, activate, capacity, fault, probe
    /// A bundle that is malformed, one that is not whole yet, code that nobody trusted stands for,
    /// a manifest that says other than its library, and a file of keys that cannot be used.
    case bundle, incomplete, untrusted, disagreement, key
  }

  package struct Defect: Sendable, Equatable {
    package let message: String
    package let remedy: String
    package init(_ message: String, _ remedy: String) {
      self.message = message
      self.remedy = remedy
    }
  }

  package let code: Code
  /// A file, a plugin id or the name of a slot.
  package let subject: String
  package let defects: [Defect]

  package init(_ code: Code, _ subject: String, _ message: String, remedy: String) {
    self.init(code, subject, [Defect(message, remedy)])
  }

  package init(_ code: Code, _ subject: String, _ defects: [Defect]) {
    precondition(!defects.isEmpty, "an error says at least one thing that was wrong")
    self.code = code
    self.subject = subject
    self.defects = defects
  }

  package var message: String { defects.map(\.message).joined(separator: "; ") }

  /// Each advice once, in the order of the defects.
  package var remedy: String {
    var seen: [String] = []
    for defect in defects where !seen.contains(defect.remedy) { seen.append(defect.remedy) }
    return seen.joined(separator: "; ")
  }

  package var description: String {
    guard defects.count > 1 else { return "\(subject): \(message); \(remedy)" }
    let lines = defects.map { "\n  - \($0.message); \($0.remedy)" }.joined()
    return "\(subject): \(defects.count) defects:\(lines)"
  }
}
