import PluginABI
import TestSupport
import Testing

@testable import MarketFiles

/// Zip archives made by hand, whole, torn and of other kinds.
@Suite struct ZipTests {
  let folder = TemporaryDirectory()
  private let rows = Array(
    ("time,price,qty\n" + (0..<5_000).map { "\(1_700_000_000 + $0),100.25,\($0 + 1)\n" }.joined())
      .utf8)

  private func little(_ number: UInt64, _ bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
  }

  /// What gzip packed, without its header and trailer.
  private func deflated(_ bytes: [UInt8]) throws -> [UInt8] {
    let path = try folder.write("plain", bytes)
    try ToolRun.require(["gzip", "-n", "-k", "-f", path])
    return Array(try TemporaryDirectory.bytes(of: path + ".gz").dropFirst(10).dropLast(8))
  }

  private struct Entry {
    var name = "rows.csv"
    var method: UInt64 = 8
    var flags: UInt64 = 0
    var isWide = false
    var packed: [UInt8] = []
    var content: [UInt8] = []
  }

  private func archive(_ entries: [Entry], comment: String = "") -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      var sum = CRC32()
      entry.content.withUnsafeBytes { sum.add($0) }
      let name = Array(entry.name.utf8)
      let facts =
        little(entry.flags, 2) + little(entry.method, 2) + little(0, 4)
        + little(UInt64(sum.value), 4)
      let sizes = [UInt64(entry.packed.count), UInt64(entry.content.count)]
      let offset = UInt64(bytes.count)
      // The header's own further field is of another length than the directory's.
      bytes += little(0x0403_4B50, 4) + little(20, 2) + facts
      bytes += little(sizes[0], 4) + little(sizes[1], 4)
      bytes += little(UInt64(name.count), 2) + little(5, 2) + name + [9, 9, 1, 0, 7] + entry.packed
      let wide =
        entry.isWide
        ? little(1, 2) + little(24, 2) + little(sizes[1], 8) + little(sizes[0], 8)
          + little(offset, 8) : []
      directory += little(0x0201_4B50, 4) + little(20, 2) + little(20, 2) + facts
      for size in sizes { directory += little(entry.isWide ? 0xFFFF_FFFF : size, 4) }
      directory += little(UInt64(name.count), 2) + little(UInt64(wide.count), 2) + little(0, 8)
      directory += little(0, 2) + little(entry.isWide ? 0xFFFF_FFFF : offset, 4)
      directory += name + wide
    }
    let start = UInt64(bytes.count)
    let count = UInt64(entries.count)
    return bytes + directory + little(0x0605_4B50, 4) + little(0, 4) + little(count, 2)
      + little(count, 2) + little(UInt64(directory.count), 4) + little(start, 4)
      + little(UInt64(comment.utf8.count), 2) + Array(comment.utf8)
  }

  private func packedRows() throws -> Entry { Entry(packed: try deflated(rows), content: rows) }

  private func refusal(_ bytes: [UInt8]) throws -> String {
    let bench = ImportBench()
    let path = try folder.write("x.zip", bytes)
    let error = #expect(throws: MarketFileError.self) { try bench.read(paths: [path]) }
    #expect(try !ToolRun.require(["ls", "-a", bench.folder.path]).contains(".tape"))
    return error?.message ?? ""
  }

  @Test func theOneFileIsRead() throws {
    let bench = ImportBench()
    let packed = try packedRows()
    var wide = packed
    wide.isWide = true
    let folderEntry = Entry(name: "day/", method: 0)
    let stored = Entry(method: 0, packed: rows, content: rows)
    for bytes in [
      archive([packed]), archive([wide]), archive([stored]), archive([folderEntry, packed]),
      archive([packed], comment: "made by hand, PK"),
    ] {
      let path = try folder.write("x.zip", bytes)
      let trades = try bench.read(paths: [path]).trades
      #expect(trades.count == 5_000 && trades.last?.qty == 5_000_000)
    }
  }

  @Test func whatIsWrongIsNamed() throws {
    let packed = try packedRows()
    let whole = archive([packed])
    #expect(try refusal(Array(whole.dropLast(30))).contains("no directory: it was cut off"))
    var other = whole
    other[60] ^= 0xFF
    #expect(try refusal(other).contains("the zip archive is damaged"))
    var wrong = packed
    wrong.content[20] ^= 1
    #expect(try refusal(archive([wrong])).contains("another checksum"))
    wrong = packed
    wrong.content.removeLast()
    #expect(try refusal(archive([wrong])).contains("longer than the archive says"))
    #expect(try refusal(archive([packed, packed])).contains("holds 2 files (rows.csv, rows.csv)"))
    #expect(try refusal(archive([])).contains("holds no file"))
    wrong = packed
    wrong.flags = 1
    #expect(try refusal(archive([wrong])).contains("encrypted"))
    wrong = packed
    wrong.method = 12
    #expect(try refusal(archive([wrong])).contains("by method 12"))
  }

  /// Every byte changed, and every length: refused or read, and never a crash.
  @Test func noChangeOfABytePassesOrCrashes() throws {
    let text = Array("time,price,qty\n1700000000,1,2\n1700000001,1,2\n".utf8)
    let whole = archive([Entry(packed: try deflated(text), content: text)])
    let path = try folder.write("y.zip", whole)
    func read() -> [UInt8]? {
      guard let source = try? ZipSource(try PlainSource(path: path)) else { return nil }
      var all: [UInt8] = []
      var space = [UInt8](repeating: 0, count: 100)
      while true {
        guard let count = try? space.withUnsafeMutableBytes({ try source.read(into: $0) }) else {
          return nil
        }
        if count == 0 { return all }
        all += space[..<count]
      }
    }
    #expect(read() == text)
    for place in whole.indices {
      var changed = whole
      changed[place] ^= 0x41
      try TemporaryDirectory.write(path, changed)
      if let found = read() { #expect(found == text, "byte \(place)") }
      try TemporaryDirectory.write(path, Array(whole.prefix(place)))
      #expect(read() == nil || place == whole.count, "cut at \(place)")
    }
  }
}
