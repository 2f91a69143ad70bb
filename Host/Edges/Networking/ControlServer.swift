import Glibc

/// Where a running host takes commands: a Unix socket of mode 0600, one JSON text a line, one line
/// back. It has no thread: whoever owns it calls `poll` between turns, which costs one system call
/// when nothing happens and never waits for a client.
package final class ControlServer {
  package static let clientsMax = 8
  package static let lineBytesMax = 64 << 10

  package let path: String
  package private(set) var requestsAnswered = 0
  package var clientCount: Int { clients.count }

  private let listener: LocalSocket
  private let identity: (device: dev_t, inode: ino_t)
  private var clients: [ControlConnection] = []
  private var polls = 0
  private var accepted: UInt64 = 0

  /// Takes the path over only from a host that is no longer there.
  package init(path: String) throws(NetworkingError) {
    try LocalSocket.check(path)
    try Self.createFolder(of: path)
    try Self.removeIfAbandoned(path)
    let listener = try LocalSocket(path: path)
    // Linux gives the file the mode of the socket at the moment of bind: it is never wider.
    guard fchmod(listener.number, 0o600) == 0,
      LocalSocket.withAddress(path, { bind(listener.number, $0, $1) }) == 0
    else { throw NetworkingError.system(errno, path, "listen there") }
    var status = stat()
    guard chmod(path, 0o600) == 0, lstat(path, &status) == 0,
      listen(listener.number, Int32(Self.clientsMax)) == 0
    else { throw NetworkingError.system(errno, path, "listen there") }
    self.path = path
    self.listener = listener
    identity = (status.st_dev, status.st_ino)
  }

  /// The folder that the socket is to be in, for its owner alone when it is made here.
  private static func createFolder(of path: String) throws(NetworkingError) {
    guard let end = path.lastIndex(of: "/"), end > path.startIndex else { return }
    let folder = String(path[..<end])
    guard mkdir(folder, 0o700) != 0 else { return }
    if errno == ENOENT {
      try createFolder(of: folder)
      guard mkdir(folder, 0o700) != 0, errno != EEXIST else { return }
    }
    if errno != EEXIST { throw NetworkingError.system(errno, folder, "create the directory") }
  }

  deinit {
    // Another host may have taken the path over since.
    var status = stat()
    if lstat(path, &status) == 0, status.st_dev == identity.device,
      status.st_ino == identity.inode
    {
      unlink(path)
    }
  }

  private static func removeIfAbandoned(_ path: String) throws(NetworkingError) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw NetworkingError(
        .inUse, path, "a file that is no socket is there", remedy: "move it away")
    }
    let probe = try LocalSocket(path: path)
    switch probe.connect(path) {
    case ECONNREFUSED:
      guard unlink(path) == 0 || errno == ENOENT else {
        throw NetworkingError.system(errno, path, "remove the socket of a dead host")
      }
    case ENOENT: return
    case EACCES, EPERM:
      throw NetworkingError(
        .notPermitted, path, "another user's socket is there",
        remedy: "name another session directory")
    default:
      throw NetworkingError(
        .inUse, path, "another host is running there",
        remedy: "stop it, or name another session directory")
    }
  }

  /// Takes what clients have sent and gives what they can take. `handle` answers one request, in
  /// one line, on this thread.
  package func poll(_ handle: (String) -> String) { poll { request, _ in handle(request) } }

  /// The same; nil is answered later, by `answer`, and the client's next request waits until then.
  package func poll(_ handle: (_ request: String, _ client: UInt64) -> String?) {
    polls += 1
    var waiting: [pollfd] = [pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0)]
    for client in clients {
      let events = (client.wantsToReceive ? POLLIN : 0) | (client.wantsToSend ? POLLOUT : 0)
      waiting.append(pollfd(fd: client.socket.number, events: Int16(events), revents: 0))
    }
    _ = Glibc.poll(&waiting, nfds_t(waiting.count), 0)
    for (index, client) in clients.enumerated()
    where waiting[index + 1].revents != 0 || client.hasWork {
      if client.isWaiting, Int32(waiting[index + 1].revents) & POLLHUP != 0 { client.abandon() }
      client.advance(poll: polls) { request in
        requestsAnswered += 1
        return handle(request, client.number)
      }
    }
    clients.removeAll { $0.isFinished }
    if waiting[0].revents != 0 { accept() }
  }

  /// What a client waits for; nothing for one that is gone.
  package func answer(_ line: String, to client: UInt64) {
    clients.first { $0.number == client }?.answerLate(line)
  }

  private func accept() {
    for _ in 0..<Self.clientsMax {
      let number = Glibc.accept(listener.number, nil, nil)
      guard number >= 0 else { return }
      let socket = LocalSocket(adopting: number)
      // Root may command every host; it could become its user anyway.
      let user = socket.peerUser
      guard user == geteuid() || user == 0 else {
        _ = socket.send(
          ArraySlice(Array("{\"ok\":false,\"error\":\"this host belongs to another user\"}\n".utf8))
        )
        continue
      }
      if clients.count >= Self.clientsMax {
        // Whoever waits for an answer is silent for a reason.
        let silent = clients.indices.min {
          (clients[$0].isWaiting ? 1 : 0, clients[$0].lastActive)
            < (clients[$1].isWaiting ? 1 : 0, clients[$1].lastActive)
        }!
        clients.remove(at: silent)
      }
      accepted += 1
      clients.append(ControlConnection(socket, number: accepted, poll: polls))
    }
  }
}
