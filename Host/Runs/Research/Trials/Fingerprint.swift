import Glibc
import PluginHost

/// A hash by which a search knows whether what it tried is still the same.
package enum Fingerprint {
  private static let wholeBytesMax = 16 << 20
  private static let samples = 64
  private static let sampleBytes = 64 << 10

  package static func text(_ text: String) -> String {
    ContentHash(of: Array(text.utf8)).description
  }

  /// Of a whole small file. A large one is told by its size, its beginning, its end and samples in
  /// between: a tape is gigabytes, and reading it all would cost as much as a trial. What is there
  /// between two samples is protected by the tape's own checksums.
  package static func file(_ path: String) throws(ResearchError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw TrialLog.system(errno, path, "open it") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ResearchError(.io, path, "it is not a regular file", remedy: "check the path")
    }
    let size = Int(status.st_size)
    var bytes = Array("\(size) ".utf8)
    if size <= wholeBytesMax {
      bytes += try read(descriptor, path, at: 0, size)
    } else {
      for sample in 0..<samples {
        let at = (size - sampleBytes) / (samples - 1) * sample
        let place = sample == samples - 1 ? size - sampleBytes : at
        bytes += try read(descriptor, path, at: place, sampleBytes)
      }
    }
    return ContentHash(of: bytes).description
  }

  private static func read(
    _ descriptor: Int32, _ path: String, at offset: Int, _ count: Int
  ) throws(ResearchError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + done, count - done, off_t(offset + done))
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw TrialLog.system(errno, path, "read it") }
      if got == 0 { break }
      done += got
    }
    return Array(bytes.prefix(done))
  }
}
