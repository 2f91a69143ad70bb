import Glibc

/// Bytes from front to end, a piece at a time.
protocol ByteSource: AnyObject {
  /// How far into the file on disk the reader is, for a progress line.
  var bytesTaken: Int { get }
  /// At least one byte, or 0 at the end.
  func read(into space: UnsafeMutableRawBufferPointer) throws(MarketFileError) -> Int
}

/// A regular file. Read into a buffer that stays in the cache, not mapped: a file that is cut
/// while it is mapped ends the process, and pages cost more than the copy.
final class PlainSource: ByteSource {
  let path: String
  let size: Int
  private(set) var bytesTaken = 0
  private let descriptor: Int32

  init(path: String) throws(MarketFileError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw MarketFileError.system(errno, path, "open it") }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let number = errno
      close(descriptor)
      throw MarketFileError.system(number, path, "ask its size")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      throw MarketFileError(
        .io, path, isDirectory ? "it is a directory" : "it is not a regular file",
        remedy: isDirectory
          ? "name the files in it: \(path)/*.csv" : "write its bytes to a file first")
    }
    size = Int(status.st_size)
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit { close(descriptor) }

  /// What is read next. Progress counts from there too.
  func seek(to offset: Int) throws(MarketFileError) {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
      throw MarketFileError.system(errno, path, "find its content")
    }
    bytesTaken = offset
  }

  /// Bytes anywhere, which must be there; what is read next stays what it was.
  func bytes(at offset: Int, count: Int) throws(MarketFileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress! + done, count - done, off_t(offset + done))
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else {
        throw MarketFileError.system(got < 0 ? errno : EIO, path, "read it")
      }
      done += got
    }
    return bytes
  }

  func read(into space: UnsafeMutableRawBufferPointer) throws(MarketFileError) -> Int {
    while true {
      let count = Glibc.read(descriptor, space.baseAddress, space.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw MarketFileError.system(errno, path, "read it") }
      bytesTaken += count
      return count
    }
  }
}
