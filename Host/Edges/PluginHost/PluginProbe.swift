import Glibc
import PluginBoundary

/// Tries a plugin in a child process, where a constructor that crashes, hangs or exits costs
/// nothing. The child is a program such as `keel plugin probe PATH`; it gets nothing of our
/// environment, no descriptor but the standard three, and a time limit, and it ends with its host.
/// The thread that starts it waits for it: the child would end with that thread, too.
package struct PluginProbe {
  /// What a child wrote that ended well.
  package struct Report: Sendable {
    package let output: String
  }
  /// How a child came to its end.
  package enum End: Sendable {
    case exit(code: Int32, output: String)
    /// By name.
    case signal(String, output: String)
    /// It was killed, for its time was over.
    case hung(output: String)
  }
  private static let outputBytesMax = 64 << 10
  private static let linesShownMax = 8
  private static let lineCharactersMax = 200

  package static func run(
    executable: String, arguments: [String], timeout: Duration
  ) throws(PluginHostError) -> Report {
    let subject = arguments.last ?? executable
    switch try end(executable: executable, arguments: arguments, timeout: timeout) {
    case .hung(let output):
      throw PluginHostError(
        .probe, subject,
        "it hung: the probe was not done after \(timeout)\(said(output, ", having said: "))",
        remedy: "look at what its constructors, its init and create wait for")
    case .signal(let name, let output):
      throw PluginHostError(
        .probe, subject,
        "it crashed with \(name) while probed\(said(output, ", having said: "))",
        remedy: "run it in a debugger; nothing of it was loaded here")
    case .exit(0, let output): return Report(output: output)
    case .exit(let code, let output):
      throw PluginHostError(
        .probe, subject,
        "the probe ended with status \(code): \(shown(output) ?? "it said nothing")",
        remedy: "mend what it names; nothing of it was loaded here")
    }
  }

  private static func said(_ output: String, _ beginning: String) -> String {
    shown(output).map { beginning + $0 } ?? ""
  }

  /// The last lines of what a child wrote, in one line; nil where it wrote nothing. What it wrote
  /// reaches a terminal as text alone.
  package static func shown(_ output: String) -> String? {
    let lines = output.split(whereSeparator: \.isNewline)
    guard !lines.isEmpty else { return nil }
    let last = lines.suffix(linesShownMax).map { line in
      let text = String(
        String.UnicodeScalarView(
          line.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
      return text.count > lineCharactersMax ? text.prefix(lineCharactersMax) + "..." : text
    }
    let left = lines.count - last.count
    return (left > 0 ? "(\(left) lines before) " : "") + last.joined(separator: " | ")
  }

  /// Runs a child to its end, whichever. Throws when it cannot be started.
  package static func end(
    executable: String, arguments: [String], timeout: Duration
  ) throws(PluginHostError) -> End {
    let subject = arguments.last ?? executable
    var child: pid_t = 0
    var pipe: Int32 = -1
    var argv: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) }
    argv.append(nil)
    defer { for argument in argv { free(argument) } }
    let code = plugin_probe_spawn(executable, &argv, &child, &pipe)
    guard code == 0 else {
      throw PluginHostError(
        .probe, subject, "\(executable) cannot be started: \(String(cString: strerror(code)))",
        remedy: "check that keel itself is installed and executable, and that /proc is mounted")
    }
    defer { close(pipe) }
    let deadline = ContinuousClock.now + timeout
    var output: [UInt8] = []
    guard let status = wait(for: child, pipe, until: deadline, &output) else {
      var killed: Int32 = 0
      _ = plugin_probe_ended(child, true, &killed)
      return .hung(output: String(decoding: output, as: UTF8.self))
    }
    let text = String(decoding: output, as: UTF8.self)
    let signal = status & 0x7f
    if signal != 0 { return .signal(FaultText.signalName(signal), output: text) }
    return .exit(code: (status >> 8) & 0xff, output: text)
  }

  /// The child's wait status, or nil when its time is over.
  private static func wait(
    for child: pid_t, _ descriptor: Int32, until deadline: ContinuousClock.Instant,
    _ output: inout [UInt8]
  ) -> Int32? {
    var status: Int32 = 0
    var isOpen = true
    while ContinuousClock.now < deadline {
      if isOpen {
        isOpen = drain(descriptor, milliseconds: 5, into: &output)
      } else {
        poll(nil, 0, 5)
      }
      guard plugin_probe_ended(child, false, &status) else { continue }
      // What it wrote last may have come after the look at the pipe.
      while isOpen && output.count < outputBytesMax {
        let before = output.count
        isOpen = drain(descriptor, milliseconds: 0, into: &output)
        if output.count == before { break }
      }
      return status
    }
    return nil
  }

  /// Reads once what is there; false at the end of the pipe.
  private static func drain(
    _ descriptor: Int32, milliseconds: Int32, into output: inout [UInt8]
  ) -> Bool {
    var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, milliseconds) > 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &buffer, buffer.count)
    if count > 0 { output += buffer.prefix(min(count, max(0, outputBytesMax - output.count))) }
    return count > 0
  }
}
