import Glibc

/// A file of a new project.
struct WrittenFile {
  let path: String
  let bytes: [UInt8]
  var isProgram = false

  func write() throws(CommandError) {
    try Self.makeFolders(above: path)
    let mode: mode_t = isProgram ? 0o755 : 0o644
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Self.failure("create", path) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        Glibc.write(descriptor, all.baseAddress! + done, all.count - done)
      }
      guard count > 0 else {
        let failed = Self.failure("write", path)
        close(descriptor)
        throw failed
      }
      done += count
    }
    guard close(descriptor) == 0 else { throw Self.failure("write", path) }
  }

  private static func makeFolders(above file: String) throws(CommandError) {
    var path = file.hasPrefix("/") ? "" : "."
    for part in file.split(separator: "/").dropLast() {
      path += "/\(part)"
      if mkdir(path, 0o755) != 0 && errno != EEXIST { throw failure("create", path) }
    }
  }

  static func failure(_ verb: String, _ path: String) -> CommandError {
    CommandError(
      .failed, subject: path, "cannot \(verb) it: \(String(cString: strerror(errno)))",
      remedy: "check the path, its permissions and the free space")
  }
}
