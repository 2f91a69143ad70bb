/// How a `keel` process ends. Stable: scripts rely on the numbers.
enum ExitCode: Int32, CaseIterable, Sendable {
  case ok = 0
  case failed
  case usage
  case configuration
  case refused
  case unreachable
  /// By Ctrl-C, as shells number it.
  case interrupted = 130

  var about: String {
    switch self {
    case .ok: "done"
    case .failed: "failed"
    case .usage: "the command line was wrong"
    case .configuration: "the configuration was wrong"
    case .refused: "refused by risk limits or by trust"
    case .unreachable: "the host could not be reached"
    case .interrupted: "interrupted before the end; what is written is whole"
    }
  }
}
