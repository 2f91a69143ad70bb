import Glibc

/// A file mapped into memory as a whole. Readers see what another process appends in place.
///
/// Pages cut off the file while it is mapped must not be touched. A closing journal keeps every
/// byte that a reader may look at (see `JournalSegment.close`); a tape never shrinks.
struct MappedFile: ~Copyable {
  let file: FileDescriptor
  let start: UnsafeMutableRawPointer
  let count: Int

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  /// An existing file, to read. The caller checks `bytesMin` against the file's own rules first.
  init(reading file: consuming FileDescriptor, bytes: Int) throws(StorageError) {
    start = try file.map(bytes: bytes, writable: false)
    count = bytes
    self.file = file
  }

  /// A new file of `bytes` zeros, to write.
  init(creating path: String, bytes: Int) throws(StorageError) {
    let file = try FileDescriptor(path: path, flags: O_RDWR | O_CREAT | O_EXCL)
    do {
      try file.preallocate(bytes)
      start = try file.map(bytes: bytes, writable: true)
    } catch {
      unlink(path)
      throw error
    }
    count = bytes
    self.file = file
  }

  deinit { munmap(start, count) }

  /// Waits until the mapped bytes are on the disk.
  func sync() throws(StorageError) {
    guard msync(start, count, MS_SYNC) == 0 else {
      throw StorageError.system(errno, file.path, "sync it")
    }
  }
}
