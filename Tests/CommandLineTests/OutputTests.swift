import JSON
import Testing

@testable import keel

@Suite struct OutputTests {
  @Test func aFailureSaysWhatWhereAndWhatToDo() {
    let text = SampleProgram().run("swap")
    #expect(text.code == .refused)
    #expect(text.answer.isEmpty)
    #expect(
      text.errors == """
        keel: error: new.so: it exports more than its entry
          exports 'helper'
        Build it with plugin.map.

        """)
    let json = SampleProgram().run("swap --json")
    #expect(
      json.answer.trimmed
        == #"{"error":{"exitCode":4,"subject":"new.so","message":"it exports more than its "#
        + #"entry","remedy":"Build it with plugin.map.","details":["exports 'helper'"]}}"#)
  }

  @Test func exitCodesAreStable() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 130])
    #expect(ExitCode.refused.rawValue == 4)
  }

  @Test func coloursOnlyWhereTheyAreWanted() {
    func isColoured(_ environment: [String: String], _ isTerminal: Bool) -> Bool {
      SampleProgram(environment: environment, isTerminal: isTerminal).run("swap").errors
        .contains("\u{1B}[")
    }
    #expect(isColoured([:], true))
    #expect(!isColoured([:], false))
    #expect(!isColoured(["NO_COLOR": "1"], true))
    #expect(isColoured(["NO_COLOR": ""], true))
    #expect(!isColoured(["TERM": "dumb"], true))
  }

  @Test func tablesAlign() {
    var table = Table([.leading("slot"), .trailing("orders"), .leading("state")])
    table.add(["sma", "7", "live"])
    table.add(["币安", "1200", ""])
    #expect(
      table.lines() == [
        "slot  orders  state",
        "sma        7  live",
        "币安    1200",
      ])
  }

  @Test func jsonIsOneLine() {
    let result = SampleProgram.result { $0.json(["price": .integer(7), "name": "a\nb"]) }
    #expect(result.answer == #"{"price":7,"name":"a\nb"}"# + "\n")
  }

  @Test func progressKnowsRateAndRemainingTime() {
    var progress = Progress("backtest", unit: "events", total: 4_000_000, now: 0)
    #expect(
      progress.advance(to: 1_000_000, now: 2_000_000_000)
        == "backtest  25%  1.0 M events  500.0 k events/s  00:06 left")
    #expect(progress.advance(to: 1_000_001, now: 2_050_000_000) == nil)
    #expect(progress.advance(to: 4_000_000, now: 2_060_000_000)?.contains("100%") == true)
    #expect(Progress.clock(7_500) == "2:05:00")
    #expect(Progress.short(999) == "999")
    #expect(Progress.short(1_234) == "1.2 k")
  }

  @Test func progressIsForTerminalsOnly() {
    for isTerminal in [true, false] {
      let errors = OutputStream(capturingAsTerminal: isTerminal)
      let output = Output(
        answers: OutputStream(capturingAsTerminal: false), errors: errors, environment: [:])
      var progress = output.beginProgress("work", unit: "events", total: nil)
      output.progress(&progress, done: 5)
      #expect(errors.captured.contains("work") == isTerminal)
      output.line("answer")
      #expect(errors.captured.hasSuffix("\r\u{1B}[2K") == isTerminal)
    }
  }

  @Test func wrappingKeepsWordsAndParagraphs() {
    let lines = TextWidth.wrapped("one two three\nfour\n\nlonger-than-it five", to: 9)
    #expect(lines == ["one two", "three", "four", "", "longer-than-it", "five"])
  }

  @Test func anAnswerThatCannotBeWrittenIsAFailure() {
    let answers = OutputStream(descriptor: -1)
    let errors = OutputStream(capturingAsTerminal: false)
    let output = Output(answers: answers, errors: errors, environment: [:])
    output.line("lost")
    #expect(output.finish(.ok) == .failed)
    #expect(errors.captured.hasPrefix("keel: error: standard output: "))
  }
}
