/// The first bytes of a file, and what they say: compressed, text, or something else.
struct FileOpening {
  let source: any ByteSource
  let window: TextWindow
  let isCompressed: Bool

  init(path: String) throws(MarketFileError) {
    let file = try PlainSource(path: path)
    guard file.size > 0 else {
      throw MarketFileError(
        .layout, path, "the file is empty", remedy: "name a file with rows of market data")
    }
    let magic = try file.bytes(at: 0, count: min(16, file.size))
    if magic.starts(with: [0x1F, 0x8B]) {
      (source, isCompressed) = (GzipSource(file), true)
    } else if magic.starts(with: [0x50, 0x4B, 3, 4]) || magic.starts(with: [0x50, 0x4B, 5, 6]) {
      (source, isCompressed) = (try ZipSource(file), true)
    } else {
      try Self.refuseOthers(magic, path)
      (source, isCompressed) = (file, false)
    }
    window = try TextWindow(source)
    guard window.end > window.start else {
      throw MarketFileError(
        .layout, path, "the compressed file holds nothing",
        remedy: "name a file with rows of market data")
    }
  }

  private static let others: [(magic: [UInt8], name: String, remedy: String)] = [
    ([0x28, 0xB5, 0x2F, 0xFD], "packed by zstd", "unpack it first: zstd -d FILE"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "packed by xz", "unpack it first: xz -d FILE"),
    (Array("BZh".utf8), "packed by bzip2", "unpack it first: bzip2 -d FILE"),
    (Array("PAR1".utf8), "a Parquet file", "write it as CSV first"),
    (Array("ARROW1".utf8), "a Feather file", "write it as CSV first"),
    (Array("KEELTAP0".utf8), "a tape already", "look into it with keel data head"),
    (Array("KEELJRN0".utf8), "a journal segment", "print it with keel journal export"),
    ([0xFF, 0xFE], "UTF-16 text", "write it as UTF-8 first: iconv -f UTF-16 -t UTF-8"),
    ([0xFE, 0xFF], "UTF-16 text", "write it as UTF-8 first: iconv -f UTF-16 -t UTF-8"),
  ]

  private static func refuseOthers(_ magic: [UInt8], _ path: String) throws(MarketFileError) {
    guard let other = others.first(where: { magic.starts(with: $0.magic) }) else { return }
    throw MarketFileError(
      .layout, path, "it is \(other.name), not text",
      remedy: other.remedy.replacing("FILE", with: path))
  }

  /// The first line that says something, and how many lines stand before it.
  struct FirstLine {
    let bytes: [UInt8]
    let number: Int
    /// Behind it, within the window.
    let next: UnsafePointer<UInt8>
    let start: UnsafePointer<UInt8>
  }

  func firstLine(_ path: String) throws(MarketFileError) -> FirstLine {
    var place = window.start
    // A byte order mark is no part of the text.
    if window.end - place >= 3, place[0] == 0xEF, place[1] == 0xBB, place[2] == 0xBF { place += 3 }
    var number = 1
    while place < window.end {
      var end = place
      while end < window.end, end.pointee != UInt8(ascii: "\n") { end += 1 }
      guard end < window.end else { break }
      let line = UnsafeBufferPointer(start: place, count: end - place)
      let isBlank = line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == 13 || $0 == 9 }
      if !isBlank, line.first != UInt8(ascii: "#") {
        if let byte = line.first(where: { $0 < 9 || $0 == 11 || $0 == 12 || ($0 > 13 && $0 < 32) })
        {
          throw MarketFileError(
            .layout, path, line: number,
            "it holds the byte 0x\(String(byte, radix: 16)): it is no text",
            remedy: "name a text of rows, such as CSV")
        }
        return FirstLine(bytes: Array(line), number: number, next: end + 1, start: place)
      }
      place = end + 1
      number += 1
    }
    throw MarketFileError(
      .layout, path, place < window.end ? "its first line has no end" : "it has no rows",
      remedy: "name a file with rows of market data")
  }
}
