import Glibc

/// Files that are there whole or not at all: written under another name, synced, renamed.
package enum WholeFile {
  /// Makes `path`; what is there already stays, and is an error.
  package static func create(
    _ bytes: [UInt8], _ path: String, mode: UInt32 = 0o644
  ) throws(PluginHostError) {
    let temporary = try writeBeside(path, bytes, mode)
    guard link(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      if code == EEXIST {
        throw PluginHostError(
          .unreadable, path, "is there already, and is not written over",
          remedy: "move it away, or give another name")
      }
      throw failure(path, code)
    }
    unlink(temporary)
  }

  /// Makes `path`, or puts the new content in its place.
  package static func replace(
    _ bytes: [UInt8], _ path: String, mode: UInt32 = 0o644
  ) throws(PluginHostError) {
    let temporary = try writeBeside(path, bytes, mode)
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw failure(path, code)
    }
    syncFolder(of: path)
  }

  /// The name begins with a dot, which nobody who looks for plugins reads.
  private static func writeBeside(
    _ path: String, _ bytes: [UInt8], _ mode: UInt32
  ) throws(PluginHostError) -> String {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let temporary = "\(path[..<slash]).\(path[slash...]).\(getpid()).part"
    unlink(temporary)
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard file >= 0 else { throw failure(path, errno) }
    let isWritten = write(bytes, file) && fchmod(file, mode) == 0 && fsync(file) == 0
    let code = errno
    guard close(file) == 0, isWritten else {
      unlink(temporary)
      throw failure(path, code)
    }
    return temporary
  }

  private static func write(_ bytes: [UInt8], _ file: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = Glibc.write(file, buffer.baseAddress! + done, buffer.count - done)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return false }
        done += count
      }
      return true
    }
  }

  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let file = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard file >= 0 else { return }
    _ = fsync(file)
    close(file)
  }

  private static func failure(_ path: String, _ code: Int32) -> PluginHostError {
    PluginHostError(
      .unreadable, path, "cannot be written: \(String(cString: strerror(code)))",
      remedy: "check that its folder is there, has space, and may be written by this user")
  }
}
