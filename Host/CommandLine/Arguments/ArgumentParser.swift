/// Words to a command and its values, strictly: everything must be declared, nothing is guessed.
/// `--help` wins over every mistake beside it.
struct ArgumentParser {
  enum Invocation {
    case run(Command.Run, ParsedArguments)
    /// Not requested where the words named a group of commands only.
    case manual(path: [Command], isRequested: Bool)
    case version
  }

  let root: Command
  let environment: [String: String]

  func parse(_ words: [String]) throws(UsageError) -> Invocation {
    if words.isEmpty { return .manual(path: [root], isRequested: false) }
    let beforeEnd = words.prefix { $0 != "--" }
    if beforeEnd.contains("--help") || beforeEnd.contains("-h") {
      return .manual(path: namedPath(words), isRequested: true)
    }
    if words.first == "help" {
      return .manual(path: try helpPath(Array(words.dropFirst())), isRequested: true)
    }
    if words == ["--version"] { return .version }
    var scan = ArgumentScan(root: root)
    for word in words { try scan.take(word) }
    let parsed = try scan.finish(environment: environment)
    guard let run = scan.path[scan.path.count - 1].run else {
      preconditionFailure("a command without subcommands has a run")
    }
    return .run(run, parsed)
  }

  /// The longest chain of commands that the words name; unknown ones are passed over.
  private func namedPath(_ words: [String]) -> [Command] {
    var path = [root]
    for word in words where !word.hasPrefix("-") {
      if let next = path[path.count - 1].subcommand(named: word) { path.append(next) }
    }
    return path
  }

  private func helpPath(_ words: [String]) throws(UsageError) -> [Command] {
    var path = [root]
    for word in words {
      let parent = path[path.count - 1]
      guard let next = parent.subcommand(named: word) else {
        throw ArgumentScan.unknownCommand(word, along: path)
      }
      path.append(next)
    }
    return path
  }
}
