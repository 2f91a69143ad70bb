import Glibc

/// One of the two streams of a process, or a string under test.
final class OutputStream {
  let isTerminal: Bool
  /// 0 once a write has succeeded entirely; otherwise the errno of the first that did not.
  private(set) var failure: Int32 = 0
  private(set) var captured = ""
  private let descriptor: Int32?
  private var waiting: [UInt8] = []
  private static let waitingMax = 16 * 1024

  private let isImmediate: Bool

  /// A terminal sees each write at once; a file or pipe gets blocks, unless it must not wait.
  init(descriptor: Int32, isImmediate: Bool = false) {
    self.descriptor = descriptor
    self.isImmediate = isImmediate
    isTerminal = isatty(descriptor) == 1
  }

  init(capturingAsTerminal isTerminal: Bool = false) {
    descriptor = nil
    isImmediate = false
    self.isTerminal = isTerminal
  }

  func write(_ text: String) {
    guard descriptor != nil else {
      captured += text
      return
    }
    waiting.append(contentsOf: text.utf8)
    if isTerminal || isImmediate || waiting.count >= Self.waitingMax { flush() }
  }

  func flush() {
    guard let descriptor, failure == 0 else { return }
    var start = 0
    while start < waiting.count {
      let written = waiting[start...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0, errno == EINTR { continue }
      if written <= 0 {
        failure = written < 0 ? errno : EIO
        break
      }
      start += written
    }
    waiting.removeAll(keepingCapacity: true)
  }

  /// From COLUMNS, else from the terminal, else 80; within what reads well.
  func width(environment: [String: String]) -> Int {
    if let text = environment["COLUMNS"], let columns = Int(text), columns > 0 {
      return min(max(columns, 40), 120)
    }
    var size = winsize()
    guard let descriptor, isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0,
      size.ws_col > 0
    else { return 80 }
    return min(max(Int(size.ws_col), 40), 120)
  }
}
