import PluginABI

/// One step a segment.
struct ChainWalk {
  let directory: JournalDirectory
  private(set) var report = JournalChain.Report()
  private var session: UInt64?
  /// The value so far, whether or not a seal has confirmed it.
  private var chain: ChainHash?
  /// What no seal has confirmed: it is, once the next seal goes on from it.
  private var pending: (segment: Int, bytes: Range<Int>)?
  private var next: Int
  private let expected: ChainHash?

  init(directory: JournalDirectory, first: Int, expected: ChainHash? = nil) {
    self.directory = directory
    self.expected = expected
    next = first
    chain = first == 0 ? .genesis : nil
  }

  /// False when nothing more is to be looked at.
  mutating func take(_ number: Int) throws(StorageError) -> Bool {
    guard number == next else {
      mismatch(next, 0..<0, "this segment is missing")
      return false
    }
    next += 1
    // A segment stays as it is once something is written in the next one. To be known before it
    // is looked at: a writer may be at work.
    let isFinal = try isBegun(number + 1)
    // The seal first: what is sealed is in the segment already.
    let map: MappedFile
    if let session {
      let seal = try JournalSeal(of: number, session: session, in: directory)
      map = try FileHeader.map(directory.file(number), magic: KEEL_JOURNAL_MAGIC)
      try check(map, seal, number, isFinal)
    } else {
      map = try FileHeader.map(directory.file(number), magic: KEEL_JOURNAL_MAGIC)
      let session = FileHeader(of: map).raw.session
      self.session = session
      let seal = try JournalSeal(of: number, session: session, in: directory)
      try check(map, seal, number, isFinal)
    }
    if !isFinal { try checkNothingFollows(number) }
    return isFinal && report.mismatch == nil
  }

  private func isBegun(_ number: Int) throws(StorageError) -> Bool {
    guard directory.holds(number) else { return false }
    let map = try FileHeader.map(directory.file(number), magic: KEEL_JOURNAL_MAGIC)
    return Self.end(of: map.bytes) > FileHeader.bytes + JournalSegment.frameBytes
  }

  /// The next segment holds no record, so neither do its seals, nor the one behind it.
  private mutating func checkNothingFollows(_ number: Int) throws(StorageError) {
    guard let session, report.mismatch == nil, directory.holds(number + 1) else { return }
    let seal = try JournalSeal(of: number + 1, session: session, in: directory)
    let isSealed = seal?.values.isEmpty == false
    let isFollowed = try isBegun(number + 2)
    guard isSealed || isFollowed else { return }
    // Unless a writer has come so far meanwhile.
    guard try !isBegun(number + 1) else { return }
    mismatch(number + 1, 0..<JournalSeal.blockBytes, "what was sealed here is gone")
  }

  private mutating func check(
    _ map: borrowing MappedFile, _ seal: JournalSeal?, _ number: Int, _ isFinal: Bool
  ) throws(StorageError) {
    report.segments += 1
    let end = Self.end(of: map.bytes)
    guard let seal else { return takeUnsealed(map, number, end, isFinal) }
    if let chain, chain != seal.start {
      let place = pending ?? (number, 0..<min(end, JournalSeal.blockBytes))
      return mismatch(
        place.segment, place.bytes, "what is sealed behind it does not continue it")
    }
    confirm(seal.start)
    var value = seal.start
    let blocks = JournalSeal.blocks(in: end)
    for block in 0..<min(blocks, seal.values.count) {
      let range = JournalSeal.range(of: block, end: end)
      value = value.extended(by: UnsafeRawBufferPointer(rebasing: map.bytes[range]))
      guard value == seal.values[block] else {
        let whole = JournalSeal.range(of: block, end: max(end, map.count))
        return mismatch(number, whole, "it is not what was sealed")
      }
      report.sealedBytes += range.count
      if value == expected { report.holdsExpected = true }
    }
    report.head = value
    chain = value
    guard seal.values.count <= blocks else {
      return mismatch(
        number, end..<max(end, seal.values.count * JournalSeal.blockBytes),
        "what was sealed here is gone")
    }
    takeRest(map, number, from: seal.values.count, end, isFinal)
  }

  private mutating func takeUnsealed(
    _ map: borrowing MappedFile, _ number: Int, _ end: Int, _ isFinal: Bool
  ) {
    guard chain != nil else {
      return mismatch(number, 0..<end, "the seal that says what it continues is missing")
    }
    takeRest(map, number, from: 0, end, isFinal)
  }

  /// Blocks without a value of their own; a later seal may still confirm them.
  private mutating func takeRest(
    _ map: borrowing MappedFile, _ number: Int, from sealed: Int, _ end: Int, _ isFinal: Bool
  ) {
    let start = min(end, sealed * JournalSeal.blockBytes)
    if start < end {
      report.unsealedBytes += end - start
      pending = (pending?.segment ?? number, pending?.bytes ?? start..<end)
      for block in sealed..<JournalSeal.blocks(in: end) {
        let range = JournalSeal.range(of: block, end: end)
        chain = chain?.extended(by: UnsafeRawBufferPointer(rebasing: map.bytes[range]))
      }
    }
    guard isFinal, end < map.count else { return }
    let rest = UnsafeRawBufferPointer(rebasing: map.bytes[end...])
    if !ZeroBytes.fill(rest) {
      mismatch(number, end..<map.count, "something stands behind its end mark")
    }
  }

  /// What was only computed so far is what was sealed, for a later seal goes on from it.
  private mutating func confirm(_ value: ChainHash) {
    guard pending != nil else { return }
    report.sealedBytes += report.unsealedBytes
    report.unsealedBytes = 0
    report.head = value
    if value == expected { report.holdsExpected = true }
    pending = nil
  }

  private mutating func mismatch(_ segment: Int, _ bytes: Range<Int>, _ reason: String) {
    report.mismatch = JournalChain.Mismatch(segment: segment, bytes: bytes, reason: reason)
  }

  /// Behind the end mark of a segment, going by the frames' lengths alone: where those are not
  /// true, neither are the seals.
  static func end(of bytes: UnsafeRawBufferPointer) -> Int {
    let frame = JournalSegment.frameBytes
    var place = FileHeader.bytes
    while place + frame <= bytes.count {
      let length = Int(bytes.load(fromByteOffset: place, as: UInt32.self))
      if length == 0 { return place + frame }
      guard length % 8 == 0, length <= bytes.count - place - frame else { return bytes.count }
      place += frame + length
    }
    return bytes.count
  }
}
