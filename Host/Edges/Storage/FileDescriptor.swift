import Glibc

/// An open file, closed when its owner goes. Every failure names the path it was opened by.
struct FileDescriptor: ~Copyable {
  let path: String
  private let number: Int32
  private let system: StorageSystem

  init(path: String, flags: Int32, system: StorageSystem = .real) throws(StorageError) {
    let opened = system.open(path, flags)
    try StorageSystem.check(
      opened, path, flags & O_CREAT != 0 ? "create it" : "open it")
    self.path = path
    self.system = system
    number = Int32(opened)
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
    try StorageSystem.check(system.preallocate(number, bytes), path, "reserve \(bytes) bytes")
  }

  func truncate(to bytes: Int) throws(StorageError) {
    try StorageSystem.check(system.truncate(number, bytes), path, "cut its unused tail")
  }

  func sync() throws(StorageError) {
    try StorageSystem.check(system.sync(number), path, "sync it")
  }

  /// Until this descriptor goes. False when another one holds it.
  func lock() throws(StorageError) -> Bool {
    let answer = system.lock(number)
    if answer == -Int(EWOULDBLOCK) { return false }
    try StorageSystem.check(answer, path, "lock it")
    return true
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(StorageError) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let written = system.write(number, rest, offset + done)
      // Nothing written and no reason given would repeat for ever.
      try StorageSystem.check(written == 0 ? -Int(EIO) : written, path, "write to it")
      done += written
    }
  }

  /// All of a file that is small enough to hold.
  func contents() throws(StorageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: try size())
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes { all in
        pread(number, all.baseAddress! + done, all.count - done, off_t(done))
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw StorageError.system(errno, path, "read it") }
      // It was cut while it was read.
      guard count > 0 else { return Array(bytes.prefix(done)) }
      done += count
    }
    return bytes
  }

  func map(bytes: Int, writable: Bool) throws(StorageError) -> UnsafeMutableRawPointer {
    let address = system.map(number, bytes, writable)
    try StorageSystem.check(address, path, "map it into memory")
    return UnsafeMutableRawPointer(bitPattern: address)!
  }
}
