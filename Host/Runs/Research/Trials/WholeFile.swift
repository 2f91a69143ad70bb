import Glibc

/// A file that is there whole or not at all: written beside its place and then moved there.
package enum WholeFile {
  package static func write(_ path: String, _ text: String) throws(ResearchError) {
    let beside = path + ".new"
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw TrialLog.system(errno, path, "create it") }
    var bytes = Array(text.utf8)[...]
    var failure: Int32 = 0
    while !bytes.isEmpty, failure == 0 {
      let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      if written <= 0 { failure = errno } else { bytes = bytes.dropFirst(written) }
    }
    if failure == 0, fsync(descriptor) != 0, errno != EINVAL { failure = errno }
    close(descriptor)
    if failure == 0, rename(beside, path) != 0 { failure = errno }
    guard failure == 0 else {
      unlink(beside)
      throw TrialLog.system(failure, path, "write it")
    }
  }
}
