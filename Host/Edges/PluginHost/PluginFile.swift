import Glibc

/// The bytes of a plugin file at one moment, read whole: what is linted is what is hashed, copied
/// and loaded, whatever happens to the path meanwhile.
package struct PluginFile: Sendable {
  package let path: String
  package let bytes: [UInt8]

  /// Bytes that are here already; `path` names them in errors.
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  package init(path: String, bytesMax: Int) throws(PluginHostError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.openingFailed(path, errno) }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, path: path, bytesMax: bytesMax)
    guard !bytes.isEmpty else {
      throw PluginHostError(
        .notASharedObject, path, "is empty", remedy: "build or copy the plugin again")
    }
  }

  /// A file that is open already, and stays so.
  init(descriptor: Int32, path: String, bytesMax: Int) throws(PluginHostError) {
    self.path = path
    let before = try Self.status(descriptor, path)
    guard before.st_mode & S_IFMT == S_IFREG else {
      throw PluginHostError(
        .unreadable, path, "is not a regular file", remedy: "give the path of a plugin's .so file")
    }
    guard before.st_size <= bytesMax else {
      throw PluginHostError(
        .unreadable, path, "has \(before.st_size) bytes, more than the \(bytesMax) allowed",
        remedy: "strip debug information from it")
    }
    bytes = try Self.content(descriptor, count: Int(before.st_size), path)
    let after = try Self.status(descriptor, path)
    guard after.st_size == before.st_size, after.st_mtim.tv_sec == before.st_mtim.tv_sec,
      after.st_mtim.tv_nsec == before.st_mtim.tv_nsec
    else {
      throw PluginHostError(
        .incomplete, path, "is still being written",
        remedy: "copy it under another name, then rename it into place")
    }
  }

  private static func openingFailed(_ path: String, _ code: Int32) -> PluginHostError {
    if code == ENOENT || code == ENOTDIR {
      return PluginHostError(
        .missing, path, "there is no such file", remedy: "check the path, or build the plugin")
    }
    return PluginHostError(
      .unreadable, path, "cannot be opened: \(String(cString: strerror(code)))",
      remedy: "make it readable for the user that runs keel")
  }

  private static func status(_ descriptor: Int32, _ path: String) throws(PluginHostError) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw openingFailed(path, errno) }
    return status
  }

  private static func content(
    _ descriptor: Int32, count: Int, _ path: String
  ) throws(PluginHostError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let n = read(descriptor, buffer.baseAddress! + filled, count - filled)
        if n < 0 && errno == EINTR { continue }
        if n < 0 { failure = errno }
        if n <= 0 { break }
        filled += n
      }
    }
    guard failure == 0 else { throw openingFailed(path, failure) }
    guard bytes.count == count else {
      throw PluginHostError(
        .incomplete, path, "became shorter while it was read",
        remedy: "copy it under another name, then rename it into place")
    }
    return bytes
  }
}
