import Glibc
import JSON

/// The directory of a search: `trials.ndjson`, a header and a line for each trial that ended. A
/// line is written whole and reaches the disk before the next trial is counted, so that whatever
/// ends a search, what was done is known. One search at a time holds the directory.
package final class TrialLog {
  package let directory: String
  package let file: String
  package private(set) var records: [TrialRecord] = []
  /// Bytes of a last line that was never finished: cut off when the directory was opened.
  package private(set) var tornBytes = 0
  private let names: [String]
  private let descriptor: Int32

  /// Makes the directory, or goes on with one of the same search.
  package init(
    directory: String, header: SearchHeader, parameters names: [String]
  ) throws(ResearchError) {
    self.directory = directory
    self.names = names
    file = directory + "/trials.ndjson"
    try Self.make(directory)
    let descriptor = open(file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.system(errno, file, "open it") }
    self.descriptor = descriptor
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw ResearchError(
        .occupied, directory, "another search is writing to it",
        remedy: "wait until it ends, or name another directory")
    }
    let bytes = try Self.contents(descriptor, file)
    guard let first = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
      // Nothing, or a header that was never finished: no trial can stand behind it.
      tornBytes = bytes.count
      guard bytes.isEmpty || header.text.utf8.starts(with: bytes) else {
        throw ResearchError(
          .damaged, file, "its first line is no header of a search",
          remedy: "name another directory")
      }
      try cut(to: 0)
      try write(header.text)
      return
    }
    let found = try SearchHeader.read(String(decoding: bytes[..<first], as: UTF8.self), file: file)
    let differences = found.differences(to: header)
    guard differences.isEmpty else {
      throw ResearchError(
        .occupied, directory,
        "it holds another search: " + differences.joined(separator: "; "),
        remedy: "name another directory, or repeat the search that it holds")
    }
    try read(bytes, from: first + 1)
  }

  deinit {
    // A child between its fork and its program has the descriptor, too: closing alone would leave
    // the lock to it.
    _ = flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  package func append(_ record: TrialRecord) throws(ResearchError) {
    try write(record.json(names).text())
    records.append(record)
  }

  /// Takes failures out of what is done, so that they are tried again. The last word of the file on
  /// a trial counts.
  package func forgetFailures() { records.removeAll { $0.failure != nil } }

  private func read(_ bytes: [UInt8], from start: Int) throws(ResearchError) {
    var found: [Int: TrialRecord] = [:]
    var at = start
    var line = 2
    while at < bytes.count {
      guard let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) else {
        tornBytes = bytes.count - at
        try cut(to: at)
        break
      }
      let value = try? JSONValue.parse(
        Array(bytes[at..<end]), limits: JSONLimits(bytesMax: TrialResult.documentBytesMax),
        subject: file)
      guard let value, let record = TrialRecord(value, names) else {
        throw ResearchError(
          .damaged, file, "line \(line) is no trial of this search",
          remedy: "remove that line, and its trial is run again; or name another directory")
      }
      found[record.number] = record
      at = end + 1
      line += 1
    }
    records = found.values.sorted { $0.number < $1.number }
  }

  private func cut(to bytes: Int) throws(ResearchError) {
    guard ftruncate(descriptor, off_t(bytes)) == 0 else {
      throw Self.system(errno, file, "cut its unfinished line")
    }
  }

  private func write(_ line: String) throws(ResearchError) {
    let bytes = Array((line + "\n").utf8)
    var done = 0
    while done < bytes.count {
      let written = bytes[done...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw Self.system(errno, file, "write to it") }
      done += written
    }
    guard fdatasync(descriptor) == 0 || errno == EINVAL else {
      throw Self.system(errno, file, "write to it")
    }
  }

  private static func make(_ directory: String) throws(ResearchError) {
    guard !directory.isEmpty else {
      throw ResearchError(.usage, "--output", "its name is empty", remedy: "name a directory")
    }
    var path = directory.hasPrefix("/") ? "/" : ""
    for part in directory.split(separator: "/") {
      path += (path.isEmpty || path.hasSuffix("/") ? "" : "/") + part
      if mkdir(path, 0o755) != 0, errno != EEXIST, errno != EISDIR, errno != EROFS {
        throw system(errno, path, "make this directory")
      }
    }
    var status = stat()
    guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw ResearchError(
        .io, directory, "it is not a directory", remedy: "name a directory, or a new one")
    }
  }

  private static func contents(
    _ descriptor: Int32, _ file: String
  ) throws(ResearchError) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ResearchError(.io, file, "it is not a regular file", remedy: "name another directory")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + done, $0.count - done, off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw system(errno, file, "read it") }
      if count == 0 { break }
      done += count
    }
    return Array(bytes.prefix(done))
  }

  static func system(_ number: Int32, _ path: String, _ action: String) -> ResearchError {
    let reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
    let remedy =
      switch number {
      case ENOSPC, EDQUOT, EFBIG: "free some space, or name a directory on another disk"
      case ENOENT, ENOTDIR: "check the path"
      default: "give this user access to it, or name another place"
      }
    return ResearchError(.io, path, "cannot \(action): \(reason)", remedy: remedy)
  }
}
