import Glibc

/// What the files of this edge ask of the system: one function a call, so that a test can let any
/// of them fail. An answer below zero is the negative errno.
package struct StorageSystem: Sendable {
  package var open: @Sendable (_ path: String, _ flags: Int32) -> Int
  /// Reserves disk space, so that a full disk is met here and not at a later page fault.
  package var preallocate: @Sendable (_ file: Int32, _ bytes: Int) -> Int
  /// Gives the address.
  package var map: @Sendable (_ file: Int32, _ bytes: Int, _ writable: Bool) -> Int
  /// Gives the count written, which may be short.
  package var write: @Sendable (_ file: Int32, _ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int
  /// The file's data and what is needed to find it.
  package var sync: @Sendable (_ file: Int32) -> Int
  /// The same for part of a mapped file; begins on a page.
  package var syncMapped: @Sendable (_ start: UnsafeMutableRawPointer, _ bytes: Int) -> Int
  package var truncate: @Sendable (_ file: Int32, _ bytes: Int) -> Int
  package var lock: @Sendable (_ file: Int32) -> Int
  /// Refuses to replace what is there, unlike `rename`.
  package var link: @Sendable (_ from: String, _ to: String) -> Int
  package var rename: @Sendable (_ from: String, _ to: String) -> Int
  package var remove: @Sendable (_ path: String) -> Int
  package var makeDirectory: @Sendable (_ path: String) -> Int

  package static let real = StorageSystem(
    open: { path, flags in answer { Int(Glibc.open(path, flags | O_CLOEXEC, 0o644)) } },
    preallocate: { file, bytes in
      var failure = posix_fallocate(file, 0, off_t(bytes))
      while failure == EINTR { failure = posix_fallocate(file, 0, off_t(bytes)) }
      return -Int(failure)
    },
    map: { file, bytes, writable in
      let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
      return answer { Int(bitPattern: mmap(nil, bytes, protection, MAP_SHARED, file, 0)) }
    },
    write: { file, bytes, offset in
      answer { pwrite(file, bytes.baseAddress, bytes.count, off_t(offset)) }
    },
    sync: { file in answer { Int(fdatasync(file)) } },
    syncMapped: { start, bytes in answer { Int(msync(start, bytes, MS_SYNC)) } },
    truncate: { file, bytes in answer { Int(ftruncate(file, off_t(bytes))) } },
    lock: { file in answer { Int(flock(file, LOCK_EX | LOCK_NB)) } },
    link: { from, to in answer { Int(Glibc.link(from, to)) } },
    rename: { from, to in answer { Int(Glibc.rename(from, to)) } },
    remove: { path in answer { Int(unlink(path)) } },
    makeDirectory: { path in answer { Int(mkdir(path, 0o755)) } })

  private static func answer(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result != -1 { return result }
      if errno != EINTR { return -Int(errno) }
    }
  }

  /// Throws what a failed call means, in terms of the path it was about.
  static func check(
    _ answer: Int, _ path: String, _ action: @autoclosure () -> String
  ) throws(StorageError) {
    if answer < 0 { throw StorageError.system(Int32(-answer), path, action()) }
  }
}
