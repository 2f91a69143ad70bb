import Testing
import Wording

@testable import keel

@Suite struct ArgumentParserTests {
  private func answer(_ line: String, _ environment: [String: String] = [:]) -> String {
    let result = SampleProgram(environment: environment).run(line)
    return result.code == .ok ? result.answer.trimmed : "\(result.code): \(result.errors)"
  }

  @Test func valuesInEveryForm() {
    #expect(
      answer("backtest a.tape")
        == "tape=a.tape more=[] events=10 config=strategies.json fee=- set=[]")
    #expect(
      answer("backtest --events 5 a --events-less") == "usage: keel: error: unknown option "
        + "'--events-less'\nRun 'keel backtest --help' for its manual.\n")
    #expect(
      answer("backtest -c my.json --events=7 a b c -q --fee -0.5 --set x=1 --set=y=2 --json")
        == #"tape=a more=["b", "c"] events=7 config=my.json fee=-0.5 set=["x=1", "y=2"] quiet json"#
    )
    #expect(
      answer("--json backtest a")
        == "tape=a more=[] events=10 config=strategies.json fee=- set=[] json")
    #expect(
      answer("backtest -- --events -q")
        == #"tape=--events more=["-q"] events=10 config=strategies.json fee=- set=[]"#)
    #expect(answer("backtest -").hasPrefix("tape=- "))
  }

  @Test func theEnvironmentStandsInForAnAbsentOption() {
    let environment = ["KEEL_CONFIG": "env.json"]
    #expect(answer("backtest a", environment).contains("config=env.json"))
    #expect(answer("backtest a -c own.json", environment).contains("config=own.json"))
    #expect(answer("backtest a", ["KEEL_CONFIG": ""]).contains("config=strategies.json"))
  }

  @Test(arguments: [
    ("backtest --evnts 5 a", "unknown option '--evnts'; did you mean '--events'?", "keel backtest"),
    ("backtest a -x", "unknown option '-x'", "keel backtest"),
    ("backtest a -quiet", "unknown option '-quiet'; did you mean '--quiet'?", "keel backtest"),
    ("backtets a", "unknown command 'keel backtets'; did you mean 'backtest'?", "keel"),
    ("plugin lsit", "unknown command 'keel plugin lsit'; did you mean 'list'?", "keel plugin"),
    ("help plugin lits", "unknown command 'keel plugin lits'; did you mean 'list'?", "keel plugin"),
    ("wibble", "unknown command 'keel wibble'", "keel"),
    ("plugin", "'keel plugin' needs a command: list, info", "keel plugin"),
    ("backtest", "missing <tape>: the tape to read", "keel backtest"),
    (
      "backtest a --events ten", "--events: expected a whole number, got 'ten'", "keel backtest"
    ),
    (
      "backtest a --events=0", "--events: expected a whole number of at least 1, got '0'",
      "keel backtest"
    ),
    ("backtest a --events", "--events: missing its value <N>", "keel backtest"),
    (
      "backtest a --config --quiet",
      "--config: missing its value <FILE>; write --config=--quiet if '--quiet' is meant",
      "keel backtest"
    ),
    ("backtest a --config=", "--config: expected some text, got an empty value", "keel backtest"),
    (
      "backtest a --events 1 --events 2", "--events is given twice; it is accepted once",
      "keel backtest"
    ),
    ("backtest a --quiet=yes", "--quiet takes no value, got 'yes'", "keel backtest"),
    (
      "backtest a --fee 1e3", "--fee: expected a decimal number such as 0.25, got '1e3'",
      "keel backtest"
    ),
    (
      "backtest a --speed fast",
      "--speed: expected real or fastest, got 'fast'; did you mean 'fastest'?", "keel backtest"
    ),
    (
      "plugin list extra",
      "unexpected argument 'extra'; 'keel plugin list' takes no arguments", "keel plugin list"
    ),
    ("plugin info 3", "missing --out <FILE>: Where to.", "keel plugin info"),
    (
      "plugin info 12 --out f", "<index>: expected a whole number from 0 to 9, got '12'",
      "keel plugin info"
    ),
    (
      "plugin info 1 2 --out f",
      "unexpected argument '2'; 'keel plugin info' takes <index>", "keel plugin info"
    ),
  ])
  func mistakesAreNamed(line: String, message: String, command: String) {
    let result = SampleProgram().run(line)
    #expect(result.code == .usage)
    #expect(result.answer.isEmpty)
    #expect(
      result.errors == "keel: error: \(message)\nRun '\(command) --help' for its manual.\n")
  }

  @Test func aWrongValueInTheEnvironmentIsNamedAsSuch() {
    let root = Command(
      name: "keel", summary: "trades",
      subcommands: [
        Command(
          name: "go", summary: "go",
          options: [.value("n", "N", "How many.", kind: .count, environment: "KEEL_N")],
          run: { _, _ in .ok })
      ])
    let parser = ArgumentParser(root: root, environment: ["KEEL_N": "few"])
    #expect(
      throws: UsageError(
        message: "KEEL_N in the environment: expected a whole number, got 'few'",
        command: "keel go")
    ) { _ = try parser.parse(["go"]) }
  }

  @Test func nearestWord() {
    #expect(Suggestion.distance("swap", "sawp") == 1)
    #expect(Suggestion.distance("", "abc") == 3)
    #expect(Suggestion.nearest(to: "conf", among: ["config", "check"]) == "config")
    #expect(Suggestion.nearest(to: "zzz", among: ["config", "check"]) == nil)
    #expect(Suggestion.nearest(to: "c", among: ["config", "check"]) == nil)
    #expect(Suggestion.remedy(for: "cofnig", among: ["config"]) == "did you mean \"config\"?")
    #expect(Suggestion.remedy(for: "zzz", among: ["a", "b"]) == "choose one of \"a\", \"b\"")
    #expect(Suggestion.remedy(for: "zzz", among: []) == "there is none to choose from")
    let many = (0..<14).map { "name\($0)" }
    #expect(Suggestion.remedy(for: "zzz", among: many).hasSuffix("\"name11\" and 2 more"))
  }

  @Test func undeclaredNamesAreBugs() async {
    await #expect(processExitsWith: .failure) {
      let arguments = ParsedArguments(path: [.keel], optionValues: [:], argumentValues: [:])
      _ = arguments.text("no-such-option")
    }
  }
}

extension String {
  var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
