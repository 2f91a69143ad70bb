import Glibc

/// A file in memory that every run writes anew, in a directory of its own that goes with the
/// process. A machine without /dev/shm uses the usual place for temporary files.
final class ScratchFile {
  let directory: String
  let path: String

  init(named name: String) {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/keel-fuzz-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) }
    precondition(made != nil, "a run needs a directory in \(parent)")
    directory = String(cString: made!)
    path = "\(directory)/\(name)"
    Self.paths.append(path)
    if Self.paths.count == 1 { atexit { ScratchFile.removeAll() } }
  }

  nonisolated(unsafe) private static var paths: [String] = []

  private static func removeAll() {
    for path in paths {
      unlink(path)
      rmdir(String(path[..<path.lastIndex(of: "/")!]))
    }
  }

  func write(_ bytes: [UInt8]) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(file >= 0, "a run needs to write \(path)")
    defer { close(file) }
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      precondition(count > 0, "a run needs to write \(path)")
      done += count
    }
  }
}
