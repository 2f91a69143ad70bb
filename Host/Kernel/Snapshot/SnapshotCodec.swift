import PluginABI
package import PluginBridge

/// One description of the state for both directions: the same calls write it and read it back, so
/// that what is written cannot differ from what is read. Little-endian, without padding.
///
/// Foreign bytes are refused, never trusted: the first thing that cannot be true is kept as
/// `refusal`, and from then on nothing is read any more. A digest over everything stands at the
/// end, so that no changed bit goes unseen; what is read is bounded and checked all the same.
package struct SnapshotCodec: ~Copyable {
  package let isReading: Bool
  package private(set) var refusal: SnapshotRefusal?
  private var source = UnsafeRawBufferPointer(start: nil, count: 0)
  /// What is written: grows, and is kept for the next snapshot.
  private var target = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var offset = 0

  /// Writes.
  package init() { isReading = false }

  /// Reads `bytes`, which outlive it. A wrong digest is its first refusal.
  package init(reading bytes: UnsafeRawBufferPointer) {
    isReading = true
    let digest = MemoryLayout<UInt64>.size
    guard bytes.count >= digest else {
      refuse(.damaged, "\(bytes.count) bytes are too few for a snapshot")
      return
    }
    source = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - digest)])
    let found = bytes.loadUnaligned(fromByteOffset: source.count, as: UInt64.self)
    if UInt64(littleEndian: found) != Self.digest(of: source) {
      refuse(.damaged, "the digest at its end does not match")
    }
  }

  deinit { target.deallocate() }

  /// What has been written.
  package var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: target[..<offset])
  }

  /// Begins another snapshot in the same memory.
  package mutating func restart() { offset = 0 }

  /// The end: the digest of what was written, or nothing left of what was read.
  package mutating func finish() {
    if isReading {
      let left = source.count - offset
      require(left == 0, "\(left) bytes follow its end")
    } else {
      let digest = Self.digest(of: bytes)
      put(digest)
    }
  }

  package mutating func refuse(_ code: SnapshotRefusal.Code, _ message: @autoclosure () -> String) {
    if refusal == nil { refusal = SnapshotRefusal(code, message()) }
  }

  /// Refuses what is read unless `holds`.
  package mutating func require(_ holds: Bool, _ message: @autoclosure () -> String) {
    if isReading, !holds { refuse(.contradicts, message()) }
  }

  // MARK: numbers

  package mutating func value<T: SnapshotValue & ~Copyable>(_ value: inout T) {
    value.code(&self)
  }

  mutating func integer<I: FixedWidthInteger & BitwiseCopyable>(_ value: inout I) {
    guard isReading else { return put(value) }
    if let found = take(I.self) { value = found }
  }

  /// What only ever grows, by one at a time: a number no session reaches is no count.
  package mutating func count<I: FixedWidthInteger & BitwiseCopyable>(_ value: inout I) {
    integer(&value)
    require(value >= 0 && UInt64(value) < 1 << 62 && value < I.max, "\(value) is no count")
  }

  /// An amount of money: the ledger counts no further than 120 bits, and a sum of such not much.
  mutating func amount(_ value: inout Int128) {
    integer(&value)
    require(value.magnitude < 1 << 124, "an amount is beyond the ledger")
  }

  /// The same in every snapshot of this session.
  package mutating func constant<I: FixedWidthInteger & BitwiseCopyable>(
    _ value: I, _ code: SnapshotRefusal.Code, _ name: @autoclosure () -> String
  ) {
    var found = value
    integer(&found)
    if refusal == nil, found != value { refuse(code, "\(name()) is \(found) there, \(value) here") }
  }

  // MARK: many

  /// As many as there are, in runs of equal ones: most places of a table are empty.
  mutating func table<T: SnapshotElement>(_ table: inout Table<T>) {
    var places = table.mutableElements
    elements(&places)
  }
  mutating func table<T: SnapshotElement>(_ array: inout [T]) {
    array.withUnsafeMutableBufferPointer { elements(&$0) }
  }

  private mutating func elements<T: SnapshotElement>(_ places: inout UnsafeMutableBufferPointer<T>)
  {
    constant(UInt64(places.count), .foreign, "the size of a table")
    if isReading { takeRuns(of: &places) } else { putRuns(of: &places) }
  }

  private mutating func takeRuns<T: SnapshotElement>(of places: inout UnsafeMutableBufferPointer<T>)
  {
    var index = 0
    while index < places.count, refusal == nil {
      var run: UInt32 = 0
      integer(&run)
      require(run > 0 && Int(run) <= places.count - index, "a run of \(run) does not fit its table")
      var element = T.blank
      element.code(&self)
      guard refusal == nil else { return }
      for place in index..<index + Int(run) { places[place] = element }
      index += Int(run)
    }
  }

  private mutating func putRuns<T: SnapshotElement>(of places: inout UnsafeMutableBufferPointer<T>)
  {
    guard !places.isEmpty else { return }
    let header = MemoryLayout<UInt32>.size
    var mark = offset
    put(UInt32(0))
    places[0].code(&self)
    var run: UInt32 = 1
    for index in 1..<places.count {
      let (begun, next) = (mark + header, offset)
      places[index].code(&self)
      if isEqual(begun..<next, next..<offset) {
        offset = next
        run += 1
        continue
      }
      store(run, at: mark)
      mark = next
      run = 1
      move(next..<offset, by: header)
    }
    store(run, at: mark)
  }

  /// A list that grows and shrinks, `limit` at most.
  package mutating func list<T: SnapshotElement>(_ elements: inout [T], limit: Int) {
    var count = UInt32(elements.count)
    integer(&count)
    require(Int(count) <= limit, "\(count) entries are too many for a list of \(limit)")
    guard isReading else {
      for index in elements.indices { elements[index].code(&self) }
      return
    }
    elements.removeAll(keepingCapacity: true)
    for _ in 0..<count where refusal == nil {
      var element = T.blank
      element.code(&self)
      if refusal == nil { elements.append(element) }
    }
  }

  /// A list of places, in runs that repeat or count up: a free list is mostly one of those.
  mutating func places(_ list: inout [UInt32], limit: Int) {
    var count = UInt32(list.count)
    integer(&count)
    require(Int(count) <= limit, "\(count) places are too many for a table of \(limit)")
    guard isReading else { return putPlaces(list) }
    list.removeAll(keepingCapacity: true)
    while list.count < Int(count), refusal == nil {
      var (first, run) = (UInt32(0), UInt32(0))
      integer(&first)
      integer(&run)
      require(
        run > 0 && Int(run) <= Int(count) - list.count && Int(first) + Int(run) <= limit,
        "places \(first) and \(run) more are not in the table")
      guard refusal == nil else { return }
      for step in 0..<run { list.append(first + step) }
    }
  }

  private mutating func putPlaces(_ list: [UInt32]) {
    var index = 0
    while index < list.count {
      var end = index + 1
      while end < list.count, list[end] == list[end - 1] &+ 1 { end += 1 }
      put(list[index])
      put(UInt32(end - index))
      index = end
    }
  }

  /// Whole records, as many as the buffer holds.
  package mutating func records(_ buffer: inout RecordBuffer) {
    var count = UInt64(buffer.byteCount)
    integer(&count)
    require(count <= buffer.capacity, "\(count) bytes of records are more than their buffer holds")
    guard isReading else { return put(buffer.bytes) }
    guard let bytes = take(bytes: Int(clamping: count)) else { return }
    buffer.removeAll()
    var place = 0
    while place < bytes.count {
      let left = bytes.count - place
      let size = left >= 4 ? Int(bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)) : 0
      require(
        size >= MemoryLayout<keel_event>.size && size % 8 == 0 && size <= left,
        "a record's size of \(size) cannot be true")
      guard refusal == nil else { return }
      buffer.append(UnsafeRawBufferPointer(rebasing: bytes[place..<place + size]))
      place += size
    }
  }

  package mutating func text(_ text: inout String) {
    var bytes = Array(text.utf8)
    list(&bytes, limit: 4_096)
    if isReading, refusal == nil { text = String(decoding: bytes, as: UTF8.self) }
  }

  /// A C record's bytes, as they lie.
  package mutating func raw<T: BitwiseCopyable>(_ value: inout T) {
    guard isReading else { return withUnsafeBytes(of: value) { put($0) } }
    guard let bytes = take(bytes: MemoryLayout<T>.size) else { return }
    value = bytes.loadUnaligned(as: T.self)
  }

  // MARK: bytes

  private mutating func take<I: FixedWidthInteger & BitwiseCopyable>(_ type: I.Type) -> I? {
    guard let bytes = take(bytes: MemoryLayout<I>.size) else { return nil }
    return I(littleEndian: bytes.loadUnaligned(as: I.self))
  }

  private mutating func take(bytes count: Int) -> UnsafeRawBufferPointer? {
    guard refusal == nil else { return nil }
    guard count <= source.count - offset else {
      refuse(.damaged, "it ends where \(count) bytes more are needed")
      return nil
    }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: source[offset..<offset + count])
  }

  private mutating func put<I: FixedWidthInteger & BitwiseCopyable>(_ value: I) {
    let end = offset + MemoryLayout<I>.size
    if end > target.count { grow(to: end) }
    target.storeBytes(of: value.littleEndian, toByteOffset: offset, as: I.self)
    offset = end
  }

  private mutating func put(_ bytes: UnsafeRawBufferPointer) {
    let end = offset + bytes.count
    if end > target.count { grow(to: end) }
    UnsafeMutableRawBufferPointer(rebasing: target[offset..<end]).copyMemory(from: bytes)
    offset = end
  }

  private mutating func grow(to bytes: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Swift.max(bytes, 2 * target.count, 1 << 16), alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: target[..<offset]))
    target.deallocate()
    target = larger
  }

  private func isEqual(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    guard one.count == other.count else { return false }
    for step in 0..<one.count where target[one.lowerBound + step] != target[other.lowerBound + step]
    {
      return false
    }
    return true
  }

  private func store(_ value: UInt32, at place: Int) {
    target.storeBytes(of: value.littleEndian, toByteOffset: place, as: UInt32.self)
  }

  /// Makes room in front of the last bytes written.
  private mutating func move(_ bytes: Range<Int>, by room: Int) {
    let end = bytes.upperBound + room
    if end > target.count { grow(to: end) }
    guard let base = target.baseAddress else { return }
    (base + bytes.lowerBound + room).copyMemory(
      from: base + bytes.lowerBound, byteCount: bytes.count)
    offset = end
  }

  /// Every step is reversible, so that two texts that differ in one word never come out alike.
  private static func digest(of bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
    func mix(_ word: UInt64) {
      hash = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
      hash ^= hash >> 32
    }
    let whole = bytes.count & ~7
    for place in stride(from: 0, to: whole, by: 8) {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
    }
    var last: UInt64 = 0
    for place in whole..<bytes.count { last = last << 8 | UInt64(bytes[place]) }
    mix(last)
    return hash
  }
}
