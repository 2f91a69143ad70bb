import Testing

@testable import keel

@Suite struct ManualTests {
  @Test func aManualShowsTheWholeDeclaration() {
    let result = SampleProgram(environment: ["COLUMNS": "72"]).run("backtest --help")
    #expect(result.code == .ok)
    #expect(result.errors.isEmpty)
    let expected = """
      keel backtest - run strategies over a tape

      Usage
        keel backtest [options] <tape> [<more> ...]

      About
        First paragraph of what it does.

        Second paragraph, about limits.

      Arguments
        <tape>        the tape to read
        [<more> ...]  further tapes

      Options
        --events <N>            Stop after N events. Default: 10.
        -c, --config <FILE>     The file to read. Default: strategies.json.
        --fee <FRACTION>        Taker fee.
        --speed <SPEED>         How fast. One of real, fastest.
        --set <NAME=VALUE> ...  Set a parameter. May be repeated.
        -q, --quiet             Say less.
        --json                  One line of JSON.
        -h, --help              Show this manual.

      Examples
        keel backtest day.tape --events 5
            Five events.

      Environment
        KEEL_CONFIG  Stands for --config where that is absent.
        NO_COLOR     When set, nothing is coloured.
        COLUMNS      The width that manuals are wrapped at.

      Exit codes
        0    done
        1    failed
        2    the command line was wrong
        3    the configuration was wrong
        4    refused by risk limits or by trust
        5    the host could not be reached
        130  interrupted before the end; what is written is whole

      See also
        keel plugin list, keel

      """
    #expect(result.answer == expected)
  }

  @Test(arguments: [
    ("--help", "keel - trades"), ("help", "keel - trades"), ("-h", "keel - trades"),
    ("plugin -h", "keel plugin - look at plugins"),
    ("help plugin list", "keel plugin list - list plugins"),
    ("plugin info --wrong --help", "keel plugin info - describe a plugin"),
  ])
  func helpIsFoundAnywhere(line: String, begins: String) {
    let result = SampleProgram().run(line)
    #expect(result.code == .ok)
    #expect(result.answer.hasPrefix(begins + "\n"))
  }

  @Test func afterTheEndOfOptionsHelpIsAName() {
    #expect(SampleProgram().run("backtest -- --help").answer.hasPrefix("tape=--help"))
  }

  @Test func nothingAtAllShowsTheManualAsAMistake() {
    let result = SampleProgram().run("")
    #expect(result.code == .usage)
    #expect(result.answer.isEmpty)
    #expect(result.errors.hasPrefix("keel - trades\n"))
  }

  @Test func versionIsOneLine() {
    let text = SampleProgram().run("--version")
    #expect(text.code == .ok)
    #expect(text.answer.hasPrefix("keel \(VersionCommand.number), plugin ABI "))
    #expect(text.answer.filter { $0 == "\n" }.count == 1)
  }
}
