/// One client of a control server: bytes in, one answer line out for each request line.
final class ControlConnection {
  /// Answers that a client does not collect; beyond this its requests wait.
  static let unsentBytesMax = 1 << 20

  let socket: LocalSocket
  /// Of all that were accepted.
  let number: UInt64
  /// The poll in which it last did something: who has been silent longest gives way first.
  private(set) var lastActive: Int
  private(set) var isFinished = false
  private var incoming: [UInt8] = []
  /// Where the first whole line in `incoming` ends; kept, so that bytes are looked through once.
  private var lineEnd: Int?
  private var outgoing: [UInt8] = []
  private var sent = 0
  private var hasEnded = false
  /// A request is being worked on elsewhere.
  private(set) var isWaiting = false

  init(_ socket: consuming LocalSocket, number: UInt64, poll: Int) {
    self.socket = socket
    self.number = number
    lastActive = poll
  }

  var wantsToSend: Bool { sent < outgoing.count }
  var wantsToReceive: Bool {
    !hasEnded && hasRoomToAnswer && incoming.count <= ControlServer.lineBytesMax
  }
  /// Something is to be done here though the socket has nothing new: a request that came with
  /// others, or the end.
  var hasWork: Bool {
    guard !isWaiting else { return wantsToSend }
    return lineEnd != nil ? hasRoomToAnswer : hasEnded && !wantsToSend
  }
  private var hasRoomToAnswer: Bool { outgoing.count - sent < Self.unsentBytesMax }

  /// At most one request a call, so that no client keeps the host from its work.
  func advance(poll: Int, _ handle: (String) -> String?) {
    if receive() { lastActive = poll }
    if isWaiting {
      // Its answer is on its way.
    } else if hasRoomToAnswer, let line = takeLine() {
      lastActive = poll
      answer(line, handle)
    } else if lineEnd == nil, incoming.count > ControlServer.lineBytesMax {
      refuse("a request has at most \(ControlServer.lineBytesMax) bytes in one line")
    }
    if flush() { lastActive = poll }
    if hasEnded, !isWaiting, !wantsToSend, lineEnd == nil { isFinished = true }
  }

  private func receive() -> Bool {
    guard wantsToReceive else { return false }
    let room = ControlServer.lineBytesMax + 1 - incoming.count
    guard room > 0 else { return false }
    let before = incoming.count
    incoming.append(contentsOf: repeatElement(0, count: min(room, 16 << 10)))
    let transfer = incoming.withUnsafeMutableBytes { bytes in
      socket.receive(into: UnsafeMutableRawBufferPointer(rebasing: bytes[before...]))
    }
    switch transfer {
    case .moved(let count):
      incoming.removeLast(incoming.count - before - count)
      if lineEnd == nil { lineEnd = incoming[before...].firstIndex(of: UInt8(ascii: "\n")) }
      return true
    case .wouldBlock:
      incoming.removeLast(incoming.count - before)
      return false
    case .ended:
      incoming.removeLast(incoming.count - before)
      hasEnded = true
      return false
    }
  }

  private func takeLine() -> [UInt8]? {
    guard let end = lineEnd else { return nil }
    let line = Array(incoming[..<end])
    incoming.removeSubrange(...end)
    lineEnd = incoming.firstIndex(of: UInt8(ascii: "\n"))
    return line
  }

  /// Nobody is there any more who would read an answer.
  func abandon() { isFinished = true }

  /// What it has waited for.
  func answerLate(_ line: String) {
    guard isWaiting else { return }
    isWaiting = false
    enqueue(line)
  }

  private func answer(_ line: [UInt8], _ handle: (String) -> String?) {
    guard let text = String(validating: line, as: UTF8.self) else {
      refuse("a request is UTF-8 text")
      return
    }
    if let answer = handle(text) { enqueue(answer) } else { isWaiting = true }
  }

  /// Says why, and ends the connection once that is sent. The reason needs no escapes.
  private func refuse(_ reason: String) {
    enqueue("{\"ok\":false,\"error\":\"\(reason)\"}")
    incoming = []
    lineEnd = nil
    hasEnded = true
  }

  private func enqueue(_ line: String) {
    precondition(
      !line.utf8.contains(UInt8(ascii: "\n")), "an answer is one line, as its reader expects")
    outgoing.append(contentsOf: line.utf8)
    outgoing.append(UInt8(ascii: "\n"))
  }

  private func flush() -> Bool {
    guard wantsToSend else { return false }
    switch socket.send(outgoing[sent...]) {
    case .moved(let count):
      sent += count
      if sent == outgoing.count {
        outgoing.removeAll(keepingCapacity: true)
        sent = 0
      }
      return count > 0
    case .wouldBlock: return false
    case .ended:
      isFinished = true
      return false
    }
  }
}
