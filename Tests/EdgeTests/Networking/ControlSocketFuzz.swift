import Glibc
import Networking
import TestSupport
import Testing

/// Clients that send anything, in any pieces, and hang up at any moment: the server hands over
/// whole lines alone, and goes on serving the others.
@Suite struct ControlSocketFuzz {
  private static let samples = [
    "{\"command\":\"status\"}\n", "{\"command\":\"swap\",\"slot\":\"é\"}\nstop\n\n\r\n", "\n",
  ]
  private static let words = ["\n", "\r\n", "\u{0}", "é", "{", "\"", "\\u", "\u{feff}"]

  @Test func anyBytesAreAnsweredOrRefused() throws {
    let scratch = TemporaryDirectory()
    let server = try ControlServer(path: scratch.file("control"))
    var lines = 0
    try FuzzRound.run("ControlSocketFuzz", usual: 20, share: 50) { round in
      func poll() {
        server.poll { line in
          lines += 1
          #expect(!line.contains { $0 == "\n" }, "\(round)")
          return "<\(line.utf8.count)>"
        }
      }
      let client = RawClient(path: server.path)
      defer { close(client.number) }
      var bytes = Array(round.pick(Self.samples).utf8)
      round.rewrite(&bytes, with: Self.words)
      if round.chance(100) { bytes += [UInt8](repeating: 120, count: 70_000) }
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = rest.prefix(round.number(1..<rest.count + 1))
        client.send(Array(piece.prefix(16_000)))
        rest = rest.dropFirst(piece.count)
        if round.chance(2) { poll() }
      }
      if round.chance(2) { shutdown(client.number, Int32(SHUT_WR)) }
      for _ in 0..<round.number(0..<4) { poll() }

      let good = RawClient(path: server.path)
      defer { close(good.number) }
      good.send(Array("ping\n".utf8))
      for _ in 0..<3 { poll() }
      #expect(good.received() == "<4>\n", "\(round)")
      #expect(server.clientCount <= ControlServer.clientsMax, "\(round)")
    }
    #expect(lines == server.requestsAnswered)
    for _ in 0..<5 { server.poll { $0 } }
    #expect(server.clientCount == 0)
  }
}
