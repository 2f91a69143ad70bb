import Glibc

/// Content-addressed copies of plugin files. The loader opens only these: a path is never reused
/// for other content, so that a build in memory and a new file under its name are never confused.
package struct PluginStore: Sendable {
  package let directory: String

  package init(directory: String) { self.directory = directory }

  package func path(of hash: ContentHash) -> String { "\(directory)/\(hash).so" }

  /// The stored copy of a library, made when there is none or the one there was tampered with.
  package func keep(_ file: PluginFile, hash: ContentHash) throws(PluginHostError) -> String {
    try keep(file.bytes, hash, path(of: hash))
  }

  /// The same of a packed bundle, for whoever is to look at it in a process of its own.
  package func keep(_ bundle: PluginBundle) throws(PluginHostError) -> String {
    let bytes = bundle.packed
    let hash = ContentHash(of: bytes)
    return try keep(bytes, hash, "\(directory)/\(hash).\(PluginBundle.fileExtension)")
  }

  private func keep(
    _ bytes: [UInt8], _ hash: ContentHash, _ target: String
  ) throws(PluginHostError) -> String {
    try makeDirectories()
    let stored = try? PluginFile(path: target, bytesMax: bytes.count)
    if let stored, ContentHash(of: stored.bytes) == hash { return target }
    let temporary = "\(directory)/.\(hash).\(getpid()).part"
    unlink(temporary)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o500)
    guard descriptor >= 0 else { throw failure("create", temporary) }
    let written = write(bytes, to: descriptor) && fsync(descriptor) == 0
    let error = errno
    guard close(descriptor) == 0, written else {
      errno = error
      let failed = failure("write", temporary)
      unlink(temporary)
      throw failed
    }
    guard rename(temporary, target) == 0 else {
      let failed = failure("rename into place", temporary)
      unlink(temporary)
      throw failed
    }
    return target
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let n = Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
        if n < 0 && errno == EINTR { continue }
        if n <= 0 { return false }
        done += n
      }
      return true
    }
  }

  private func makeDirectories() throws(PluginHostError) {
    var path = directory.hasPrefix("/") ? "" : "."
    for part in directory.split(separator: "/") {
      path += "/\(part)"
      if mkdir(path, 0o700) != 0 && errno != EEXIST { throw failure("create", path) }
    }
    // Whoever can write there could put other code under a name that was verified.
    try FileOwnership.checkUnchanged(directory)
  }

  private func failure(_ verb: String, _ path: String) -> PluginHostError {
    PluginHostError(
      .unreadable, path, "cannot \(verb) this file: \(String(cString: strerror(errno)))",
      remedy: "give keel a writable directory with free space for its plugin copies")
  }
}
