import Glibc
import PluginABI
import TestSupport
import Testing

@testable import MarketFiles

/// Compressed files, made by `gzip` and by hand, whole and torn.
@Suite struct GzipTests {
  let folder = TemporaryDirectory()

  /// All that a file unpacks to.
  private func unpack(_ bytes: [UInt8]) throws -> [UInt8] {
    let source = GzipSource(try PlainSource(path: try folder.write("x.gz", bytes)))
    var result: [UInt8] = []
    var space = [UInt8](repeating: 0, count: 70_001)
    while true {
      let count = try space.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { return result }
      result += space[..<count]
    }
  }

  private func refusal(_ bytes: [UInt8]) throws -> String {
    do { _ = try unpack(bytes) } catch let error as MarketFileError {
      #expect(error.code == .damaged)
      return error.message
    }
    return ""
  }

  private func pack(_ bytes: [UInt8], _ level: String) throws -> [UInt8] {
    let path = try folder.write("plain", bytes)
    try ToolRun.require(["gzip", "-n", "-k", "-f", level, path])
    return try TemporaryDirectory.bytes(of: path + ".gz")
  }

  /// Rows, noise that does not pack, and long runs.
  private func sample(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    var bytes: [UInt8] = []
    while bytes.count < count {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes += Array("17000000\(bytes.count),100.25,1.5,buy\n".utf8)
      case 1: bytes += (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
      case 2: bytes += [UInt8](repeating: 7, count: 900)
      default: bytes += bytes.suffix(33_000).prefix(40)
      }
    }
    return Array(bytes.prefix(count))
  }

  @Test(arguments: ["-1", "-6", "-9"]) func unpacksWhatGzipPacks(_ level: String) throws {
    for count in [0, 1, 5, 1_000, 70_000, 1_500_000] {
      let bytes = sample(count, seed: UInt64(count))
      #expect(try unpack(pack(bytes, level)) == bytes, "\(count) bytes")
    }
  }

  /// By hand: header, blocks, checksum and length.
  private func member(_ blocks: [UInt8], _ content: String, flags: [UInt8] = [0]) -> [UInt8] {
    var sum = CRC32()
    Array(content.utf8).withUnsafeBytes { sum.add($0) }
    let count = UInt32(content.utf8.count)
    let trailer = [sum.value, count].flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
    }
    return [0x1F, 0x8B, 8, flags[0], 0, 0, 0, 0, 0, 3] + flags.dropFirst() + blocks + trailer
  }

  private let stored: [UInt8] = [0, 2, 0, 0xFD, 0xFF] + Array("ab".utf8)
  private let storedLast: [UInt8] = [1, 1, 0, 0xFE, 0xFF] + Array("c".utf8)
  /// "a" in the fixed code: 0x61 is 8 bits, then the end, 7 bits.
  private let fixed: [UInt8] = [0x4B, 0x04, 0x00]

  @Test func everyKindOfBlockAndMember() throws {
    #expect(try unpack(member(stored + storedLast, "abc")) == Array("abc".utf8))
    #expect(try unpack(member(fixed, "a")) == Array("a".utf8))
    let named = member(fixed, "a", flags: [4 | 8 | 16 | 2, 2, 0, 9, 9, 65, 0, 66, 0, 1, 2])
    #expect(try unpack(named) == Array("a".utf8))
    let two = member(fixed, "a") + member(stored + storedLast, "abc") + named
    #expect(try unpack(two) == Array("aabca".utf8))
    #expect(try unpack(two + [UInt8](repeating: 0, count: 50)) == Array("aabca".utf8))
    #expect(try unpack(Array("".utf8) + member(fixed, "a")) == Array("a".utf8))
  }

  @Test func theChecksumIsThatOfTheStandard() {
    var sum = CRC32()
    Array("123456789".utf8).withUnsafeBytes { sum.add($0) }
    #expect(sum.value == 0xCBF4_3926)
  }

  @Test func whatIsWrongIsNamed() throws {
    let whole = try pack(sample(50_000, seed: 3), "-6")
    for kept in [5, 15, 300, whole.count / 2, whole.count - 9, whole.count - 1] {
      #expect(try refusal(Array(whole.prefix(kept))).contains("ends too early"), "\(kept)")
    }
    #expect(try refusal(whole + [1, 2, 3]).contains("ends too early"))
    #expect(try refusal(whole + Array("no member".utf8) + [9]).contains("no gzip member"))
    var other = whole
    other[whole.count - 6] ^= 1
    #expect(try refusal(other).contains("another checksum"))
    other = whole
    other[whole.count - 1] ^= 1
    #expect(try refusal(other).contains("another length"))
    #expect(try refusal(member([7], "")).contains("no known type"))
    #expect(try refusal(member([0, 2, 0, 0, 0], "")).contains("contradicts its own length"))
    // A copy that reaches back before the first byte: code 257 (three bytes), distance 1.
    #expect(try refusal(member([0x03, 0x02, 0x00], "")).contains("before the beginning"))
  }

  @Test func aTornFileLeavesNoTape() throws {
    let bench = ImportBench()
    let rows = (0..<20_000).map { "\(1_700_000_000 + $0),100.25,\($0 + 1)\n" }.joined()
    let packed = try pack(Array(("time,price,qty\n" + rows).utf8), "-6")
    let path = try folder.write("rows.csv.gz", packed)
    let outcome = try bench.read(paths: [path])
    #expect(outcome.trades.count == 20_000 && outcome.trades.last?.qty == 20_000_000)
    try TemporaryDirectory.write(path, Array(packed.dropLast(5)))
    #expect(throws: MarketFileError.self) { try bench.read(paths: [path]) }
    #expect(try !ToolRun.require(["ls", "-a", bench.folder.path]).contains("2.tape"))
  }
}
