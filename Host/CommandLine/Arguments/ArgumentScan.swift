import Wording

/// The state of a parse between two words: where in the tree of commands, which values so far,
/// and which option still waits for its value.
struct ArgumentScan {
  private(set) var path: [Command]
  private var optionValues: [String: [String]] = [:]
  private var positional: [String] = []
  private var pending: CommandOption?
  private var isEnded = false

  init(root: Command) { path = [root] }

  private var command: Command { path[path.count - 1] }
  private var commandText: String { path.map(\.name).joined(separator: " ") }
  private var accepted: [CommandOption] { CommandOption.accepted(along: path) }

  mutating func take(_ word: String) throws(UsageError) {
    if let option = pending {
      if Self.looksLikeOption(word) {
        throw usage(
          "--\(option.name): missing its value <\(option.valueName ?? "")>; "
            + "write --\(option.name)=\(word) if '\(word)' is meant")
      }
      pending = nil
      try store(word, for: option)
    } else if isEnded {
      positional.append(word)
    } else if word == "--" {
      isEnded = true
    } else if word.hasPrefix("--") {
      try takeLong(word)
    } else if Self.looksLikeOption(word) {
      try takeShort(word)
    } else if !command.subcommands.isEmpty {
      guard let next = command.subcommand(named: word) else {
        throw Self.unknownCommand(word, along: path)
      }
      path.append(next)
    } else {
      positional.append(word)
    }
  }

  mutating func finish(environment: [String: String]) throws(UsageError) -> ParsedArguments {
    if let option = pending {
      throw usage("--\(option.name): missing its value <\(option.valueName ?? "")>")
    }
    if !command.subcommands.isEmpty {
      let names = command.subcommands.map(\.name).joined(separator: ", ")
      throw usage("'\(commandText)' needs a command: \(names)")
    }
    try fillAbsent(from: environment)
    let arguments = try assignPositional()
    return ParsedArguments(path: path, optionValues: optionValues, argumentValues: arguments)
  }

  static func unknownCommand(_ word: String, along path: [Command]) -> UsageError {
    let text = path.map(\.name).joined(separator: " ")
    let names = path[path.count - 1].subcommands.map(\.name)
    return UsageError(
      message: "unknown command '\(text) \(word)'" + Suggestion.phrase(for: word, among: names),
      command: text)
  }

  /// A dash alone is a name for standard input, and -5 is a number.
  private static func looksLikeOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), word.count > 1 else { return false }
    return word.dropFirst().first.map { !$0.isNumber && $0 != "." } ?? false
  }

  private mutating func takeLong(_ word: String) throws(UsageError) {
    let body = word.dropFirst(2)
    let split = body.firstIndex(of: "=")
    let name = String(body[..<(split ?? body.endIndex)])
    guard let option = accepted.first(where: { $0.name == name }) else {
      let known = accepted.map(\.name) + ["help"]
      throw usage(
        "unknown option '--\(name)'" + Suggestion.phrase(for: name, among: known, prefix: "--"))
    }
    let value = split.map { String(body[body.index(after: $0)...]) }
    try accept(option, value)
  }

  private mutating func takeShort(_ word: String) throws(UsageError) {
    guard let option = accepted.first(where: { $0.short.map { "-\($0)" } == word }) else {
      let name = String(word.dropFirst())
      let known = accepted.map(\.name).filter { $0 == name }
      throw usage(
        "unknown option '\(word)'" + Suggestion.phrase(for: name, among: known, prefix: "--"))
    }
    try accept(option, nil)
  }

  private mutating func accept(_ option: CommandOption, _ value: String?) throws(UsageError) {
    if optionValues[option.name] != nil, option.occurrence != .repeated {
      throw usage("--\(option.name) is given twice; it is accepted once")
    }
    if option.isFlag {
      if let value { throw usage("--\(option.name) takes no value, got '\(value)'") }
      optionValues[option.name] = []
    } else if let value {
      try store(value, for: option)
    } else {
      pending = option
    }
  }

  private mutating func store(_ value: String, for option: CommandOption) throws(UsageError) {
    if let defect = option.kind.defect(of: value) { throw usage("--\(option.name): \(defect)") }
    optionValues[option.name, default: []].append(value)
  }

  private mutating func fillAbsent(from environment: [String: String]) throws(UsageError) {
    for option in accepted where !option.isFlag && optionValues[option.name] == nil {
      if let variable = option.environment, let value = environment[variable], !value.isEmpty {
        if let defect = option.kind.defect(of: value) {
          throw usage("\(variable) in the environment: \(defect)")
        }
        optionValues[option.name] = [value]
      } else if let initial = option.initial {
        optionValues[option.name] = [initial]
      } else if option.occurrence == .required {
        throw usage("missing --\(option.name) <\(option.valueName ?? "")>: \(option.about)")
      }
    }
  }

  private func assignPositional() throws(UsageError) -> [String: [String]] {
    var rest = positional[...]
    var values: [String: [String]] = [:]
    for argument in command.arguments {
      let taken: ArraySlice<String>
      switch argument.arity {
      case .one, .optional: taken = rest.prefix(1)
      case .any, .some: taken = rest
      }
      if taken.isEmpty, argument.arity == .one || argument.arity == .some {
        throw usage("missing <\(argument.name)>: \(argument.about)")
      }
      for value in taken {
        if let defect = argument.kind.defect(of: value) {
          throw usage("<\(argument.name)>: \(defect)")
        }
      }
      values[argument.name] = Array(taken)
      rest = rest.dropFirst(taken.count)
    }
    if let extra = rest.first {
      let taken = command.arguments.map(\.synopsis).joined(separator: " ")
      throw usage(
        "unexpected argument '\(extra)'; '\(commandText)' takes "
          + (taken.isEmpty ? "no arguments" : taken))
    }
    return values
  }

  private func usage(_ message: String) -> UsageError {
    UsageError(message: message, command: commandText)
  }
}
