import Glibc

/// What a trial is: a program, and the words before those that name the point.
package struct TrialProgram: Sendable {
  package var executable: String
  package var arguments: [String]
  /// "NAME=value" each.
  package var environment: [String]
  /// A trial that takes longer is ended, and failed.
  package var timeout: Duration?

  package init(
    executable: String, arguments: [String], environment: [String], timeout: Duration? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.timeout = timeout
  }

  func words(_ space: SearchSpace, _ point: SearchPoint) -> [String] {
    arguments
      + zip(space.parameters, point.values).flatMap { ["--set", "\($0.name)=\($1.text)"] }
      + ["--json"]
  }
}

/// Trials under way, each a process of its own, so that one that dies takes nothing with it.
package final class TrialPool {
  package struct Ended {
    package let number: Int
    package let outcome: Result<TrialResult, TrialFailure>
    package let seconds: Double
  }

  private struct Running {
    let number: Int
    let child: ChildProcess
    let began: ContinuousClock.Instant
  }

  private let program: TrialProgram
  private let outputBytesMax: Int
  private var running: [Running] = []
  /// How long children get to end when asked.
  private static let patience = Duration.seconds(2)

  package init(_ program: TrialProgram) {
    self.program = program
    outputBytesMax = TrialResult.documentBytesMax
  }

  package var count: Int { running.count }
  /// Their process ids, for whoever looks after them.
  package var ids: [Int32] { running.map(\.child.id) }

  package func start(
    _ number: Int, _ space: SearchSpace, _ point: SearchPoint
  ) throws(ResearchError) {
    var failure: Int32 = 0
    guard
      let child = ChildProcess(
        program.executable, program.words(space, point), environment: program.environment,
        outputBytesMax: outputBytesMax, failure: &failure)
    else {
      throw TrialLog.system(failure, program.executable, "start a trial")
    }
    running.append(Running(number: number, child: child, began: .now))
  }

  /// Those that ended, after waiting for the first of them or for that long.
  package func wait(milliseconds: Int32) -> [Ended] {
    var waited = running.flatMap(\.child.descriptors).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    // A child that closed its pipes and still runs has nothing to poll: it is looked at in a while.
    let hasSilent = running.contains { $0.child.descriptors.isEmpty }
    poll(&waited, nfds_t(waited.count), hasSilent ? Swift.min(5, milliseconds) : milliseconds)
    var ended: [Ended] = []
    var kept: [Running] = []
    for run in running {
      if let outcome = outcome(run) {
        ended.append(
          Ended(number: run.number, outcome: outcome, seconds: (.now - run.began).seconds))
      } else {
        kept.append(run)
      }
    }
    running = kept
    return ended
  }

  /// Ends all of them; nothing of them counts.
  package func stop() {
    for run in running { run.child.ask() }
    let deadline = ContinuousClock.now + Self.patience
    while !running.isEmpty, ContinuousClock.now < deadline {
      running.removeAll { $0.child.look() != nil }
      if !running.isEmpty { poll(nil, 0, 5) }
    }
    for run in running { run.child.stop() }
    running = []
  }

  private func outcome(_ run: Running) -> Result<TrialResult, TrialFailure>? {
    let ending = run.child.look()
    if run.child.hasOverflowed {
      run.child.stop()
      return .failure(TrialFailure("it wrote more than \(outputBytesMax) bytes"))
    }
    guard let ending else {
      guard let timeout = program.timeout, .now - run.began > timeout else { return nil }
      run.child.stop()
      return .failure(TrialFailure("it was ended: not done after \(timeout)"))
    }
    if let signal = ending.signal {
      return .failure(TrialFailure("it died of signal \(signal)" + Self.lastWords(run.child)))
    }
    if let code = ending.exitCode, code != 0 {
      let said = Self.lastWords(run.child)
      return .failure(TrialFailure("it ended with status \(code)" + said, status: code))
    }
    do throws(TrialFailure) { return .success(try TrialResult.read(run.child.output)) } catch {
      return .failure(error)
    }
  }

  /// The error that it named, or else its last line.
  private static func lastWords(_ child: ChildProcess) -> String {
    let lines = String(decoding: child.errors, as: UTF8.self).split(separator: "\n")
    let line = lines.last { $0.contains("error:") } ?? lines.last { !$0.allSatisfy { $0 == " " } }
    return line.map { ": " + $0.prefix(500) } ?? ""
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
