import Glibc

/// A Unix stream socket that never blocks, closed when its owner goes.
struct LocalSocket: ~Copyable {
  enum Transfer: Equatable {
    case moved(Int)
    /// Nothing now; try again when the socket is ready.
    case wouldBlock
    /// The other side is gone.
    case ended
  }

  /// What sockaddr_un holds, without the NUL.
  static let pathBytesMax = 107

  let number: Int32

  /// Takes over an open descriptor.
  init(adopting number: Int32) {
    self.number = number
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
  }

  init(path: String) throws(NetworkingError) {
    let opened = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard opened >= 0 else { throw NetworkingError.system(errno, path, "open a socket") }
    self.init(adopting: opened)
  }

  deinit { _ = close(number) }

  static func check(_ path: String) throws(NetworkingError) {
    let length = path.utf8.count
    guard length <= pathBytesMax else {
      throw NetworkingError(
        .pathTooLong, path,
        "the path has \(length) bytes, and a socket's may have at most \(pathBytesMax)",
        remedy: "name a shorter session directory, or a relative one")
    }
    guard length > 0, !path.utf8.contains(0) else {
      throw NetworkingError(.io, path, "this is no path", remedy: "name the socket's file")
    }
  }

  /// Hands the path as a socket address to `body`. The path was checked.
  static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// 0, or the errno.
  func connect(_ path: String) -> Int32 {
    Self.withAddress(path) { Glibc.connect(number, $0, $1) } == 0 ? 0 : errno
  }

  func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
    while true {
      let got = recv(number, buffer.baseAddress, buffer.count, 0)
      if got > 0 { return .moved(got) }
      if got == 0 { return .ended }
      if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
      if errno != EINTR { return .ended }
    }
  }

  func send(_ bytes: ArraySlice<UInt8>) -> Transfer {
    while true {
      let sent = bytes.withUnsafeBytes {
        Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if sent >= 0 { return .moved(sent) }
      if errno == EAGAIN || errno == EWOULDBLOCK { return .wouldBlock }
      if errno != EINTR { return .ended }
    }
  }

  /// The user on the other side; nil when the kernel does not say.
  var peerUser: uid_t? {
    // struct ucred: pid, uid, gid.
    var credentials: (Int32, UInt32, UInt32) = (0, 0, 0)
    var length = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(number, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else {
      return nil
    }
    return credentials.1
  }
}
