/// The values of one command line, checked against the declaration. Asking for a name that the
/// command does not declare is a bug, not an absent value.
struct ParsedArguments: Sendable {
  /// The words that chose the command, `keel` first.
  let command: [String]
  private let options: [String: CommandOption]
  private let arguments: Set<String>
  private let optionValues: [String: [String]]
  private let argumentValues: [String: [String]]

  init(
    path: [Command], optionValues: [String: [String]], argumentValues: [String: [String]]
  ) {
    command = path.map(\.name)
    let accepted = CommandOption.accepted(along: path).map { ($0.name, $0) }
    options = Dictionary(accepted) { own, _ in own }
    arguments = Set(path.last?.arguments.map(\.name) ?? [])
    self.optionValues = optionValues
    self.argumentValues = argumentValues
  }

  var isJSON: Bool { options["json"] != nil && flag("json") }

  func flag(_ name: String) -> Bool {
    precondition(options[name]?.isFlag == true, "--\(name) is not declared as a flag")
    return optionValues[name] != nil
  }

  /// As typed, from the environment, or the default; nil when there is none of them.
  func text(_ name: String) -> String? { list(name).last }

  func list(_ name: String) -> [String] {
    precondition(options[name]?.isFlag == false, "--\(name) is not declared with a value")
    return optionValues[name] ?? []
  }

  func integer(_ name: String) -> Int? {
    guard case .integer = options[name]?.kind else {
      preconditionFailure("--\(name) is not declared as a whole number")
    }
    return text(name).flatMap { Int($0) }
  }

  func argument(_ name: String) -> String? { arguments(name).last }

  func arguments(_ name: String) -> [String] {
    precondition(arguments.contains(name), "<\(name)> is not declared")
    return argumentValues[name] ?? []
  }
}
