import Foundation
import TestSupport
import Testing

@testable import Research

/// A program in a trial's place: a shell script that answers for the parameters a.x and a.y, and
/// notes every call in a file.
struct FakeTrial {
  let folder = TemporaryDirectory()

  /// `body` sees $x, $y, $from and $to, and calls `answer SHARPE TRADES [EQUITY...]`.
  init(_ body: String = "answer $((10 - (x - 3) * (x - 3) - (y - 2) * (y - 2))) $x") throws {
    let script = """
      x=0 y=0 from=0 to=0
      while [ $# -gt 0 ]; do
        case "$1" in
          --set) case "$2" in a.x=*) x=${2#*=};; a.y=*) y=${2#*=};; esac; shift;;
          --from) from=$2; shift;;
          --to) to=$2; shift;;
        esac
        shift
      done
      echo "$x $y $from $to" >> "\(folder.file("calls"))"
      answer() {
        sharpe=$1; trades=$2; shift 2
        [ $# -gt 0 ] || set -- 100 101 99 102 103
        points= day=1
        for equity in "$@"; do
          points="$points,{\\"time\\":\\"2024-01-0${day}T00:00:00.000Z\\",\\"equity\\":$equity}"
          day=$((day + 1))
        done
        printf '{"currency":"USD","summary":{"sharpe_ratio":%s,"total_return":0.03,' "$sharpe"
        printf '"max_drawdown":-0.02,"total_trades":%s,"periods":%s},"equity":[%s]}\\n' \\
          "$trades" $(($# - 1)) "${points#,}"
      }
      \(body)
      """
    try folder.write("trial.sh", Array(script.utf8))
  }

  var program: TrialProgram {
    TrialProgram(
      executable: "/bin/sh", arguments: [folder.file("trial.sh")],
      environment: ["PATH=/usr/bin:/bin"])
  }

  /// "x y from to" of each call, sorted: trials at once come in no order.
  var calls: [String] {
    let text = (try? String(contentsOfFile: folder.file("calls"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init).sorted()
  }

  static let header = SearchHeader(kind: "sweep", facts: [.init("--seed", "1")])

  func log(_ header: SearchHeader = Self.header) throws -> TrialLog {
    try TrialLog(directory: folder.file("out"), header: header, parameters: ["a.x", "a.y"])
  }

  /// Of x = 1...4 and y = 1...3, unless another is wanted.
  func sweep(
    _ parameters: [String] = ["a.x=1:4", "a.y=1:3"], method: SearchMethod = .grid,
    trials: Int? = nil, jobs: Int = 2, tradesMin: Int = 0, log: TrialLog? = nil,
    program: TrialProgram? = nil, retries: Bool = false
  ) throws -> Sweep {
    let log = try log ?? self.log()
    if retries { log.forgetFailures() }
    return try Sweep(
      plan: try SearchPlan(
        space: try SearchSpace(parameters: parameters), method: method, trials: trials, seed: 1,
        concurrency: jobs),
      objective: try Objective.parse("sharpe"), tradesMin: tradesMin, log: log,
      program: program ?? self.program, jobs: jobs)
  }

  var trialsFile: String { folder.file("out/trials.ndjson") }

  func lines() throws -> [String] {
    try String(contentsOfFile: trialsFile, encoding: .utf8).split(separator: "\n").map(String.init)
  }
}
