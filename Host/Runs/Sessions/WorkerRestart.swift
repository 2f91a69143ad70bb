import Configuration
import Market
import PluginHost
import Storage

/// What a slot needs to go on when its worker has ended.
struct WorkerRestart {
  /// The last state that was saved, after event `sequence`.
  struct Kept {
    var state: [UInt8]
    var version: UInt32
    var position: JournalPosition?
    var sequence: UInt64
  }
  var kept: Kept?
  /// The slot's count of batches at which a state is saved again.
  var nextSave: UInt64 = 0
  /// How often it was started again.
  var count = 0
  /// When it will be; nil while there is no need.
  var due: Timestamp?
}

extension IsolationConfiguration {
  /// How long a backtest waits for an answer: for as long as it may be late, not broken.
  private static let patientNanoseconds: Int64 = 10_000_000_000

  /// Where this code runs. `isPaced`: others trade by the clock meanwhile.
  func placement(
    of build: PluginBuild, _ options: WorkerOptions, isPaced: Bool
  ) -> Placement {
    guard placement == .process || build.standing.confinement != nil else { return .guarded }
    var options = options
    options.answerDeadline =
      isPaced ? deadlineMilliseconds * 1_000_000 : Self.patientNanoseconds
    options.patience = isPaced ? patienceMicroseconds * 1_000 : 0
    options.memoryBytes = UInt64(memoryMegabytes) << 20
    return .worker(build.standing.bounded(options))
  }

  /// Why this code cannot run where it is written to; nil where it can. `path` is of the slot.
  func defect(of build: PluginBuild, at path: String) -> SessionError? {
    guard placement == .inHost, let why = build.standing.confinement else { return nil }
    return SessionError(
      .setup, "\(path).isolation", "\"guard\" is not for this code: \(why)",
      remedy: "write \"process\", or leave it out")
  }
}

extension Configuration {
  /// Some slot's code runs in a process of its own. Which plugins those are is known only when all
  /// have been described, so then none is loaded in the host unasked.
  var hasWorkers: Bool {
    alphas.contains { $0.isolation.placement == .process }
      || strategies.contains { $0.isolation.placement == .process }
  }
}
