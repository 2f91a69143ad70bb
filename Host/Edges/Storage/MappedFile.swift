import Glibc
import Synchronization

/// A file mapped into memory as a whole. Readers see what another process appends in place.
///
/// Pages cut off the file while it is mapped must not be touched. A closing journal keeps every
/// byte that a reader may look at (see `JournalKeeper.finish`); a tape never shrinks.
struct MappedFile: ~Copyable {
  static let pageBytes = 4096

  let file: FileDescriptor
  let start: UnsafeMutableRawPointer
  let count: Int
  private let system: StorageSystem

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  /// An existing file, to read. The caller checks `bytesMin` against the file's own rules first.
  init(reading file: consuming FileDescriptor, bytes: Int) throws(StorageError) {
    start = try file.map(bytes: bytes, writable: false)
    count = bytes
    system = .real
    self.file = file
  }

  /// A new file of `bytes` zeros, to write.
  init(creating path: String, bytes: Int, system: StorageSystem) throws(StorageError) {
    let file = try FileDescriptor(path: path, flags: O_RDWR | O_CREAT | O_EXCL, system: system)
    do {
      try file.preallocate(bytes)
      start = try file.map(bytes: bytes, writable: true)
    } catch {
      _ = system.remove(path)
      throw error
    }
    count = bytes
    self.system = system
    self.file = file
  }

  deinit { munmap(start, count) }

  /// Waits until these bytes are on the disk; whole pages are written.
  func sync(_ range: Range<Int>) throws(StorageError) {
    guard !range.isEmpty else { return }
    let first = range.lowerBound & ~(Self.pageBytes - 1)
    try StorageSystem.check(
      system.syncMapped(start + first, range.upperBound - first), file.path, "sync it")
  }

  enum Advice { case sequential, forget }

  /// How whole pages of it will be used. Advice saves memory and time only.
  func advise(_ advice: Advice, _ range: Range<Int>) {
    let end = advice == .forget ? range.upperBound & ~(Self.pageBytes - 1) : range.upperBound
    guard range.lowerBound < end else { return }
    madvise(
      start + range.lowerBound, end - range.lowerBound,
      advice == .sequential ? MADV_SEQUENTIAL : MADV_DONTNEED)
  }

  /// Makes pages ready to be written without a fault, changing nothing in them, also while another
  /// thread writes there. It saves time only: what is refused here is met by the fault itself.
  func populate(_ range: Range<Int>) {
    let first = range.lowerBound & ~(Self.pageBytes - 1)
    let last = min(count, range.upperBound)
    guard first < last else { return }
    // MADV_POPULATE_WRITE, since Linux 5.14; older kernels say EINVAL.
    if madvise(start + first, last - first, 23) == 0 || errno != EINVAL { return }
    for page in stride(from: first, to: last, by: Self.pageBytes) {
      let word = (start + page).assumingMemoryBound(to: Atomic<UInt32>.self)
      word.pointee.bitwiseOr(0, ordering: .relaxed)
    }
  }
}
