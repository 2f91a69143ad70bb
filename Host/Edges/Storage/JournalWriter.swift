import PluginABI
import Synchronization

/// Appends records to a journal. One thread at a time.
///
/// What `append` has returned from survives the death of the process, because it lies in the page
/// cache; `commit` and `sync` make it survive the death of the machine. A writer that is dropped
/// without `close` leaves the journal as a killed process would. After a failure of the disk, here
/// or on the storage thread, every call throws it: nothing is taken that would not be kept.
package final class JournalWriter {
  package let path: String
  /// What was found, when an existing journal is gone on with.
  package let recovery: JournalRecovery?
  @exclusivity(unchecked) package private(set) var recordsWritten = 0
  /// Records and their frames, without headers.
  @exclusivity(unchecked) package private(set) var bytesWritten = 0
  package var position: JournalPosition {
    JournalPosition(segment: cursor.number, offset: cursor.offset)
  }
  /// Everything before it survives the death of the machine.
  package var durablePosition: JournalPosition { exchange.durablePosition }
  /// Of the last record that has one.
  @exclusivity(unchecked) package private(set) var sequence: UInt64

  private let options: JournalOptions
  /// Held until this goes, so that there is no second writer.
  private var lock: FileDescriptor?
  private let keeper: JournalKeeper
  private let exchange: JournalExchange
  private let thread: StorageThread?
  // No access here can overlap another, and checking that cost more than the append itself.
  @exclusivity(unchecked) private var cursor: JournalCursor
  private var isClosed = false

  /// `created` is session time, so that equal runs write equal files.
  package convenience init(
    directory path: String, session: UInt64, created: Int64, segmentBytes: Int = 64 << 20
  ) throws(StorageError) {
    try self.init(
      directory: path, session: session, created: created,
      options: JournalOptions(segmentBytes: segmentBytes))
  }

  package init(
    directory path: String, session: UInt64, created: Int64, options: JournalOptions
  ) throws(StorageError) {
    let directory = JournalDirectory(path: path, system: options.system)
    try directory.create()
    lock = try directory.lock()
    guard try directory.segments().isEmpty else {
      throw StorageError(
        .exists, path, "it already holds a journal, which is never overwritten",
        remedy: "name another directory, or move the old journal away")
    }
    keeper = try JournalKeeper(
      in: directory, session: session, created: created, options: options, first: 0,
      chain: .genesis)
    exchange = JournalExchange(first: 0, segmentBytes: options.segmentBytes)
    thread = try Self.thread(keeper, exchange, options, path)
    cursor = keeper.start
    self.path = path
    self.options = options
    recovery = nil
    sequence = 0
  }

  /// Goes on with a journal that was closed, or whose writer was killed, in a new segment. What a
  /// killed writer left of its last record is cut; damage before that is refused.
  package init(
    resuming path: String, options: JournalOptions = JournalOptions()
  ) throws(StorageError) {
    let directory = JournalDirectory(path: path, system: options.system)
    guard directory.exists(path) else { throw StorageError.system(2, path, "resume it") }
    lock = try directory.lock()
    let recovery = try JournalRecovery.run(in: directory, isSynced: options.policy.isSynced)
    let first = recovery.end.segment + 1
    keeper = try JournalKeeper(
      in: directory, session: recovery.session, created: recovery.created, options: options,
      first: first, chain: recovery.chain)
    exchange = JournalExchange(first: first, segmentBytes: options.segmentBytes)
    thread = try Self.thread(keeper, exchange, options, path)
    cursor = keeper.start
    self.path = path
    self.options = options
    self.recovery = recovery
    sequence = recovery.sequence
  }

  private static func thread(
    _ keeper: JournalKeeper, _ exchange: JournalExchange, _ options: JournalOptions,
    _ path: String
  ) throws(StorageError) -> StorageThread? {
    guard options.hasThread else { return nil }
    return try StorageThread(
      keeper: keeper, exchange: exchange, policy: options.policy, path: path)
  }

  /// `record` begins with a `keel_event`, aligned as one, whose size is the record's. No
  /// allocation, lock or system call, unless the segment is full and the next is not there yet.
  /// After a refused record nothing was written, and a later call may succeed.
  package func append(_ record: UnsafeRawBufferPointer) throws(StorageError) {
    precondition(!isClosed, "nothing is appended to a closed journal")
    precondition(
      record.count >= MemoryLayout<keel_event>.size && record.count % 8 == 0,
      "a record is at least a header, and a multiple of eight bytes")
    let header = record.baseAddress!.assumingMemoryBound(to: keel_event.self)
    precondition(Int(header.pointee.size) == record.count, "a record's size is its own")
    let found = header.pointee.seq
    precondition(found == 0 || found >= sequence, "the sequence never goes back in a journal")
    if exchange.hasFailed { try exchange.check() }
    if !cursor.append(record) {
      try roll(for: record.count)
      let fits = cursor.append(record)
      precondition(fits, "an empty segment takes what roll has measured")
    }
    exchange.appended.store(exchange.mark(position), ordering: .releasing)
    if found != 0 { sequence = found }
    recordsWritten += 1
    bytesWritten += record.count + JournalSegment.frameBytes
  }

  private func roll(for recordBytes: Int) throws(StorageError) {
    let most = JournalSegment.recordBytesMax(segmentBytes: options.segmentBytes)
    guard recordBytes <= most else {
      throw StorageError(
        .refusedRecord, path,
        "a record of \(recordBytes) bytes does not fit a segment, which takes \(most)",
        remedy: "write the journal in larger segments")
    }
    let end = cursor.offset + JournalSegment.frameBytes
    let next: UnsafeMutableRawPointer
    if thread == nil {
      next = try rollHere(end: end)
    } else {
      if exchange.prepared.load(ordering: .acquiring) == 0 { try exchange.waitForSegment() }
      next = UnsafeMutableRawPointer(
        bitPattern: exchange.prepared.exchange(0, ordering: .acquiring))!
      exchange.previousEnd.store(end, ordering: .relaxed)
    }
    cursor = JournalCursor(
      number: cursor.number + 1, start: next, count: options.segmentBytes)
  }

  /// What the storage thread does, where there is none.
  private func rollHere(end: Int) throws(StorageError) -> UnsafeMutableRawPointer {
    do {
      let next = try keeper.prepare()
      keeper.note(
        JournalPosition(segment: cursor.number + 1, offset: FileHeader.bytes), previousEnd: end)
      if options.policy.isSynced { try syncHere() }
      _ = try keeper.seal(budget: .max)
      return next
    } catch {
      exchange.fail(error)
      throw error.halting
    }
  }

  private func syncHere() throws(StorageError) {
    while try keeper.sync() {}
    exchange.publish(durable: keeper.durable)
  }

  /// Ends a turn. Under the policy `always` it waits until everything appended is on the disk.
  package func commit() throws(StorageError) {
    if options.policy == .always { try sync() } else { try exchange.check() }
  }

  /// Waits until everything appended is on the disk, whatever the policy.
  package func sync() throws(StorageError) {
    precondition(!isClosed, "a closed journal is on the disk already")
    try exchange.check()
    guard thread == nil else { return try exchange.wait(for: exchange.mark(position)) }
    do {
      keeper.note(position, previousEnd: 0)
      try syncHere()
    } catch {
      exchange.fail(error)
      throw error.halting
    }
  }

  /// For threads that wait for what this one has appended; nil without a storage thread.
  package var durability: JournalDurability? {
    thread == nil ? nil : JournalDurability(exchange: exchange)
  }

  /// Brings everything to the disk, cuts the unused tail, and seals the rest. A second call does
  /// nothing.
  package func close() throws(StorageError) {
    guard !isClosed else { return }
    isClosed = true
    if let thread {
      thread.end(finishing: true)
    } else if !exchange.hasFailed {
      do {
        keeper.note(position, previousEnd: 0)
        try keeper.finish()
      } catch { exchange.fail(error) }
    }
    lock = nil
    try exchange.check()
    if options.policy.isSynced { exchange.publish(durable: position) }
  }

  // Before the lock goes: nobody may write beside the thread.
  deinit { thread?.end(finishing: false) }
}
