import Glibc
import JSON

/// Who gives a command, as the journal of the session that obeys it will say.
enum Operator {
  /// The user's name; the number where there is none.
  static var name: String {
    let user = geteuid()
    guard let entry = getpwuid(user), let name = entry.pointee.pw_name else {
      return "user \(user)"
    }
    return String(cString: name)
  }

  /// For a request: who, and why where that is said.
  static func members(_ arguments: ParsedArguments) -> [(String, JSONValue)] {
    [("who", .string(name))]
      + (arguments.text("why").map { [("why", .string($0))] } ?? [])
  }
}

extension CommandOption {
  static let slot = CommandOption.value("slot", "NAME", "This slot alone.")
  static let why = CommandOption.value(
    "why", "TEXT", "Journaled with the change, beside your name.")
}
