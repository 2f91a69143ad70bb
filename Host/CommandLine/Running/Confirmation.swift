import Glibc

/// A question to whoever sits at the terminal.
enum Confirmation {
  /// Only a plain yes is one. Where nobody sits there, `--yes` has to have been said before.
  static func ask(
    _ question: String, _ arguments: ParsedArguments, _ output: Output
  ) throws(CommandError) -> Bool {
    if arguments.flag("yes") { return true }
    guard isatty(STDIN_FILENO) == 1, !arguments.isJSON else {
      throw CommandError(
        .usage, subject: "--yes", "nobody is there to answer: \(question)",
        remedy: "say yes beforehand, with --yes, once you have read what it asks for")
    }
    output.text("\(question) [y/N] ")
    output.flush()
    let answer = readLine()?.lowercased() ?? ""
    return answer == "y" || answer == "yes"
  }
}

extension CommandOption {
  static let yes = CommandOption.flag("yes", short: "y", "Do it without asking.")
}
