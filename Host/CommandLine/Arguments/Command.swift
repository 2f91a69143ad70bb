/// A verb of `keel`, declared as a value. Parsing, validation and the manual all come from it,
/// so that they cannot disagree. A command has either subcommands or a `run`.
struct Command: Sendable {
  typealias Run = @Sendable (ParsedArguments, Output) throws(CommandError) -> ExitCode

  struct Example: Sendable {
    var line: String
    var about: String
    init(_ line: String, _ about: String) {
      self.line = line
      self.about = about
    }
  }

  var name: String
  /// One line, lower case, no full stop: it stands in the list of commands.
  var summary: String
  /// Paragraphs are separated by an empty line.
  var discussion: String
  var arguments: [CommandArgument]
  var options: [CommandOption]
  var examples: [Example]
  /// Other commands, by the words that follow `keel`.
  var seeAlso: [String]
  var subcommands: [Command]
  var run: Run?

  init(
    name: String, summary: String, discussion: String = "", arguments: [CommandArgument] = [],
    options: [CommandOption] = [], examples: [Example] = [], seeAlso: [String] = [],
    subcommands: [Command] = [], run: Run? = nil
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments
    self.options = options
    self.examples = examples
    self.seeAlso = seeAlso
    self.subcommands = subcommands
    self.run = run
  }

  func subcommand(named name: String) -> Command? { subcommands.first { $0.name == name } }

  /// Every mistake of this declaration and those below it, as "keel plugin list: why".
  func declarationDefects(under parents: [Command] = []) -> [String] {
    let path = parents + [self]
    let name = path.map(\.name).joined(separator: " ")
    var defects: [String] = []
    func require(_ isRight: Bool, _ why: String) {
      if !isRight { defects.append("\(name): \(why)") }
    }
    require(subcommands.isEmpty != (run == nil), "has either subcommands or a run")
    require(subcommands.isEmpty || arguments.isEmpty, "a group takes no arguments")
    require(!summary.isEmpty && !summary.hasSuffix("."), "summary is one line, no full stop")
    require(
      arguments.dropLast().allSatisfy { $0.arity == .one },
      "only the last argument may be optional or repeated")
    require(Set(arguments.map(\.name)).count == arguments.count, "an argument name repeats")
    require(Set(subcommands.map(\.name)).count == subcommands.count, "a command name repeats")
    let options = CommandOption.accepted(along: path)
    require(Set(options.map(\.name)).count == options.count, "an option name repeats")
    let shorts = options.compactMap(\.short)
    require(Set(shorts).count == shorts.count, "a short option repeats")
    require(!shorts.contains("h"), "-h is --help everywhere")
    for option in options {
      if let initial = option.initial, let defect = option.kind.defect(of: initial) {
        require(false, "--\(option.name): its default is wrong: \(defect)")
      }
    }
    return defects + subcommands.flatMap { $0.declarationDefects(under: path) }
  }
}
