import Glibc

/// Why a host and a command could not speak with each other.
package struct NetworkingError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable {
    /// Nobody answers there: no host is running.
    case notRunning
    /// Another user's host, or a file that this user may not touch.
    case notPermitted
    /// A host is running, but gave no answer in time.
    case timedOut
    /// A host was running, and ended the connection before it answered.
    case closed
    case pathTooLong
    /// Something else holds the socket's path.
    case inUse
    /// A request or an answer is longer than a line may be.
    case tooLong
    case io
  }
  package let code: Code
  /// The socket's path.
  package let subject: String
  package let message: String
  package let remedy: String

  init(_ code: Code, _ subject: String, _ message: String, remedy: String) {
    self.code = code
    self.subject = subject
    self.message = message
    self.remedy = remedy
  }

  package var description: String { "\(subject): \(message); \(remedy)" }

  static func system(_ number: Int32, _ path: String, _ action: String) -> NetworkingError {
    let reason = String(cString: strerror(number))
    switch number {
    case EACCES, EPERM, EROFS:
      return NetworkingError(
        .notPermitted, path, "cannot \(action): \(reason)",
        remedy: "run this as the user that owns it, or name another directory")
    case ENOENT, ENOTDIR:
      return NetworkingError(
        .io, path, "cannot \(action): \(reason)", remedy: "create its directory first")
    case EADDRINUSE:
      return NetworkingError(
        .inUse, path, "cannot \(action): something is there already",
        remedy: "stop the other host, or name another directory")
    default:
      return NetworkingError(.io, path, "cannot \(action): \(reason)", remedy: "try it again")
    }
  }
}
