/// The manual of one command, made from its declaration.
struct Manual {
  /// From `keel` down to the command that is described.
  let path: [Command]

  func text(width: Int, palette: Palette = .plain) -> String {
    let page = ManualPage(width: width, palette: palette)
    return (opening(page) + lists(page) + closing(page)).joined(separator: "\n\n")
  }

  private var command: Command { path[path.count - 1] }
  private var name: String { path.map(\.name).joined(separator: " ") }
  private var options: [CommandOption] { CommandOption.accepted(along: path) }

  private func opening(_ page: ManualPage) -> [String] {
    var words = [name]
    words += options.filter { $0.occurrence == .required }.map(\.synopsis)
    words.append("[options]")
    words += command.subcommands.isEmpty ? command.arguments.map(\.synopsis) : ["<command>"]
    var blocks = [page.heading(name, command.summary)]
    blocks.append(page.paragraph("Usage", words.joined(separator: " ")))
    if !command.discussion.isEmpty { blocks.append(page.paragraph("About", command.discussion)) }
    return blocks
  }

  private func lists(_ page: ManualPage) -> [String] {
    var optionRows = options.map { option in (option.synopsis, about(option)) }
    optionRows.append(("-h, --help", "Show this manual."))
    if path.count == 1 { optionRows.append(("--version", "Show the version.")) }
    return [
      page.list("Commands", command.subcommands.map { ($0.name, $0.summary) }),
      page.list("Arguments", command.arguments.map { ($0.synopsis, $0.about) }),
      page.list("Options", optionRows),
      page.examples(command.examples),
    ].filter { !$0.isEmpty }
  }

  private func closing(_ page: ManualPage) -> [String] {
    var variables = options.compactMap { option in
      option.environment.map { ($0, "Stands for --\(option.name) where that is absent.") }
    }
    variables.append(("NO_COLOR", "When set, nothing is coloured."))
    variables.append(("COLUMNS", "The width that manuals are wrapped at."))
    let codes = ExitCode.allCases.map { (String($0.rawValue), $0.about) }
    var related = command.seeAlso.map { "\(path[0].name) \($0)" }
    if path.count > 1 {
      related.append(path.dropLast().map(\.name).joined(separator: " "))
    } else {
      related.append("\(name) help <command>")
    }
    return [
      page.list("Environment", variables),
      page.list("Exit codes", codes),
      page.paragraph("See also", related.joined(separator: ", ")),
    ]
  }

  private func about(_ option: CommandOption) -> String {
    var text = option.about
    if case .choice(let choices) = option.kind {
      text += " One of \(choices.joined(separator: ", "))."
    }
    if let initial = option.initial { text += " Default: \(initial)." }
    if option.occurrence == .required { text += " Required." }
    if option.occurrence == .repeated { text += " May be repeated." }
    return text
  }
}
