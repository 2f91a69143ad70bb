import Glibc

/// A client of a Unix socket that may misbehave. Whoever made it closes it.
struct RawClient {
  let number: Int32

  init(number: Int32) { self.number = number }

  init(path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let number = number
    let connected = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    precondition(connected == 0, "the server is there")
    var limit = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  func send(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  /// What has arrived by now.
  func received() -> String {
    var bytes = [UInt8](repeating: 0, count: 200_000)
    let count = bytes.withUnsafeMutableBytes {
      recv(number, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
    }
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
