/// Unpacks what the deflate format (RFC 1951) packed. The window of 32 KiB that a copy may reach
/// back into stands in front of what is being written.
struct Inflater: ~Copyable {
  enum Failure: Error { case torn, wrong(String), source(MarketFileError) }

  private static let windowBytes = 32 << 10
  private static let roomBytes = 256 << 10
  private static let copyMax = 258
  /// A copy may write this much behind its end.
  private static let slack = 16

  var input: BitReader
  private let output: UnsafeMutablePointer<UInt8>
  /// What is written and not yet handed out lies between these.
  private var handed = 0
  private var written = 0
  private var state = State.blockStart
  private var isLastBlock = false
  private var literals = HuffmanTable()
  private var distances = HuffmanTable()
  private var lengths = [UInt8](repeating: 0, count: 320)

  private enum State { case blockStart, stored(left: Int), codes, ended }

  init(_ source: any ByteSource) {
    input = BitReader(source)
    output = .allocate(capacity: Self.windowBytes + Self.roomBytes + Self.copyMax + Self.slack)
  }
  deinit { output.deallocate() }

  var isEnded: Bool { if case .ended = state, handed == written { true } else { false } }

  /// Another stream begins behind this one; nothing of the one before is reached back to.
  mutating func restart() {
    state = .blockStart
    (handed, written, isLastBlock) = (0, 0, false)
  }

  /// The next bytes, valid until the next call; empty at the end of the stream.
  mutating func next() throws(Failure) -> UnsafeRawBufferPointer {
    if handed == written { try produce() }
    let bytes = UnsafeRawBufferPointer(start: output + handed, count: written - handed)
    handed = written
    return bytes
  }

  private mutating func produce() throws(Failure) {
    if written > Self.windowBytes {
      output.update(from: output + written - Self.windowBytes, count: Self.windowBytes)
      (handed, written) = (Self.windowBytes, Self.windowBytes)
    }
    let limit = Self.windowBytes + Self.roomBytes
    do {
      while written < limit {
        switch state {
        case .blockStart: try startBlock()
        case .stored(let left): try copyStored(left, limit)
        case .codes: try decode(limit)
        case .ended: return
        }
      }
    } catch let error as Failure {
      // What is wrong behind the end is the end.
      throw input.isTorn ? .torn : error
    } catch let error as MarketFileError {
      throw .source(error)
    } catch { preconditionFailure("two kinds of errors are thrown here") }
  }

  private mutating func startBlock() throws {
    if isLastBlock {
      state = .ended
      return
    }
    try input.fill()
    isLastBlock = input.take(1) == 1
    switch input.take(2) {
    case 0:
      input.alignToByte()
      try input.fill()
      let (length, inverted) = (input.take(16), input.take(16))
      guard !input.isTorn else { throw Failure.torn }
      guard length == ~inverted & 0xFFFF else {
        throw Failure.wrong("a stored block contradicts its own length")
      }
      state = .stored(left: length)
    case 1:
      fixedLengths()
      try buildTables(literalCount: 288, distanceCount: 32)
      state = .codes
    case 2:
      try readLengths()
      state = .codes
    default: throw Failure.wrong("a block is of no known type")
    }
    guard !input.isTorn else { throw Failure.torn }
  }

  private mutating func copyStored(_ left: Int, _ limit: Int) throws {
    let run = min(left, limit - written)
    let taken = try input.takeBytes(run, into: output + written)
    guard taken == run else { throw Failure.torn }
    written += run
    state = left == run ? .blockStart : .stored(left: left - run)
  }

  private mutating func fixedLengths() {
    for symbol in 0..<288 {
      lengths[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8
    }
    // The last two make the code whole, and mean nothing.
    for symbol in 0..<32 { lengths[288 + symbol] = 5 }
  }

  private static let lengthOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]

  /// The lengths of both codes, which are packed by a code themselves.
  private mutating func readLengths() throws {
    try input.fill()
    let (literalCount, distanceCount) = (input.take(5) + 257, input.take(5) + 1)
    let codeCount = input.take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else {
      throw Failure.wrong("a block has more codes than there are")
    }
    var small = [UInt8](repeating: 0, count: 19)
    for place in 0..<codeCount {
      try input.fill()
      small[Self.lengthOrder[place]] = UInt8(input.take(3))
    }
    let isCode = small.withUnsafeBufferPointer { lengths in
      distances.build(lengths) { HuffmanTable.entry(HuffmanTable.Kind.literal, value: $0) }
    }
    guard isCode, small.contains(where: { $0 > 0 }) else {
      throw Failure.wrong("the code lengths of a block make no code")
    }
    let total = literalCount + distanceCount
    var place = 0
    while place < total {
      try input.fill()
      let entry = distances.look(input.bits)
      guard entry >> 12 & 15 == HuffmanTable.Kind.literal else {
        throw Failure.wrong("a code that does not exist")
      }
      input.drop(Int(entry & 0xFF))
      try repeatLength(Int(entry >> 16), &place, total)
      guard !input.isTorn else { throw Failure.torn }
    }
    // The second code's lengths have their own place, however many the first has.
    let second = Array(lengths[literalCount..<total])
    for symbol in literalCount..<288 { lengths[symbol] = 0 }
    for symbol in 0..<30 { lengths[288 + symbol] = symbol < second.count ? second[symbol] : 0 }
    try buildTables(literalCount: literalCount, distanceCount: distanceCount)
  }

  private mutating func repeatLength(_ symbol: Int, _ place: inout Int, _ total: Int) throws {
    var (value, count) = (UInt8(0), 1)
    switch symbol {
    case 16:
      guard place > 0 else { throw Failure.wrong("a block repeats a length before its first") }
      (value, count) = (lengths[place - 1], input.take(2) + 3)
    case 17: count = input.take(3) + 3
    case 18: count = input.take(7) + 11
    default: value = UInt8(symbol)
    }
    guard count <= total - place else { throw Failure.wrong("a block has too many lengths") }
    for _ in 0..<count {
      lengths[place] = value
      place += 1
    }
  }

  private mutating func buildTables(literalCount: Int, distanceCount: Int) throws {
    guard lengths[256] > 0 else { throw Failure.wrong("a block has no code for its end") }
    let areCodes = lengths.withUnsafeBufferPointer { all in
      literals.build(
        UnsafeBufferPointer(rebasing: all[0..<literalCount]), meaning: Self.literalMeaning)
        && distances.build(
          UnsafeBufferPointer(rebasing: all[288..<288 + distanceCount]),
          meaning: Self.distanceMeaning)
    }
    guard areCodes else { throw Failure.wrong("the lengths of a block make no code") }
  }

  private static func literalMeaning(_ symbol: Int) -> UInt32 {
    typealias Kind = HuffmanTable.Kind
    if symbol < 256 { return HuffmanTable.entry(Kind.literal, value: symbol) }
    if symbol == 256 { return HuffmanTable.entry(Kind.end, value: 0) }
    let number = symbol - 257
    if number < 8 { return HuffmanTable.entry(Kind.base, value: number + 3) }
    if number == 28 { return HuffmanTable.entry(Kind.base, value: 258) }
    guard number < 28 else { return HuffmanTable.entry(Kind.none, value: 0) }
    let extra = number / 4 - 1
    return HuffmanTable.entry(
      Kind.base, value: (4 + number % 4) << extra + 3, extra: extra)
  }

  private static func distanceMeaning(_ symbol: Int) -> UInt32 {
    typealias Kind = HuffmanTable.Kind
    if symbol < 4 { return HuffmanTable.entry(Kind.base, value: symbol + 1) }
    guard symbol < 30 else { return HuffmanTable.entry(Kind.none, value: 0) }
    let extra = symbol / 2 - 1
    return HuffmanTable.entry(Kind.base, value: (2 + symbol % 2) << extra + 1, extra: extra)
  }

  /// As many plain codes as there are, while input and room last; what is not plain, or wrong, is
  /// left to `decode`. All that changes is in registers here: most of the work is done in this
  /// loop.
  private mutating func decodePlainly(_ limit: Int) {
    typealias Kind = HuffmanTable.Kind
    var (bits, count, source) = (input.bits, input.count, input.place)
    let (end, output) = (input.end, self.output)
    let (literals, distances) = (self.literals.entries, self.distances.entries)
    var place = written
    while place < limit, end - source >= 8 {
      bits |=
        UInt64(littleEndian: UnsafeRawPointer(source).loadUnaligned(as: UInt64.self))
        &<< UInt64(count)
      source += (63 &- count) >> 3
      count |= 56
      // Fifteen bits a literal at most: after the second one, a copy has not bits enough.
      var entry = HuffmanTable.look(bits, literals)
      if entry >> 12 & 15 == Kind.literal {
        bits &>>= UInt64(entry & 0xFF)
        count &-= Int(entry & 0xFF)
        output[place] = UInt8(truncatingIfNeeded: entry >> 16)
        place &+= 1
        entry = HuffmanTable.look(bits, literals)
        if entry >> 12 & 15 == Kind.literal {
          bits &>>= UInt64(entry & 0xFF)
          count &-= Int(entry & 0xFF)
          output[place] = UInt8(truncatingIfNeeded: entry >> 16)
          place &+= 1
        }
        continue
      }
      guard entry >> 12 & 15 == Kind.base else { break }
      let (lengthBits, lengthExtra) = (UInt64(entry & 0xFF), UInt64(entry >> 8 & 15))
      var rest = bits &>> lengthBits
      let length = Int(entry >> 16) &+ Int(rest & (1 &<< lengthExtra &- 1))
      rest &>>= lengthExtra
      let far = HuffmanTable.look(rest, distances)
      guard far >> 12 & 15 == Kind.base else { break }
      let (farBits, farExtra) = (UInt64(far & 0xFF), UInt64(far >> 8 & 15))
      rest &>>= farBits
      let distance = Int(far >> 16) &+ Int(rest & (1 &<< farExtra &- 1))
      guard distance <= place else { break }
      let used = lengthBits &+ lengthExtra &+ farBits &+ farExtra
      bits &>>= used
      count &-= Int(used)
      copy(length, from: place &- distance, to: place)
      place &+= length
    }
    (input.bits, input.count, input.place, written) = (bits, count, source, place)
  }

  /// Codes until the block ends or there is enough.
  private mutating func decode(_ limit: Int) throws {
    typealias Kind = HuffmanTable.Kind
    var place = written
    defer { written = place }
    while true {
      written = place
      decodePlainly(limit)
      place = written
      guard place < limit else { return }
      try input.fill()
      let entry = literals.look(input.bits)
      input.drop(Int(entry & 0xFF))
      switch entry >> 12 & 15 {
      case Kind.literal:
        output[place] = UInt8(truncatingIfNeeded: entry >> 16)
        place &+= 1
      case Kind.base:
        let length = Int(entry >> 16) &+ input.take(Int(entry >> 8 & 15))
        let far = distances.look(input.bits)
        guard far >> 12 & 15 == Kind.base else {
          throw input.isTorn ? Failure.torn : Failure.wrong("a distance that does not exist")
        }
        input.drop(Int(far & 0xFF))
        let distance = Int(far >> 16) &+ input.take(Int(far >> 8 & 15))
        guard distance <= place else {
          throw input.isTorn ? Failure.torn : Failure.wrong("a copy from before the beginning")
        }
        copy(length, from: place &- distance, to: place)
        place &+= length
      case Kind.end:
        if input.isTorn { throw Failure.torn }
        state = .blockStart
        return
      default: throw input.isTorn ? Failure.torn : Failure.wrong("a code that does not exist")
      }
      if input.isTorn { throw Failure.torn }
    }
  }

  @inline(__always)
  private func copy(_ length: Int, from start: Int, to place: Int) {
    let source = UnsafeRawPointer(output + start)
    let target = UnsafeMutableRawPointer(output + place)
    if place &- start >= 8 {
      var done = 0
      while done < length {
        target.storeBytes(
          of: source.loadUnaligned(fromByteOffset: done, as: UInt64.self), toByteOffset: done,
          as: UInt64.self)
        done &+= 8
      }
    } else {
      for offset in 0..<length { output[place &+ offset] = output[start &+ offset] }
    }
  }
}
