import Glibc
import Networking
import Synchronization
import TestSupport
import Testing

@Suite struct ControlSocketTests {
  let scratch = TemporaryDirectory()
  var path: String { scratch.file("control") }

  /// Polls `server` until `body` is done. It runs on a thread of its own: a task would wait for
  /// the test pool's threads, which may all be polling.
  private func serve<T: Sendable>(
    _ server: ControlServer, _ handle: (String) -> String = { "\($0)!" },
    while body: @escaping @Sendable () throws -> T
  ) throws -> T {
    let call = Call(body)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(call).toOpaque()
    let started = pthread_create(
      &thread, nil,
      { context in
        Unmanaged<Call>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context)
    precondition(started == 0, "a thread can be had")
    while !call.isFinished.load(ordering: .acquiring) {
      server.poll(handle)
      usleep(200)
    }
    pthread_join(thread, nil)
    return try call.result!.get() as! T
  }

  /// What one thread runs; its result is read after `isFinished`.
  private final class Call: @unchecked Sendable {
    let isFinished = Atomic(false)
    var result: Result<any Sendable, any Error>?
    private let body: @Sendable () throws -> any Sendable

    init(_ body: @escaping @Sendable () throws -> any Sendable) { self.body = body }

    func run() {
      result = Result { try body() }
      isFinished.store(true, ordering: .releasing)
    }
  }

  /// A raw client, to misbehave with.
  private func connectRaw() -> Int32 { RawClient(path: path).number }

  private func send(_ number: Int32, _ text: String) {
    RawClient(number: number).send(Array(text.utf8))
  }

  private func received(_ number: Int32) -> String { RawClient(number: number).received() }

  /// Others are served meanwhile; the same client's next request waits.
  @Test func anAnswerMayComeLate() throws {
    let server = try ControlServer(path: path)
    let (slow, quick) = (connectRaw(), connectRaw())
    defer { close(slow); close(quick) }
    var waiting: UInt64?
    var heard: [String] = []
    func poll() {
      server.poll { request, client in
        heard.append(request)
        if request == "slow" { waiting = client }
        return request == "slow" ? nil : "<\(request)>"
      }
    }
    send(slow, "slow\nnext\n")
    for _ in 0..<4 { poll() }
    send(quick, "quick\n")
    for _ in 0..<4 { poll() }
    #expect(heard == ["slow", "quick"] && received(quick) == "<quick>\n")
    server.answer("gone", to: 99)
    server.answer("<slow>", to: try #require(waiting))
    for _ in 0..<4 { poll() }
    #expect(heard == ["slow", "quick", "next"])
    #expect(received(slow) == "<slow>\n<next>\n")
    // It may end its half after asking, and goes before it is answered.
    let gone = connectRaw()
    send(gone, "slow\n")
    for _ in 0..<4 { poll() }
    close(gone)
    for _ in 0..<4 { poll() }
    server.answer("<slow>", to: try #require(waiting))
    for _ in 0..<4 { poll() }
    #expect(server.clientCount == 2)
  }

  @Test func answersARequest() throws {
    let server = try ControlServer(path: path)
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    let path = path
    let answer = try serve(server) {
      try ControlClient.request(path: path, line: "{\"do\":\"é\"}")
    }
    #expect(answer == "{\"do\":\"é\"}!")
    #expect(server.requestsAnswered == 1)
    let long = String(repeating: "x", count: 60_000)
    let large = try serve(server, { String(repeating: $0, count: 50) }) {
      try ControlClient.request(path: path, line: long)
    }
    #expect(large.utf8.count == 3_000_000)
  }

  @Test func saysWhetherAHostIsRunning() throws {
    let path = path
    func failure(timeout: Int = 50) -> NetworkingError? {
      do throws(NetworkingError) {
        _ = try ControlClient.request(path: path, line: "x", timeoutMilliseconds: timeout)
      } catch { return error }
      return nil
    }
    #expect(failure()?.code == .notRunning)
    #expect(failure()?.message == "no host is running: the socket does not exist")
    do {
      let server = try ControlServer(path: path)
      #expect(failure()?.code == .timedOut)
      #expect(failure()?.message.hasPrefix("a host is running, but") == true)
      #expect(server.requestsAnswered == 0)
    }
    #expect(failure()?.code == .notRunning)
    leaveStaleSocket()
    #expect(failure()?.message.contains("left behind") == true)
  }

  private func leaveStaleSocket() {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    _ = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    close(number)
  }

  @Test func takesOverOnlyWhatIsAbandoned() throws {
    leaveStaleSocket()
    do {
      let server = try ControlServer(path: path)
      let second = #expect(throws: NetworkingError.self) { _ = try ControlServer(path: path) }
      #expect(second?.code == .inUse)
      #expect(second?.message == "another host is running there")
      #expect(server.clientCount == 0)
    }
    #expect(access(path, F_OK) != 0, "a server that ends removes its socket")
    try TemporaryDirectory.write(path, [1])
    let file = #expect(throws: NetworkingError.self) { _ = try ControlServer(path: path) }
    #expect(file?.message == "a file that is no socket is there")
    #expect(try TemporaryDirectory.bytes(of: path) == [1])
    let long = scratch.file(String(repeating: "a", count: 100))
    let tooLong = #expect(throws: NetworkingError.self) { _ = try ControlServer(path: long) }
    #expect(tooLong?.code == .pathTooLong)
    #expect(tooLong?.remedy.contains("shorter") == true)
    #expect(throws: NetworkingError.self) { try ControlClient.request(path: long, line: "x") }
  }

  @Test func manyRequestsInPiecesOnOneConnection() throws {
    let server = try ControlServer(path: path)
    let client = connectRaw()
    defer { close(client) }
    server.poll { $0 }
    send(client, "on")
    server.poll { $0 }
    #expect(received(client) == "")
    send(client, "e\ntwo\nthree\nfo")
    for _ in 0..<4 { server.poll { "<\($0)>" } }
    #expect(received(client) == "<one>\n<two>\n<three>\n")
    send(client, "ur\n")
    shutdown(client, Int32(SHUT_WR))
    for _ in 0..<3 { server.poll { "<\($0)>" } }
    #expect(received(client) == "<four>\n")
    #expect(server.clientCount == 0)
  }

  @Test func badRequestsAreAnsweredAndEnded() throws {
    let server = try ControlServer(path: path)
    let endless = connectRaw()
    defer { close(endless) }
    server.poll { $0 }
    for _ in 0..<20 {
      send(endless, String(repeating: "x", count: 8000))
      server.poll { $0 }
    }
    #expect(received(endless).contains("at most 65536 bytes"))
    let foreign = connectRaw()
    defer { close(foreign) }
    let bytes: [UInt8] = [0xFF, 0xFE, 10]
    _ = bytes.withUnsafeBytes { Glibc.send(foreign, $0.baseAddress, 3, Int32(MSG_NOSIGNAL)) }
    for _ in 0..<3 { server.poll { $0 } }
    #expect(received(foreign).contains("UTF-8"))
    #expect(server.clientCount == 0)
  }

  /// A ninth client pushes out the one that was silent longest; one that never reads stops only
  /// itself.
  @Test func silentAndSlowClientsStopNobody() throws {
    let server = try ControlServer(path: path)
    let silent = (0..<ControlServer.clientsMax).map { _ in connectRaw() }
    defer { for client in silent { close(client) } }
    server.poll { $0 }
    #expect(server.clientCount == ControlServer.clientsMax)
    send(silent[7], String(repeating: "more\n", count: 50))
    for _ in 0..<60 {
      server.poll { _ in String(repeating: "y", count: 100_000) }
    }
    #expect(server.requestsAnswered < 50)
    let path = path
    let answer = try serve(server) { try ControlClient.request(path: path, line: "hello") }
    #expect(answer == "hello!")
    #expect(server.clientCount <= ControlServer.clientsMax)
  }

  @Test func aClientThatVanishesIsForgotten() throws {
    let server = try ControlServer(path: path)
    for _ in 0..<30 {
      let client = connectRaw()
      send(client, "a\nb\n")
      server.poll { $0 }
      close(client)
    }
    for _ in 0..<5 { server.poll { $0 } }
    #expect(server.clientCount == 0)
  }
}
