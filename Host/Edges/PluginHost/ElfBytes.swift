/// Little-endian numbers and texts out of foreign bytes; nil for whatever lies outside.
struct ElfBytes {
  private let bytes: [UInt8]
  private static let textBytesMax = 4096

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var count: Int { bytes.count }

  func u8(_ offset: Int) -> UInt8? { number(offset) }
  func u16(_ offset: Int) -> UInt16? { number(offset) }
  func u32(_ offset: Int) -> UInt32? { number(offset) }
  func u64(_ offset: Int) -> UInt64? { number(offset) }

  private func number<N: FixedWidthInteger>(_ offset: Int) -> N? {
    let size = MemoryLayout<N>.size
    guard offset >= 0, offset <= bytes.count - size else { return nil }
    return bytes.withUnsafeBytes {
      N(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: N.self))
    }
  }

  func range(_ offset: UInt64, _ length: some BinaryInteger) -> Range<Int>? {
    let (count, length) = (UInt64(bytes.count), UInt64(length))
    guard offset <= count, length <= count - offset else { return nil }
    return Int(offset)..<Int(offset + length)
  }

  /// The NUL-ended text at `offset` of a string table.
  func text(at offset: UInt64, in table: Range<Int>) -> String? {
    guard offset < UInt64(table.count) else { return nil }
    let start = table.lowerBound + Int(offset)
    let end = bytes[start..<min(table.upperBound, start + Self.textBytesMax)].firstIndex(of: 0)
    guard let end else { return nil }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }
}

/// e_machine.
struct ElfMachine: Equatable {
  let rawValue: UInt16

  static let x86 = ElfMachine(rawValue: 62)
  static let arm = ElfMachine(rawValue: 183)
  #if arch(x86_64)
    static let host = x86
  #else
    static let host = arm
  #endif

  var name: String {
    switch rawValue {
    case 3: "x86 (32 bits)"
    case 40: "ARM (32 bits)"
    case 62: "x86-64"
    case 183: "AArch64"
    case 243: "RISC-V"
    default: "machine \(rawValue)"
    }
  }
}
