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
  /// 18 must not use the value. At least 16 bytes can be read behind any digit.
  @inline(__always)
  static func read(
    _ place: inout UnsafePointer<UInt8>, _ powers: UnsafePointer<UInt64>
  ) -> (value: UInt64, count: Int) {
    // Where the digits end is what everything behind waits for: both words are looked at at once.
    let (low, high) = (Word(place), Word(place + 8))
    if low.others != 0 {
      let count = low.count
      place += count
      return (low.value(count), count)
    }
    let more = high.count
    if more < 8 {
      place += 8 &+ more
      return (low.value(8) &* powers[more] &+ high.value(more), 8 &+ more)
    }
    let third = Word(place + 16)
    let last = third.count
    place += 16 &+ last
    let upper = low.value(8) &* 100_000_000 &+ high.value(8)
    return (upper &* powers[last] &+ third.value(last), 16 &+ last)
  }

  /// One to seven digits, a point, and one to eight digits: all of them as one number, and how many
  /// stand behind the point. Nil, and nothing read, for any other.
  @inline(__always)
  static func readPointed(
    _ place: inout UnsafePointer<UInt8>, _ powers: UnsafePointer<UInt64>
  ) -> (value: UInt64, decimals: Int)? {
    let (low, high) = (Word(place), Word(place + 8))
    let point = low.count
    // What else is no digit: in the same word, or in the next.
    let rest = low.others & (low.others &- 1)
    let end = rest != 0 ? rest.trailingZeroBitCount &>> 3 : 8 &+ high.count
    let decimals = end &- point &- 1
    guard point > 0, point < 8, place[point] == UInt8(ascii: "."), decimals > 0, decimals <= 8
    else { return nil }
    let fraction = Word(place + point + 1)
    place += end
    return (low.value(point) &* powers[decimals] &+ fraction.value(decimals), decimals)
  }

  /// Eight bytes of text.
  private struct Word {
    /// What each byte is as a digit, the first lowest.
    let digits: UInt64
    /// The high bit of each byte that is no digit.
    let others: UInt64

    @inline(__always)
    init(_ place: UnsafePointer<UInt8>) {
      let word = UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
      digits = word ^ 0x3030_3030_3030_3030
      others =
        (((digits & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676) | digits)
        & 0x8080_8080_8080_8080
    }

    /// Of the digits at its beginning.
    @inline(__always)
    var count: Int { others.trailingZeroBitCount &>> 3 }

    /// Of so many digits, brought to the top of the word, so that zeros stand before them.
    @inline(__always)
    func value(_ count: Int) -> UInt64 {
      guard count > 0 else { return 0 }
      var sum = digits &<< UInt64((8 &- count) &<< 3)
      sum = sum &* 10 &+ (sum &>> 8)
      return
        ((sum & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        &+ ((sum &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001) &>> 32
    }
  }
}
