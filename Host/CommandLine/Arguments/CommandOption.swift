/// A named option: a flag, or one that takes a value of a declared kind.
struct CommandOption: Sendable {
  enum Occurrence: Sendable {
    case optional, required
    /// May be given any number of times; read with `ParsedArguments.list`.
    case repeated
  }

  /// Without the dashes.
  var name: String
  var short: Character?
  var about: String
  /// nil for a flag.
  var valueName: String?
  var kind: ValueKind
  /// As it would be typed.
  var initial: String?
  /// Read where the option is absent; before `initial`.
  var environment: String?
  var occurrence: Occurrence
  /// Accepted by every command below the one that declares it.
  var isInherited: Bool

  static func flag(
    _ name: String, short: Character? = nil, _ about: String, isInherited: Bool = false
  ) -> CommandOption {
    CommandOption(
      name: name, short: short, about: about, valueName: nil, kind: .text, initial: nil,
      environment: nil, occurrence: .optional, isInherited: isInherited)
  }

  static func value(
    _ name: String, _ valueName: String, short: Character? = nil, _ about: String,
    kind: ValueKind = .text, initial: String? = nil, environment: String? = nil,
    occurrence: Occurrence = .optional, isInherited: Bool = false
  ) -> CommandOption {
    CommandOption(
      name: name, short: short, about: about, valueName: valueName, kind: kind,
      initial: initial, environment: environment, occurrence: occurrence,
      isInherited: isInherited)
  }

  var isFlag: Bool { valueName == nil }

  /// `-o, --output <FILE>`, as a manual shows it.
  var synopsis: String {
    let dashed = (short.map { "-\($0), " } ?? "") + "--\(name)"
    guard let valueName else { return dashed }
    return dashed + " <\(valueName)>" + (occurrence == .repeated ? " ..." : "")
  }

  /// What the last command of a path accepts: its own options, then those it inherits.
  static func accepted(along path: [Command]) -> [CommandOption] {
    (path.last?.options ?? [])
      + path.dropLast().reversed().flatMap { $0.options.filter(\.isInherited) }
  }
}
