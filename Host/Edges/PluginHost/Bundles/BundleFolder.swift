import Glibc

/// The folder form of a bundle, read whole: regular files alone, no links, nothing but names that
/// the packed form could hold.
enum BundleFolder {
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func entries(
    _ path: String, bytesMax: Int
  ) throws(PluginHostError) -> [BundleArchive.Entry] {
    let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw unreadable(path, errno) }
    defer { close(folder) }
    var entries: [BundleArchive.Entry] = []
    var left = bytesMax
    for name in try names(path, folder).sorted(by: BundleArchive.precedes) {
      guard BundleArchive.isName(name) else {
        throw PluginHostError(
          .bundle, path, "holds an entry that is not named as a file of a bundle is",
          remedy: "a bundle holds what its manifest names, and nothing else")
      }
      // Opened through the folder that is open, never followed.
      let file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard file >= 0 else {
        guard errno != ELOOP else { throw notAFile(path, name) }
        throw unreadable("\(path)/\(name)", errno)
      }
      defer { close(file) }
      var status = stat()
      guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
        throw notAFile(path, name)
      }
      let bytes = try PluginFile(
        descriptor: file, path: "\(path)/\(name)", bytesMax: left
      ).bytes
      left -= bytes.count
      entries.append(BundleArchive.Entry(name: name, bytes: bytes))
    }
    return entries
  }

  private static func names(_ path: String, _ folder: Int32) throws(PluginHostError) -> [String] {
    let copy = dup(folder)
    guard copy >= 0, let stream = fdopendir(copy) else {
      if copy >= 0 { close(copy) }
      throw unreadable(path, errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = BoundedText.shown(entry.pointee.d_name)
      if name == "." || name == ".." { continue }
      guard names.count < BundleArchive.entriesMax else {
        throw PluginHostError(
          .bundle, path, "holds more than \(BundleArchive.entriesMax) files",
          remedy: "a bundle holds what its manifest names, and nothing else")
      }
      names.append(name)
    }
    return names
  }

  private static func notAFile(_ path: String, _ name: String) -> PluginHostError {
    PluginHostError(
      .bundle, path, "\(name) is a link, a folder or a device, not a file",
      remedy: "put the file itself there")
  }

  private static func unreadable(_ path: String, _ code: Int32) -> PluginHostError {
    PluginHostError(
      code == ENOENT ? .missing : .unreadable, path,
      "cannot be read: \(String(cString: strerror(code)))",
      remedy: "make it readable for the user that runs keel")
  }

  /// Makes the folder beside its place, then renames: it is there whole or not at all.
  static func write(_ bundle: PluginBundle, to path: String) throws(PluginHostError) {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let temporary = "\(path[..<slash]).\(path[slash...]).\(getpid()).part"
    remove(temporary)
    guard mkdir(temporary, 0o755) == 0 else { throw unwritable(path, errno) }
    do throws(PluginHostError) {
      for entry in bundle.entries {
        try WholeFile.replace(entry.bytes, "\(temporary)/\(entry.name)")
      }
      guard rename(temporary, path) == 0 else { throw unwritable(path, errno) }
    } catch {
      remove(temporary)
      throw error
    }
  }

  /// The files of a folder of ours, and the folder.
  static func remove(_ path: String) {
    guard let stream = opendir(path) else { return }
    while let entry = readdir(stream) {
      let name = BoundedText.shown(entry.pointee.d_name)
      if name != "." && name != ".." { unlink("\(path)/\(name)") }
    }
    closedir(stream)
    rmdir(path)
  }

  private static func unwritable(_ path: String, _ code: Int32) -> PluginHostError {
    PluginHostError(
      .unreadable, path, "cannot be written: \(String(cString: strerror(code)))",
      remedy: code == ENOTEMPTY || code == EEXIST
        ? "move away what is there" : "check that its folder is there and may be written")
  }
}
