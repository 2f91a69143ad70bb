/// Runs of decimal digits, eight at a time.
enum Digits {
  /// Powers of ten that an Int64 holds.
  static let powers: [UInt64] = (0...18).reduce(into: []) { list, _ in
    list.append((list.last ?? 0) == 0 ? 1 : list[list.count - 1] * 10)
  }
  /// For the fast path, which must not count references.
  nonisolated(unsafe) static let powerTable: UnsafePointer<UInt64> = {
    let table = UnsafeMutablePointer<UInt64>.allocate(capacity: powers.count)
    table.initialize(from: powers, count: powers.count)
    return UnsafePointer(table)
  }()

  /// The digits at `place`, of which it reads at most 24, wrapping around: whoever gets more than
  /// 18 must not use the value. At least eight bytes can be read behind any digit.
  @inline(__always)
  static func read(
    _ place: inout UnsafePointer<UInt8>, _ powers: UnsafePointer<UInt64>
  ) -> (value: UInt64, count: Int) {
    let (value, count) = eight(place)
    place += count
    guard count == 8 else { return (value, count) }
    let (second, more) = eight(place)
    place += more
    guard more == 8 else { return (value &* powers[more] &+ second, 8 &+ more) }
    let (third, last) = eight(place)
    place += last
    return ((value &* 100_000_000 &+ second) &* powers[last] &+ third, 16 &+ last)
  }

  /// At most eight. The digits are brought to the top of a word, so that zeros stand before them.
  @inline(__always)
  private static func eight(_ place: UnsafePointer<UInt8>) -> (value: UInt64, count: Int) {
    let word = UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
    let digits = word ^ 0x3030_3030_3030_3030
    // The high bit of a byte that is no digit; those above the first may be wrong.
    let others = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
    let count = others.trailingZeroBitCount &>> 3
    guard count > 0 else { return (0, 0) }
    var sum = digits &<< UInt64((8 &- count) &<< 3)
    sum = sum &* 10 &+ (sum &>> 8)
    let value =
      ((sum & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        &+ ((sum &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001) &>> 32
    return (value, count)
  }
}
