import Glibc

/// A new file that is written from front to end. Removed again unless `finish` was reached.
final class ExportFile {
  private let path: String
  private let descriptor: Int32
  private let stream: OutputStream
  private var isFinished = false

  init(path: String) throws(CommandError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(errno, path, "create it") }
    stream = OutputStream(descriptor: descriptor)
  }

  deinit {
    close(descriptor)
    if !isFinished { unlink(path) }
  }

  var isBroken: Bool { stream.failure != 0 }

  func write(_ text: String) { stream.write(text) }

  func finish() throws(CommandError) {
    stream.flush()
    guard stream.failure == 0 else { throw Self.failure(stream.failure, path, "write to it") }
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw Self.failure(errno, path, "write to it")
    }
    isFinished = true
  }

  private static func failure(_ number: Int32, _ path: String, _ action: String) -> CommandError {
    let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
    let remedy =
      switch number {
      case EEXIST: "name another file: what is there is never overwritten"
      case ENOENT: "make the directory first, or name another place"
      case ENOSPC, EDQUOT, EFBIG: "free some space, or name a file on another disk"
      default: "give this user access to it, or name another place"
      }
    return CommandError(subject: path, "cannot \(action): \(reason)", remedy: remedy)
  }
}
