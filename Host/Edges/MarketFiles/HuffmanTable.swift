/// A code of the deflate format as a table to look up by the next bits. Codes longer than
/// `rootBits` continue in a table of their own behind the root.
struct HuffmanTable: ~Copyable {
  /// What an entry means, in its bits 12 to 15.
  enum Kind {
    static let literal: UInt32 = 0
    static let base: UInt32 = 1
    static let end: UInt32 = 2
    static let link: UInt32 = 3
    static let none: UInt32 = 4
  }
  static let rootBits = 10
  private static let longestCode = 15
  private static let branchBits = longestCode - rootBits
  private static let symbolsMax = 288
  private static let root = 1 << rootBits

  /// Bits 0-7: how many bits the code takes. 8-11: how many extra bits follow it. 12-15: kind.
  /// 16-31: the literal, the base of a length or distance, or where the branch begins.
  let entries: UnsafeMutablePointer<UInt32>

  init() {
    entries = .allocate(capacity: Self.root + (Self.symbolsMax << Self.branchBits))
  }
  deinit { entries.deallocate() }

  static func entry(_ kind: UInt32, value: Int, extra: Int = 0) -> UInt32 {
    UInt32(value) << 16 | kind << 12 | UInt32(extra) << 8
  }

  /// `lengths[symbol]` is the length of its code, 0 where it has none. False when no code has such
  /// lengths: too many, or too few, of which one code of one bit is allowed.
  mutating func build(
    _ lengths: UnsafeBufferPointer<UInt8>, meaning: (Int) -> UInt32
  ) -> Bool {
    var counts = [Int](repeating: 0, count: Self.longestCode + 1)
    for length in lengths { counts[Int(length)] += 1 }
    counts[0] = 0
    var left = 1
    for length in 1...Self.longestCode {
      left = left * 2 - counts[length]
      guard left >= 0 else { return false }
    }
    let used = counts.reduce(0, +)
    guard left == 0 || used == 0 || (used == 1 && counts[1] == 1) else { return false }

    var next = [Int](repeating: 0, count: Self.longestCode + 2)
    for length in 1...Self.longestCode { next[length + 1] = (next[length] + counts[length]) << 1 }
    entries.update(repeating: Self.entry(Kind.none, value: 0), count: Self.root)
    var free = Self.root
    for symbol in lengths.indices where lengths[symbol] > 0 {
      let length = Int(lengths[symbol])
      let code = Self.reversed(next[length], length)
      next[length] += 1
      place(meaning(symbol) | UInt32(length), code, length, &free)
    }
    return true
  }

  private func place(_ entry: UInt32, _ code: Int, _ length: Int, _ free: inout Int) {
    guard length > Self.rootBits else {
      for index in stride(from: code, to: Self.root, by: 1 << length) { entries[index] = entry }
      return
    }
    let prefix = code & (Self.root - 1)
    if entries[prefix] >> 12 & 15 != Kind.link {
      (entries + free).update(
        repeating: Self.entry(Kind.none, value: 0), count: 1 << Self.branchBits)
      entries[prefix] = Self.entry(Kind.link, value: free)
      free += 1 << Self.branchBits
    }
    let branch = Int(entries[prefix] >> 16)
    let step = 1 << (length - Self.rootBits)
    for index in stride(from: code >> Self.rootBits, to: 1 << Self.branchBits, by: step) {
      entries[branch + index] = entry
    }
  }

  /// The entry of the code that these bits begin with.
  @inline(__always)
  borrowing func look(_ bits: UInt64) -> UInt32 { Self.look(bits, entries) }

  @inline(__always)
  static func look(_ bits: UInt64, _ entries: UnsafeMutablePointer<UInt32>) -> UInt32 {
    let entry = entries[Int(truncatingIfNeeded: bits) & (Self.root &- 1)]
    guard entry >> 12 & 15 == Kind.link else { return entry }
    let rest = Int(truncatingIfNeeded: bits >> UInt64(Self.rootBits))
    return entries[Int(entry >> 16) &+ (rest & (1 << Self.branchBits &- 1))]
  }

  private static func reversed(_ code: Int, _ length: Int) -> Int {
    var (rest, result) = (code, 0)
    for _ in 0..<length {
      result = result << 1 | rest & 1
      rest >>= 1
    }
    return result
  }
}
