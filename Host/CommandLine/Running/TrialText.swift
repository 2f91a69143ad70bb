import JSON
import PluginHost
import Sessions
import Wording

/// What a candidate answered beside a recorded session.
struct TrialText {
  let trial: CandidateTrial
  let journal: String

  private var name: String {
    "\(trial.instance.descriptor.id) \(trial.instance.descriptor.version)"
  }

  func write(to output: Output) {
    for difference in trial.differences {
      output.line("turn \(difference.turn), \(UTCTime.text(difference.time)):")
      for (side, words) in [
        ("recorded", difference.recorded), ("candidate", difference.candidate),
      ] {
        if words.isEmpty { output.line("  \(side): nothing") }
        for line in words { output.line("  \(side): \(line)") }
      }
    }
    let hidden = trial.differentTurns - trial.differences.count
    if hidden > 0, !trial.differences.isEmpty {
      output.line("and \(Count.text(hidden, "further turn")) (--limit)")
    }
    if let fault = trial.fault {
      output.line("the candidate failed in turn \(fault.turn): \(fault.text)")
    }
    output.line(
      "\(journal): \(name) in the place of \(trial.slot.name): "
        + "\(Count.text(trial.equalTurns, "turn")) answered alike, \(trial.differentTurns) "
        + "otherwise, \(trial.warmUpTurns) of warm-up")
    output.line(
      "  intents: \(trial.recorded.intents) recorded, \(trial.candidate.intents) of the candidate")
  }

  var json: JSONValue {
    func lines(_ words: [String]) -> JSONValue { .array(words.map { .string($0) }) }
    return .object([
      ("journal", .string(journal)), ("slot", .string(trial.slot.name)),
      ("candidate", .string(name)), ("isEqual", .bool(trial.isEqual)),
      ("equalTurns", .integer(trial.equalTurns)),
      ("differentTurns", .integer(trial.differentTurns)),
      ("warmUpTurns", .integer(trial.warmUpTurns)),
      (
        "intents",
        [
          "recorded": .integer(trial.recorded.intents),
          "candidate": .integer(trial.candidate.intents),
        ]
      ),
      (
        "fault",
        trial.fault.map { ["turn": .integer($0.turn), "text": .string($0.text)] } ?? .null
      ),
      (
        "differences",
        .array(
          trial.differences.map { difference in
            .object([
              ("turn", .integer(difference.turn)),
              ("time", .string(UTCTime.text(difference.time))),
              ("recorded", lines(difference.recorded)),
              ("candidate", lines(difference.candidate)),
            ])
          })
      ),
    ])
  }
}
