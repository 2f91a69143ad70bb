import PluginABI

/// All that a journal needs besides the appending itself: new segments, syncs and seals. Used by
/// one thread at a time: the storage thread, or the appending one where there is none.
final class JournalKeeper {
  /// Pages made ready ahead of the writer: what it fills while this thread is busy or asleep.
  private static let populatedBytes = 8 << 20
  /// Synced in one step, so that the next segment is not late because of a long one.
  private static let syncBytes = 16 << 20

  private let directory: JournalDirectory
  private let session: UInt64
  private let created: Int64
  private let options: JournalOptions
  /// Those not yet wholly sealed, in order; the last one is being written.
  private var open: [JournalSegment]
  private var prepared: JournalSegment?
  /// Of the first segment in `open`.
  private var seals: JournalSeal.Writer

  private var current: JournalSegment { open[open.count - 1] }
  var start: JournalCursor {
    JournalCursor(number: current.number, start: current.map.start, count: current.map.count)
  }

  init(
    in directory: JournalDirectory, session: UInt64, created: Int64, options: JournalOptions,
    first: Int, chain: ChainHash
  ) throws(StorageError) {
    self.directory = directory
    self.session = session
    self.created = created
    self.options = options
    let isSynced = options.policy.isSynced
    let segment = try JournalSegment(
      in: directory, number: first, session: session, created: created,
      bytes: options.segmentBytes, isSynced: isSynced)
    do {
      seals = try JournalSeal.Writer(of: first, session: session, start: chain, in: directory)
      if isSynced {
        try seals.sync()
        try directory.sync()
      }
    } catch {
      _ = directory.system.remove(directory.seal(first))
      _ = directory.system.remove(directory.file(first))
      throw error
    }
    open = [segment]
  }

  /// The writer has gone on in the one made last.
  var isNextMissing: Bool { prepared == nil }

  /// Makes the segment that the writer goes on in, and gives where it is mapped.
  func prepare() throws(StorageError) -> UnsafeMutableRawPointer {
    if let prepared { return prepared.map.start }
    let segment = try JournalSegment(
      in: directory, number: current.number + 1, session: session, created: created,
      bytes: options.segmentBytes, isSynced: options.policy.isSynced)
    prepared = segment
    populate(segment)
    return segment.map.start
  }

  /// Takes over how far the writer is. `previousEnd` counts when that is a new segment.
  func note(_ position: JournalPosition, previousEnd: Int) {
    if position.segment > current.number, let segment = prepared {
      current.written = previousEnd
      current.end = previousEnd
      open.append(segment)
      prepared = nil
    }
    current.written = max(current.written, position.offset)
  }

  func populate() { populate(current) }

  private func populate(_ segment: JournalSegment) {
    guard options.hasThread else { return }
    let wanted = min(segment.map.count, segment.written + Self.populatedBytes)
    let enough = min(segment.map.count, segment.written + Self.populatedBytes / 2)
    guard segment.populated < enough else { return }
    segment.map.populate(max(segment.populated, segment.written)..<wanted)
    segment.populated = wanted
  }

  /// Before this position everything is on the disk.
  var durable: JournalPosition {
    let segment = open.first { $0.synced < $0.written } ?? current
    return JournalPosition(
      segment: segment.number, offset: max(FileHeader.bytes, segment.synced))
  }

  /// One step. True when there is more to do.
  func sync() throws(StorageError) -> Bool {
    guard let segment = open.first(where: { $0.synced < $0.written }) else { return false }
    let end = min(segment.written, segment.synced + Self.syncBytes)
    try segment.map.sync(segment.synced..<end)
    segment.synced = end
    // A page that was written to the disk costs its next writer a fault.
    if segment.end == nil, segment.populated > end { segment.map.populate(end..<end + 1) }
    return open.contains { $0.synced < $0.written }
  }

  /// Seals finished blocks, about `budget` bytes of them; but for the policy that never syncs only
  /// those on the disk, or a power failure would leave seals of what is not there. True when there
  /// is more to do.
  func seal(budget: Int) throws(StorageError) -> Bool {
    var left = budget
    while let segment = open.first {
      if let end = segment.end, segment.sealed == end {
        try leave()
        continue
      }
      let next = min(segment.sealed + JournalSeal.blockBytes, segment.end ?? .max)
      guard next <= (options.policy.isSynced ? segment.synced : segment.written) else {
        return false
      }
      guard left > 0 else { return true }
      left -= next - segment.sealed
      try seals.add(UnsafeRawBufferPointer(rebasing: segment.map.bytes[segment.sealed..<next]))
      segment.sealed = next
    }
    return false
  }

  /// The first segment is done with; its last value begins the seals of the next.
  private func leave() throws(StorageError) {
    if options.policy.isSynced { try seals.sync() }
    open.removeFirst()
    guard let next = open.first else { return }
    seals = try JournalSeal.Writer(
      of: next.number, session: session, start: seals.chain, in: directory)
  }

  /// Brings everything to the disk, cuts the unused tail and seals the rest. The end mark stays:
  /// it is the last byte that a reader who mapped the longer file still looks at.
  func finish() throws(StorageError) {
    let last = current
    if let unused = prepared {
      prepared = nil
      try directory.remove(directory.file(unused.number))
    }
    // Gone on with, and nothing came: then there is nothing to seal either.
    if last.written == FileHeader.bytes, directory.holds(last.number - 1) {
      try directory.remove(directory.file(last.number))
      try directory.remove(directory.seal(last.number))
      if options.policy.isSynced { try directory.sync() }
      return
    }
    let end = last.written + JournalSegment.frameBytes
    last.written = end
    last.end = end
    if options.policy.isSynced {
      while try sync() {}
    }
    try last.map.file.truncate(to: end)
    if options.policy.isSynced { try last.map.file.sync() }
    _ = try seal(budget: .max)
    if options.policy.isSynced { try directory.sync() }
  }
}
