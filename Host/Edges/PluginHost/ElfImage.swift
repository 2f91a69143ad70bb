/// The parts of an ELF64 file that decide whether it may be loaded. Reads foreign bytes: every
/// offset is checked before use, and nothing is taken on trust.
struct ElfImage {
  struct Segment {
    let type: UInt32
    let flags: UInt32
    let offset: Int
    let address: UInt64
    let fileSize: Int
  }
  struct Symbol {
    let name: String
    let binding: UInt8
    let visibility: UInt8
    let isDefined: Bool
  }
  /// Why a file could not be read as ELF; `isForeign`: it is a good one for another machine.
  struct Refusal: Error {
    let message: String
    let remedy: String
    var isForeign = false
  }

  let segments: [Segment]
  let dynamic: [(tag: Int64, value: UInt64)]
  let needed: [String]
  let symbols: [Symbol]

  static let typeLoad: UInt32 = 1, typeDynamic: UInt32 = 2, typeInterpreter: UInt32 = 3
  static let typeStack: UInt32 = 0x6474_e551
  private static let incomplete = "copy it whole: under another name, then rename it into place"
  private static let rebuild = "build it as a shared object: cc -shared -fPIC"

  init(_ file: [UInt8]) throws(Refusal) {
    let bytes = ElfBytes(file)
    try Self.checkIdentity(bytes)
    segments = try Self.segments(bytes)
    let sections = try Self.sections(bytes)
    dynamic = try Self.dynamic(bytes, segments)
    var tags: [Int64: UInt64] = [:]
    for entry in dynamic where tags[entry.tag] == nil { tags[entry.tag] = entry.value }
    let strings = try Self.strings(bytes, segments, tags)
    var needed: [String] = []
    for entry in dynamic where entry.tag == 1 {
      needed.append(bytes.text(at: entry.value, in: strings) ?? "(a name outside the file)")
    }
    self.needed = needed
    symbols = try Self.symbols(bytes, segments, sections, strings, tags)
  }

  private static func checkIdentity(_ bytes: ElfBytes) throws(Refusal) {
    guard bytes.count >= 4, bytes.u32(0) == 0x464c_457f else {
      throw Refusal(message: "is not an ELF file", remedy: rebuild)
    }
    guard bytes.count >= 64 else {
      throw Refusal(message: "is cut off within its ELF header", remedy: incomplete)
    }
    guard bytes.u8(4) == 2, bytes.u8(5) == 1 else {
      throw Refusal(
        message: "is not a 64-bit little-endian ELF file",
        remedy: "build it for \(ElfMachine.host.name)", isForeign: true)
    }
    let machine = ElfMachine(rawValue: bytes.u16(18)!)
    guard machine == .host else {
      throw Refusal(
        message: "is built for \(machine.name), this host is \(ElfMachine.host.name)",
        remedy: "build it for \(ElfMachine.host.name)", isForeign: true)
    }
    guard bytes.u16(16) == 3 else {
      throw Refusal(message: "is an ELF file, but not a shared object", remedy: rebuild)
    }
  }

  private static func segments(_ bytes: ElfBytes) throws(Refusal) -> [Segment] {
    let offset = bytes.u64(32)!
    let size = Int(bytes.u16(54)!)
    let count = Int(bytes.u16(56)!)
    guard count > 0, size == 56, let table = bytes.range(offset, count * size) else {
      throw Refusal(message: "its program header table lies beyond its end", remedy: incomplete)
    }
    var segments: [Segment] = []
    for at in stride(from: table.lowerBound, to: table.upperBound, by: size) {
      let segmentOffset = bytes.u64(at + 8)!
      let fileSize = bytes.u64(at + 32)!
      guard let range = bytes.range(segmentOffset, fileSize) else {
        throw Refusal(message: "a segment lies beyond its end", remedy: incomplete)
      }
      segments.append(
        Segment(
          type: bytes.u32(at)!, flags: bytes.u32(at + 4)!, offset: range.lowerBound,
          address: bytes.u64(at + 16)!, fileSize: range.count))
    }
    if segments.contains(where: { $0.type == typeInterpreter }) {
      throw Refusal(message: "is a program, not a shared object", remedy: rebuild)
    }
    return segments
  }

  private typealias Section = (type: UInt32, address: UInt64, range: Range<Int>)

  private static func sections(_ bytes: ElfBytes) throws(Refusal) -> [Section] {
    let offset = bytes.u64(40)!
    let size = Int(bytes.u16(58)!)
    let count = Int(bytes.u16(60)!)
    guard count > 0, size == 64, let table = bytes.range(offset, count * size) else {
      throw Refusal(message: "its section table is missing or beyond its end", remedy: incomplete)
    }
    var sections: [Section] = []
    for at in stride(from: table.lowerBound, to: table.upperBound, by: size) {
      let type = bytes.u32(at + 4)!
      let hasBytes = type != 0 && type != 8
      let length = hasBytes ? bytes.u64(at + 32)! : 0
      guard let range = bytes.range(hasBytes ? bytes.u64(at + 24)! : 0, length) else {
        throw Refusal(message: "a section lies beyond its end", remedy: incomplete)
      }
      sections.append((type, bytes.u64(at + 16)!, range))
    }
    return sections
  }

  private static func dynamic(
    _ bytes: ElfBytes, _ segments: [Segment]
  ) throws(Refusal) -> [(tag: Int64, value: UInt64)] {
    guard let segment = segments.first(where: { $0.type == typeDynamic }) else {
      throw Refusal(message: "has no dynamic section", remedy: rebuild)
    }
    var entries: [(tag: Int64, value: UInt64)] = []
    let end = segment.offset + segment.fileSize - 15
    for at in stride(from: segment.offset, to: end, by: 16) {
      let tag = Int64(bitPattern: bytes.u64(at)!)
      if tag == 0 { break }
      entries.append((tag, bytes.u64(at + 8)!))
    }
    return entries
  }

  /// Where the bytes of a virtual address lie in the file.
  private static func range(
    _ bytes: ElfBytes, _ segments: [Segment], _ address: UInt64, _ length: UInt64
  ) -> Range<Int>? {
    for segment in segments where segment.type == typeLoad && address >= segment.address {
      let inside = address - segment.address
      let size = UInt64(segment.fileSize)
      if inside <= size && length <= size - inside {
        return bytes.range(UInt64(segment.offset) + inside, length)
      }
    }
    return nil
  }

  private static func strings(
    _ bytes: ElfBytes, _ segments: [Segment], _ tags: [Int64: UInt64]
  ) throws(Refusal) -> Range<Int> {
    guard let address = tags[5], let size = tags[10],
      let range = range(bytes, segments, address, size)
    else { throw Refusal(message: "its string table lies beyond its end", remedy: incomplete) }
    return range
  }

  private static func symbols(
    _ bytes: ElfBytes, _ segments: [Segment], _ sections: [Section], _ strings: Range<Int>,
    _ tags: [Int64: UInt64]
  ) throws(Refusal) -> [Symbol] {
    let table = sections.first { $0.type == 11 }
    guard let table, table.address == tags[6], table.range.count % 24 == 0 else {
      throw Refusal(
        message: "its dynamic symbol table is missing or not where the loader looks",
        remedy: "do not strip the section table from it")
    }
    var symbols: [Symbol] = []
    for at in stride(from: table.range.lowerBound, to: table.range.upperBound, by: 24).dropFirst() {
      let name = bytes.text(at: UInt64(bytes.u32(at)!), in: strings) ?? "(a name outside the file)"
      symbols.append(
        Symbol(
          name: name, binding: bytes.u8(at + 4)! >> 4, visibility: bytes.u8(at + 5)! & 3,
          isDefined: bytes.u16(at + 6)! != 0))
    }
    return symbols
  }
}
