import Glibc

/// What went wrong with a journal or tape, in the words of whoever has to mend it.
package struct StorageError: Error, Sendable, CustomStringConvertible {
  package enum Code: Sendable, Equatable {
    case missing, unreadable, notATape, notAJournal
    /// The tape's recorder never finished it.
    case unfinished
    case damaged(offset: Int)
    /// Written by a version of keel that this one cannot read.
    case wrongSchema
    case exists
    /// Another writer has the journal open.
    case inUse
    /// The disk, or the quota, is spent.
    case full
    /// A record that the file's rules forbid: its size, or its place in time.
    case refusedRecord
    case io
  }
  package let code: Code
  /// The file or directory.
  package let subject: String
  package let message: String
  package let remedy: String

  package init(_ code: Code, _ subject: String, _ message: String, remedy: String) {
    self.code = code
    self.subject = subject
    self.message = message
    self.remedy = remedy
  }

  package var description: String { "\(subject): \(message); \(remedy)" }

  /// The same, said of a journal that takes nothing more because of it.
  var halting: StorageError {
    StorageError(
      code, subject, "\(message); the journal has halted behind its last record",
      remedy: "\(remedy), then resume the journal")
  }

  /// A failed system call on `path`. `number` is its errno.
  static func system(_ number: Int32, _ path: String, _ action: String) -> StorageError {
    let reason = String(cString: strerror(number))
    switch number {
    case ENOENT:
      return StorageError(
        .missing, path, "cannot \(action): it does not exist", remedy: "check the path")
    case EACCES, EPERM, EROFS:
      return StorageError(
        .unreadable, path, "cannot \(action): \(reason)",
        remedy: "give this user access to it, or name another place")
    case ENOSPC, EDQUOT, EFBIG:
      return StorageError(
        .full, path, "cannot \(action): \(reason)",
        remedy: "free some space or name a directory on another disk")
    case EEXIST:
      return StorageError(
        .exists, path, "cannot \(action): it exists already", remedy: "name another file")
    case ENOTDIR:
      return StorageError(
        .unreadable, path, "cannot \(action): a part of its path is a file, not a directory",
        remedy: "check the path")
    case EISDIR:
      return StorageError(
        .unreadable, path, "cannot \(action): \(reason)", remedy: "check the path")
    default:
      return StorageError(
        .io, path, "cannot \(action): \(reason)", remedy: "check the disk and its file system")
    }
  }
}
