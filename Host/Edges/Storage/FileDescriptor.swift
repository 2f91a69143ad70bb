import Glibc

/// An open file, closed when its owner goes. Every failure names the path it was opened by.
struct FileDescriptor: ~Copyable {
  let path: String
  private let number: Int32

  init(path: String, flags: Int32, mode: mode_t = 0o644) throws(StorageError) {
    var opened = open(path, flags | O_CLOEXEC, mode)
    while opened < 0, errno == EINTR { opened = open(path, flags | O_CLOEXEC, mode) }
    guard opened >= 0 else {
      let action = flags & O_CREAT != 0 ? "create it" : "open it"
      throw StorageError.system(errno, path, action)
    }
    self.path = path
    number = opened
  }

  deinit { _ = close(number) }

  /// Bytes in a regular file. A directory, pipe or device is refused: it has no size to check.
  func size() throws(StorageError) -> Int {
    var status = stat()
    guard fstat(number, &status) == 0 else {
      throw StorageError.system(errno, path, "ask its size")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StorageError(
        .unreadable, path, "it is not a regular file", remedy: "name a file that keel wrote")
    }
    return Int(status.st_size)
  }

  /// Reserves disk space now, so that a full disk is met here and not at a later page fault.
  func preallocate(_ bytes: Int) throws(StorageError) {
    var failure = posix_fallocate(number, 0, off_t(bytes))
    while failure == EINTR { failure = posix_fallocate(number, 0, off_t(bytes)) }
    guard failure == 0 else { throw StorageError.system(failure, path, "reserve \(bytes) bytes") }
  }

  func truncate(to bytes: Int) throws(StorageError) {
    guard ftruncate(number, off_t(bytes)) == 0 else {
      throw StorageError.system(errno, path, "cut its unused tail")
    }
  }

  func sync() throws(StorageError) {
    guard fdatasync(number) == 0 else { throw StorageError.system(errno, path, "sync it") }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
    var done = 0
    while done < bytes.count {
      let written = pwrite(
        number, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw StorageError.system(errno, path, "write to it") }
      done += written
    }
  }

  func map(bytes: Int, writable: Bool) throws(StorageError) -> UnsafeMutableRawPointer {
    let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
    guard let start = mmap(nil, bytes, protection, MAP_SHARED, number, 0),
      start != UnsafeMutableRawPointer(bitPattern: -1)
    else { throw StorageError.system(errno, path, "map it into memory") }
    return start
  }
}
