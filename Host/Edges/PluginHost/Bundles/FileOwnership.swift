import Glibc

/// Whether others than the user could have written, or could read, what trust is built on.
enum FileOwnership {
  /// A file that only its owner may read.
  static func checkPrivate(_ path: String) throws(PluginHostError) {
    let status = try status(path)
    guard status.st_uid == geteuid() || geteuid() == 0 else {
      throw PluginHostError(
        .key, path, "belongs to another user", remedy: "copy it as your own, with mode 0600")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw PluginHostError(
        .key, path, "others may read or write this private key (mode \(octal(status.st_mode)))",
        remedy: "chmod 600 \(path); if others can have read it, make a new key and revoke this one")
    }
  }

  /// A file or directory that only its owner, or root, may have written.
  static func checkUnchanged(_ path: String) throws(PluginHostError) {
    let status = try status(path)
    guard status.st_uid == geteuid() || status.st_uid == 0 else {
      throw PluginHostError(
        .untrusted, path, "belongs to another user, who decides what it says",
        remedy: "own what decides about trust: chown it, with mode 0600 or 0700")
    }
    guard status.st_mode & 0o022 == 0 else {
      throw PluginHostError(
        .untrusted, path, "others may write it (mode \(octal(status.st_mode)))",
        remedy: "chmod go-w \(path), then look at what it says")
    }
  }

  private static func status(_ path: String) throws(PluginHostError) -> stat {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw PluginHostError(
        errno == ENOENT ? .missing : .unreadable, path,
        "cannot be looked at: \(String(cString: strerror(errno)))", remedy: "check the path")
    }
    return status
  }

  private static func octal(_ mode: mode_t) -> String {
    "0" + String(mode & 0o7777, radix: 8)
  }
}
