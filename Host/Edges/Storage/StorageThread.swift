import Glibc
import Synchronization

/// Syncs, seals and prepares the next segment, so that the appending thread does none of it.
///
/// The appending thread makes no system call, so nothing wakes this thread when records come: it
/// looks every millisecond while they do, and less often when they do not.
final class StorageThread {
  private static let napMin = 1_000_000
  private static let napMax = 8_000_000
  /// Sealed before the writer is looked after again: some milliseconds.
  private static let sealBytes = 4 << 20

  private let keeper: JournalKeeper
  private let exchange: JournalExchange
  private let policy: JournalPolicy
  private var thread = pthread_t()
  private var hasEnded = false

  init(
    keeper: JournalKeeper, exchange: JournalExchange, policy: JournalPolicy, path: String
  ) throws(StorageError) {
    self.keeper = keeper
    self.exchange = exchange
    self.policy = policy
    let loop = StorageLoop(
      keeper: keeper, exchange: exchange, policy: policy, napMin: Self.napMin,
      napMax: Self.napMax, sealBytes: Self.sealBytes)
    let context = Unmanaged.passRetained(loop)
    // Signals are for the threads that know them.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    let failure = pthread_create(
      &thread, nil,
      { context in
        let loop = Unmanaged<StorageLoop>.fromOpaque(context!).takeRetainedValue()
        StorageThread.nameThread()
        loop.run()
        return nil
      }, context.toOpaque())
    pthread_sigmask(SIG_SETMASK, &before, nil)
    guard failure == 0 else {
      context.release()
      hasEnded = true
      throw StorageError.system(failure, path, "start its storage thread")
    }
  }

  /// For whoever looks at the threads of a process; nothing depends on it.
  private static func nameThread() {
    // This file takes no write at an offset.
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    let name = Array("keel-storage".utf8)
    _ = write(file, name, name.count)
    close(file)
  }

  /// Waits for the end: with everything on the disk and sealed, or as it is.
  func end(finishing: Bool) {
    guard !hasEnded else { return }
    hasEnded = true
    exchange.give(finishing ? .finish : .abandon)
    pthread_join(thread, nil)
  }

  deinit { end(finishing: false) }
}

/// What the thread does.
private final class StorageLoop {
  private let keeper: JournalKeeper
  private let exchange: JournalExchange
  private let policy: JournalPolicy
  private let napMin: Int
  private let napMax: Int
  private let sealBytes: Int
  private var seen: UInt64 = 0
  private var lastSync = 0

  init(
    keeper: JournalKeeper, exchange: JournalExchange, policy: JournalPolicy, napMin: Int,
    napMax: Int, sealBytes: Int
  ) {
    self.keeper = keeper
    self.exchange = exchange
    self.policy = policy
    self.napMin = napMin
    self.napMax = napMax
    self.sealBytes = sealBytes
  }

  func run() {
    do throws(StorageError) {
      var nap = 0
      lastSync = Self.now()
      while true {
        switch exchange.nextOrder(sleep: nap) {
        case .abandon: return
        case .finish:
          takeOver()
          try keeper.finish()
          return
        case .work:
          let before = seen
          if try work() {
            nap = 0
          } else {
            nap = seen == before ? min(napMax, max(napMin, nap * 2)) : napMin
          }
        }
      }
    } catch { exchange.fail(error) }
  }

  private func takeOver() {
    seen = exchange.appended.load(ordering: .acquiring)
    let end = exchange.previousEnd.load(ordering: .relaxed)
    keeper.note(exchange.position(seen), previousEnd: end)
  }

  /// True when there is more to do at once.
  private func work() throws(StorageError) -> Bool {
    takeOver()
    var isMore = false
    // Somebody who waits for the disk comes first.
    if exchange.isSyncWanted { isMore = try sync() }
    if keeper.isNextMissing { exchange.publish(prepared: try keeper.prepare()) }
    keeper.populate()
    if !isMore, isSyncDue { isMore = try sync() }
    return try keeper.seal(budget: sealBytes) || isMore
  }

  private var isSyncDue: Bool {
    guard let interval = policy.interval else { return false }
    return Self.now() - lastSync >= interval * 1_000_000
  }

  private func sync() throws(StorageError) -> Bool {
    let isMore = try keeper.sync()
    exchange.publish(durable: keeper.durable)
    if !isMore { lastSync = Self.now() }
    return isMore
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
