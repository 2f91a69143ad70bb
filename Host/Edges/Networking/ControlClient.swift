import Glibc

/// Sends one request to a running host and waits for its answer.
package enum ControlClient {
  package static let answerBytesMax = 16 << 20

  /// `line` is one JSON text without line breaks; so is the answer.
  package static func request(
    path: String, line: String, timeoutMilliseconds: Int = 5000
  ) throws(NetworkingError) -> String {
    try LocalSocket.check(path)
    precondition(!line.utf8.contains(UInt8(ascii: "\n")), "a request is one line")
    guard line.utf8.count <= ControlServer.lineBytesMax else {
      throw NetworkingError(
        .tooLong, path,
        "the request has \(line.utf8.count) bytes, and a host reads \(ControlServer.lineBytesMax)",
        remedy: "ask for less at once")
    }
    let deadline = ContinuousClock.now + .milliseconds(timeoutMilliseconds)
    let socket = try connect(path, deadline, timeoutMilliseconds)
    var unsent = ArraySlice(Array(line.utf8) + [UInt8(ascii: "\n")])
    while !unsent.isEmpty {
      switch socket.send(unsent) {
      case .moved(let count): unsent = unsent.dropFirst(count)
      case .wouldBlock:
        try wait(socket, POLLOUT, path, deadline, timeoutMilliseconds)
      case .ended: throw closed(path)
      }
    }
    return try receive(socket, path, deadline, timeoutMilliseconds)
  }

  private static func connect(
    _ path: String, _ deadline: ContinuousClock.Instant, _ timeout: Int
  ) throws(NetworkingError) -> LocalSocket {
    while true {
      let socket = try LocalSocket(path: path)
      switch socket.connect(path) {
      case 0: return socket
      case EAGAIN, EINTR:
        // Its queue is full: it is running, and busy.
        guard ContinuousClock.now < deadline else { throw late(path, timeout) }
        usleep(1000)
      case ENOENT, ENOTDIR:
        throw NetworkingError(
          .notRunning, path, "no host is running: the socket does not exist",
          remedy: "start a host, or name the directory of the one you mean")
      case ECONNREFUSED:
        throw NetworkingError(
          .notRunning, path,
          "no host is running: the socket was left behind by one that has ended",
          remedy: "start a host; it takes the socket over")
      case let number: throw NetworkingError.system(number, path, "reach the host")
      }
    }
  }

  private static func receive(
    _ socket: borrowing LocalSocket, _ path: String, _ deadline: ContinuousClock.Instant,
    _ timeout: Int
  ) throws(NetworkingError) -> String {
    var answer: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      switch piece.withUnsafeMutableBytes({ socket.receive(into: $0) }) {
      case .moved(let count):
        let fresh = piece[..<count]
        if let end = fresh.firstIndex(of: UInt8(ascii: "\n")) {
          return String(decoding: answer + fresh[..<end], as: UTF8.self)
        }
        answer += fresh
        guard answer.count <= answerBytesMax else {
          throw NetworkingError(
            .tooLong, path, "the answer has more than \(answerBytesMax) bytes",
            remedy: "ask for less at once")
        }
      case .wouldBlock: try wait(socket, POLLIN, path, deadline, timeout)
      case .ended: throw closed(path)
      }
    }
  }

  private static func wait(
    _ socket: borrowing LocalSocket, _ events: Int32, _ path: String,
    _ deadline: ContinuousClock.Instant, _ timeout: Int
  ) throws(NetworkingError) {
    let rest = deadline - ContinuousClock.now
    guard rest > .zero else { throw late(path, timeout) }
    var waiting = pollfd(fd: socket.number, events: Int16(events), revents: 0)
    _ = poll(&waiting, 1, Int32(clamping: Int64(rest / .milliseconds(1)) + 1))
  }

  private static func late(_ path: String, _ timeout: Int) -> NetworkingError {
    NetworkingError(
      .timedOut, path, "a host is running, but gave no answer in \(timeout) ms",
      remedy: "try again with a longer timeout, or look at its log")
  }

  private static func closed(_ path: String) -> NetworkingError {
    NetworkingError(
      .closed, path, "the host ended the connection before it answered",
      remedy: "see whether it is still running")
  }
}
