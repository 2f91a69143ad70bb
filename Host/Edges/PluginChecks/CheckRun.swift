import Glibc
package import PluginHost

/// Runs checks, each in a child of its own, so that a crash, a hang or an exit is that check's
/// finding and nobody else's trouble.
package struct CheckRun {
  package struct Result: Sendable {
    package let check: PluginCheck
    package let finding: PluginCheck.Finding
    package let took: Duration
  }

  private let subject: PluginSubject
  private let executable: String
  /// The verb of `executable` that runs one check and writes its notes.
  private let verb: [String]

  package init(
    _ subject: PluginSubject, executable: String = "/proc/self/exe",
    verb: [String] = ["plugin", "examine"]
  ) {
    self.subject = subject
    self.executable = executable
    self.verb = verb
  }

  /// The child's part.
  package static func examine(_ check: PluginCheck, _ subject: PluginSubject, notes: String) {
    let descriptor = CheckNotes(path: notes).open()
    guard descriptor >= 0 else { return }
    var subject = subject
    subject.progress = descriptor
    CheckNotes.write(check.run(subject), to: descriptor)
  }

  /// In order; `each` is told of a result as soon as it is there.
  package func all(
    _ checks: [PluginCheck] = PluginCheck.all, each: (Result) -> Void = { _ in }
  ) throws(PluginHostError) -> [Result] {
    let folder = try CheckFolder()
    defer { folder.remove() }
    var results: [Result] = []
    var missing: String?
    for check in checks {
      let begin = ContinuousClock.now
      let finding: PluginCheck.Finding
      if let missing {
        finding = .init(.skipped, "not tried, for \"\(missing)\" failed")
      } else {
        finding = try run(check, in: folder)
      }
      let result = Result(check: check, finding: finding, took: ContinuousClock.now - begin)
      if check.isFoundation, finding.verdict == .failed, missing == nil { missing = check.name }
      results.append(result)
      each(result)
    }
    return results
  }

  private func run(
    _ check: PluginCheck, in folder: CheckFolder
  ) throws(PluginHostError) -> PluginCheck.Finding {
    let first = try once(check, CheckNotes(path: "\(folder.path)/\(check.name).1"))
    guard check.processes > 1, first.verdict == .passed else { return first }
    let second = try once(check, CheckNotes(path: "\(folder.path)/\(check.name).2"))
    guard second.verdict == .passed, second.digest != first.digest else {
      return second.verdict == .passed ? first : second
    }
    return .init(
      .failed, "two processes that were given the same answered differently",
      remedy: "use no clock but batch.now, no chance but a seed, no order of addresses")
  }

  private func once(
    _ check: PluginCheck, _ notes: CheckNotes
  ) throws(PluginHostError) -> PluginCheck.Finding {
    let arguments = verb + [check.name, notes.path] + subject.words + ["--", subject.path]
    let end = try PluginProbe.end(
      executable: executable, arguments: arguments, timeout: check.timeLimit)
    let (step, finding) = notes.read()
    let place = step.isEmpty ? "" : ": \(step)"
    switch end {
    case .hung(let output):
      return .init(
        .failed, "it was not done after \(check.timeLimit)\(said(output))\(place)",
        remedy: "look at what it waits for, or counts to")
    case .signal(let name, let output):
      return .init(
        .failed, "it crashed with \(name)\(said(output))\(place)",
        remedy:
          "run it in a debugger: keel plugin check --only \(check.name) --seed \(subject.seed)"
      )
    case .exit(let code, let output):
      if let finding, code == 0 { return finding }
      return .init(
        .failed, "it ended the process with status \(code)\(said(output))\(place)",
        remedy: "never end the process: answer a status and a text instead")
    }
  }

  private func said(_ output: String) -> String {
    PluginProbe.shown(output).map { ", saying \"\($0)\"" } ?? ""
  }
}
