/// Bits of a source, least significant first. Behind the end of the source it gives zeros, and
/// `isTorn` says when one of them was taken.
struct BitReader: ~Copyable {
  private static let capacity = 256 << 10

  var bits: UInt64 = 0
  var count = 0
  /// Of the bits at hand, how many are zeros from behind the end.
  private var invented = 0
  /// What is read of the source and not yet among the bits.
  var place: UnsafePointer<UInt8>
  private(set) var end: UnsafePointer<UInt8>
  private let buffer: UnsafeMutablePointer<UInt8>
  private let source: any ByteSource
  private var isSourceEnded = false

  init(_ source: any ByteSource) {
    self.source = source
    buffer = .allocate(capacity: Self.capacity)
    place = UnsafePointer(buffer)
    end = place
  }
  deinit { buffer.deallocate() }

  var isTorn: Bool { count < invented }

  /// At least 56 bits at hand afterwards.
  @inline(__always)
  mutating func fill() throws(MarketFileError) {
    if end - place >= 8 {
      bits |=
        UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
        &<< UInt64(count)
      place += (63 &- count) >> 3
      count |= 56
      return
    }
    try fillSlowly()
  }

  private mutating func fillSlowly() throws(MarketFileError) {
    if !isSourceEnded {
      let rest = end - place
      buffer.update(from: place, count: rest)
      let space = UnsafeMutableRawBufferPointer(start: buffer + rest, count: Self.capacity - rest)
      let read = try source.read(into: space)
      isSourceEnded = read == 0
      place = UnsafePointer(buffer)
      end = place + rest + read
      if !isSourceEnded { return try fill() }
    }
    // What lies above `count` may be bits of bytes that are not taken yet.
    bits &= count == 64 ? .max : 1 << UInt64(count) - 1
    while count <= 56 {
      if place < end {
        bits |= UInt64(place.pointee) << UInt64(count)
        place += 1
      } else {
        invented += 8
      }
      count += 8
    }
  }

  @inline(__always)
  mutating func drop(_ number: Int) {
    bits &>>= UInt64(number)
    count &-= number
  }

  /// At most 32; there must be as many.
  @inline(__always)
  mutating func take(_ number: Int) -> Int {
    let value = Int(truncatingIfNeeded: bits & (1 &<< UInt64(number) &- 1))
    drop(number)
    return value
  }

  mutating func alignToByte() { drop(count & 7) }

  /// Whether nothing is left; only where a byte begins.
  mutating func isAtEnd() throws(MarketFileError) -> Bool {
    try fill()
    return count <= invented
  }

  /// Whole bytes, where a byte begins; fewer than asked for at the end of the source only.
  mutating func takeBytes(
    _ number: Int, into space: UnsafeMutablePointer<UInt8>
  ) throws(MarketFileError) -> Int {
    var done = 0
    while done < number {
      if count - invented <= 0 || count < 8 {
        if end - place == 0 || count > 0 {
          try fill()
          guard count > invented else { return done }
        } else {
          let run = min(end - place, number - done)
          bits = 0
          (space + done).update(from: place, count: run)
          place += run
          done += run
          continue
        }
      }
      space[done] = UInt8(truncatingIfNeeded: bits)
      drop(8)
      done += 1
    }
    return done
  }
}
