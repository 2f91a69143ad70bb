import JSON
import PluginChecks

/// The report of `keel plugin check`: one line a test, more only for what is not as it should be.
struct PluginCheckText {
  let showsAll: Bool

  func write(_ result: CheckRun.Result, to output: Output) {
    let finding = result.finding
    let (word, role): (String, Palette.Role?) =
      switch finding.verdict {
      case .passed: ("ok", nil)
      case .skipped: ("skipped", nil)
      case .warned: ("WARNED", .notice)
      case .failed: ("FAILED", .bad)
      }
    let padded = word + String(repeating: " ", count: 9 - word.count)
    let name = result.check.name
    let gap = String(repeating: " ", count: max(1, 20 - name.count))
    let painted = role.map { output.palette.paint(padded, $0) } ?? padded
    output.line(painted + name + gap + about(result))
    guard finding.verdict == .warned || finding.verdict == .failed || showsAll else { return }
    if !finding.evidence.isEmpty { output.line("           " + finding.evidence) }
    if !finding.remedy.isEmpty { output.line("           -> " + finding.remedy) }
  }

  private func about(_ result: CheckRun.Result) -> String {
    result.finding.verdict == .skipped && !showsAll
      ? result.finding.evidence : result.check.about
  }

  func writeSummary(
    _ results: [CheckRun.Result], _ subject: PluginSubject, to output: Output
  ) {
    let counts = PluginCheck.Verdict.allCases.map { verdict in
      "\(results.count { $0.finding.verdict == verdict }) \(verdict.rawValue)"
    }
    let took = results.reduce(Duration.zero) { $0 + $1.took }
    let seconds = Int(took / .milliseconds(100))
    output.line()
    output.line(
      "\(subject.path): \(counts.joined(separator: ", ")); seed \(subject.seed), "
        + "\(seconds / 10).\(seconds % 10) s")
  }

  static func json(_ results: [CheckRun.Result], _ subject: PluginSubject) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("file", .string(subject.path)), ("seed", .integer(Int(subject.seed))),
    ]
    for verdict in PluginCheck.Verdict.allCases {
      members.append((verdict.rawValue, .integer(results.count { $0.finding.verdict == verdict })))
    }
    members.append(("tests", .array(results.map(json))))
    return .object(members)
  }

  private static func json(_ result: CheckRun.Result) -> JSONValue {
    .object([
      ("name", .string(result.check.name)), ("about", .string(result.check.about)),
      ("verdict", .string(result.finding.verdict.rawValue)),
      ("evidence", .string(result.finding.evidence)),
      ("remedy", .string(result.finding.remedy)),
      ("milliseconds", .integer(Int(result.took / .milliseconds(1)))),
    ])
  }
}
