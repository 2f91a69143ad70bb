import Glibc
import Synchronization

/// What the appending thread, the storage thread and those who wait for the disk tell each other.
///
/// The appending thread stores atomics only; the mutex is for whoever waits. Positions travel as
/// marks: bytes from the first segment that this writer made, each taken as full.
final class JournalExchange: Sendable {
  enum Order { case work, finish, abandon }

  private let first: Int
  private let segmentBytes: Int

  /// Written by the appending thread, after the record.
  let appended: Atomic<UInt64>
  /// Where the segment ended that the writer left last; stored before `appended` goes on.
  let previousEnd = Atomic<Int>(0)
  /// The address of the next segment, or 0; taken by the appending thread.
  let prepared = Atomic<UInt>(0)
  private let durable: Atomic<UInt64>
  private let failed = Atomic<Bool>(false)
  private let failure = Mutex<StorageError?>(nil)

  nonisolated(unsafe) private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  /// The storage thread waits for the one, everybody else for the other.
  nonisolated(unsafe) private let work: UnsafeMutablePointer<pthread_cond_t>
  nonisolated(unsafe) private let progress: UnsafeMutablePointer<pthread_cond_t>
  // Under the mutex.
  nonisolated(unsafe) private var order = Order.work
  nonisolated(unsafe) private var isSegmentWanted = false
  nonisolated(unsafe) private var wanted: UInt64 = 0

  init(first: Int, segmentBytes: Int) {
    self.first = first
    self.segmentBytes = segmentBytes
    appended = Atomic(UInt64(FileHeader.bytes))
    durable = Atomic(UInt64(FileHeader.bytes))
    mutex = .allocate(capacity: 1)
    work = .allocate(capacity: 1)
    progress = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(work, &attributes)
    pthread_cond_init(progress, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(work)
    pthread_cond_destroy(progress)
    pthread_mutex_destroy(mutex)
    work.deallocate()
    progress.deallocate()
    mutex.deallocate()
  }

  func mark(_ position: JournalPosition) -> UInt64 {
    // What another writer left was on the disk before this one began.
    guard position.segment >= first else { return 0 }
    return UInt64((position.segment - first) * segmentBytes + position.offset)
  }

  func position(_ mark: UInt64) -> JournalPosition {
    let (segments, offset) = Int(mark).quotientAndRemainder(dividingBy: segmentBytes)
    return JournalPosition(segment: first + segments, offset: offset)
  }

  var durablePosition: JournalPosition { position(durable.load(ordering: .acquiring)) }

  // MARK: failure

  var hasFailed: Bool { failed.load(ordering: .relaxed) }

  /// The first failure stays.
  func fail(_ error: StorageError) {
    failure.withLock { if $0 == nil { $0 = error } }
    failed.store(true, ordering: .releasing)
    locked { _ = pthread_cond_broadcast(progress) }
  }

  func check() throws(StorageError) {
    guard failed.load(ordering: .acquiring), let error = failure.withLock({ $0 }) else { return }
    throw error.halting
  }

  // MARK: those who wait

  /// Until everything before the mark is on the disk.
  func wait(for mark: UInt64) throws(StorageError) {
    locked {
      guard durable.load(ordering: .acquiring) < mark else { return }
      wanted = max(wanted, mark)
      pthread_cond_signal(work)
      while durable.load(ordering: .acquiring) < mark, !hasFailed {
        pthread_cond_wait(progress, mutex)
      }
    }
    if durable.load(ordering: .acquiring) < mark { try check() }
  }

  /// Until the next segment is there. The thread makes it long before, unless the disk is slow.
  func waitForSegment() throws(StorageError) {
    locked {
      isSegmentWanted = true
      pthread_cond_signal(work)
      while prepared.load(ordering: .acquiring) == 0, !hasFailed {
        pthread_cond_wait(progress, mutex)
      }
      isSegmentWanted = false
    }
    try check()
  }

  func give(_ order: Order) {
    locked {
      self.order = order
      _ = pthread_cond_signal(work)
    }
  }

  // MARK: the storage thread

  /// Sleeps unless somebody waits for something.
  func nextOrder(sleep nanoseconds: Int) -> Order {
    locked {
      if order == .work, nanoseconds > 0, !isWanted {
        var until = timespec()
        clock_gettime(CLOCK_MONOTONIC, &until)
        let end = until.tv_nsec + nanoseconds
        until.tv_sec += end / 1_000_000_000
        until.tv_nsec = end % 1_000_000_000
        pthread_cond_timedwait(work, mutex, &until)
      }
      return order
    }
  }

  private var isWanted: Bool {
    wanted > durable.load(ordering: .relaxed)
      || isSegmentWanted && prepared.load(ordering: .relaxed) == 0
  }

  /// Whether somebody waits for the disk.
  var isSyncWanted: Bool { locked { wanted > durable.load(ordering: .relaxed) } }

  func publish(prepared address: UnsafeMutableRawPointer) {
    locked {
      prepared.store(UInt(bitPattern: address), ordering: .releasing)
      _ = pthread_cond_broadcast(progress)
    }
  }

  func publish(durable position: JournalPosition) {
    let mark = mark(position)
    guard mark != durable.load(ordering: .relaxed) else { return }
    locked {
      durable.store(mark, ordering: .releasing)
      _ = pthread_cond_broadcast(progress)
    }
  }

  private func locked<R>(_ body: () -> R) -> R {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }
}
