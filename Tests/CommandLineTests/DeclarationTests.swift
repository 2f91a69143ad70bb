import Foundation
import Testing

@testable import keel

@Suite struct DeclarationTests {
  @Test func theCommandLineOfKeelIsWellDeclared() {
    #expect(Command.keel.declarationDefects() == [])
    #expect(SampleProgram.root.declarationDefects() == [])
  }

  @Test func mistakesInADeclarationAreFound() {
    let bad = Command(
      name: "keel", summary: "Ends with a stop.",
      options: [.flag("json", "x", isInherited: true)],
      subcommands: [
        Command(name: "a", summary: "neither"),
        Command(
          name: "a", summary: "twice",
          arguments: [
            CommandArgument("x", "x", arity: .any), CommandArgument("x", "x"),
          ],
          options: [
            .flag("json", "again"), .flag("help-me", short: "h", "taken"),
            .value("n", "N", "n", kind: .count, initial: "none"),
          ], run: { _, _ in .ok }),
      ])
    let expected = [
      "keel: summary is one line, no full stop",
      "keel: a command name repeats",
      "keel a: has either subcommands or a run",
      "keel a: only the last argument may be optional or repeated",
      "keel a: an argument name repeats",
      "keel a: an option name repeats",
      "keel a: -h is --help everywhere",
      "keel a: --n: its default is wrong: expected a whole number, got 'none'",
    ]
    #expect(bad.declarationDefects() == expected)
  }

  @Test func everyCommandHasAManualWithinItsWidth() {
    func check(_ path: [Command]) {
      for width in [40, 80, 120] {
        let text = Manual(path: path).text(width: width)
        let examples = path[path.count - 1].examples.map(\.line)
        for line in text.split(separator: "\n") where !examples.contains(where: line.contains) {
          #expect(line.count <= width, "\(line)")
        }
      }
      for next in path[path.count - 1].subcommands { check(path + [next]) }
    }
    check([.keel])
    check([SampleProgram.root])
  }

  @Test func examplesAreCommandLinesThatParse() {
    func check(_ command: Command) {
      for example in command.examples {
        #expect(exampleDefect(example.line, root: .keel) == nil, "\(example.line)")
      }
      command.subcommands.forEach(check)
    }
    check(.keel)
    #expect(exampleDefect("keel versoin", root: .keel) != nil)
    #expect(exampleDefect("keep version", root: .keel) == "does not begin with keel")
  }

  /// The lines of README.md that a reader types, as far as they call keel.
  @Test func commandLinesInTheReadmeParse() throws {
    let top = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: top.appending(path: "README.md"), encoding: .utf8)
    var isShell = false
    var count = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") { isShell = line == "```sh" }
      let words = line.split(separator: " ").prefix { !$0.hasPrefix("#") }
      guard isShell, let program = words.first, program.hasSuffix("keel") else { continue }
      let call = (["keel"] + words.dropFirst()).joined(separator: " ")
      #expect(exampleDefect(call, root: .keel) == nil, "\(line)")
      count += 1
    }
    #expect(count > 0)
  }

  private func exampleDefect(_ line: String, root: Command) -> String? {
    let typed = line.split(separator: " ").prefix { $0 != ">" && $0 != "|" }
    var words = typed.map(String.init)
    guard words.removeFirst() == "keel" else { return "does not begin with keel" }
    do throws(UsageError) {
      _ = try ArgumentParser(root: root, environment: [:]).parse(words)
      return nil
    } catch {
      return error.message
    }
  }
}
