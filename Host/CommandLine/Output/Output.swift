import Glibc
import JSON
import Sessions

/// Where a command says things: answers on standard output, errors and progress on standard
/// error. One answer is either text or, under `--json`, one line of JSON.
final class Output {
  private let answers: OutputStream
  private let errors: OutputStream
  private let environment: [String: String]
  private var hasProgressLine = false

  let palette: Palette
  let errorPalette: Palette

  init(answers: OutputStream, errors: OutputStream, environment: [String: String]) {
    self.answers = answers
    self.errors = errors
    self.environment = environment
    palette = Palette(isTerminal: answers.isTerminal, environment: environment)
    errorPalette = Palette(isTerminal: errors.isTerminal, environment: environment)
  }

  static func process() -> Output {
    Output(
      answers: OutputStream(descriptor: STDOUT_FILENO),
      // What goes wrong is known when it does, also in a log file.
      errors: OutputStream(descriptor: STDERR_FILENO, isImmediate: true),
      environment: ProcessEnvironment.values())
  }

  var width: Int { answers.width(environment: environment) }

  // What a command says.

  func line(_ text: String = "") {
    clearProgress()
    answers.write(text + "\n")
  }

  /// As it stands, without a line end.
  func text(_ text: String) {
    clearProgress()
    answers.write(text)
  }

  /// Whether what is said no longer arrives: the reader has gone, or the disk is full.
  var isBroken: Bool { answers.failure != 0 }

  func table(_ table: Table) { table.lines(palette: palette).forEach { line($0) } }

  func json(_ value: JSONValue) { line(value.text()) }

  /// Lets a reader at the other end of a pipe see what was said so far.
  func flush() { answers.flush() }

  /// What is being waited for; replaced by whatever is said next. Nothing where standard error is
  /// no terminal.
  func waiting(_ text: String) {
    guard errors.isTerminal else { return }
    errors.write("\r\u{1B}[2K" + text)
    hasProgressLine = true
  }

  /// A remark that is no answer, such as what was left out.
  func note(_ text: String) {
    clearProgress()
    errors.write("keel: \(text)\n")
  }

  /// Shows how far a long command is; nothing where standard error is no terminal.
  func progress(_ progress: inout Progress, done: Int) {
    guard errors.isTerminal else { return }
    guard let line = progress.advance(to: done, now: MonotonicClock.now()) else { return }
    errors.write("\r\u{1B}[2K" + line)
    hasProgressLine = true
  }

  func beginProgress(_ title: String, unit: String, total: Int?) -> Progress {
    Progress(title, unit: unit, total: total, now: MonotonicClock.now())
  }

  // What the program says about a command.

  func failure(_ error: CommandError, isJSON: Bool) {
    clearProgress()
    answers.flush()
    errors.write(errorLead + error.headline + "\n")
    for detail in error.details { errors.write("  \(detail.text)\n") }
    errors.write(error.remedy.prefix(1).uppercased() + error.remedy.dropFirst() + "\n")
    if isJSON { json(["error": error.value]) }
  }

  func usageError(_ error: UsageError) {
    errors.write(errorLead + error.message + "\n" + error.help + "\n")
  }

  func errorText(_ text: String) { errors.write(text + "\n") }

  /// Writes out what waits. An answer that could not be written is a failure.
  func finish(_ code: ExitCode) -> ExitCode {
    clearProgress()
    answers.flush()
    if answers.failure != 0, code == .ok {
      let reason = strerror(answers.failure).map { String(cString: $0) } ?? "error"
      errors.write(errorLead + "standard output: \(reason); the answer is incomplete\n")
      errors.flush()
      return .failed
    }
    errors.flush()
    return code
  }

  private var errorLead: String { errorPalette.paint("keel: error: ", .bad) }

  private func clearProgress() {
    guard hasProgressLine else { return }
    errors.write("\r\u{1B}[2K")
    hasProgressLine = false
  }
}
