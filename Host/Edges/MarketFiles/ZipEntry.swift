/// Where the one file of a zip archive lies, and what the archive's directory says of it
/// (APPNOTE.TXT of PKWARE). Archives beyond 4 GiB tell their sizes in a further field.
struct ZipEntry {
  let name: String
  let isStored: Bool
  let checksum: UInt32
  let length: UInt64
  /// Of its packed bytes, within the archive.
  let contentOffset: Int

  private static let endBytes = 22
  private static let commentMax = 65_535
  private static let directoryMax = 1 << 20

  static func damage(_ path: String, _ what: String) -> MarketFileError {
    MarketFileError(
      .damaged, path, "the zip archive is damaged: \(what)",
      remedy: "download or copy it again; unzip -t checks it")
  }

  init(of file: PlainSource) throws(MarketFileError) {
    let path = file.path
    let directory = try Self.directory(of: file)
    var found: [Row] = []
    var place = 0
    while place + Row.bytes <= directory.count, directory.number(place, 4) == 0x0201_4B50 {
      guard let row = Row(directory, &place) else {
        throw Self.damage(path, "its directory is cut off")
      }
      // Folders have no content, and one system leaves notes of its own.
      if !row.name.hasSuffix("/"), !row.name.hasPrefix("__MACOSX/") { found.append(row) }
    }
    guard found.count == 1, let row = found.first else {
      let names = found.prefix(3).map(\.name).joined(separator: ", ")
      throw MarketFileError(
        .layout, path,
        found.isEmpty
          ? "the zip archive holds no file"
          : "the zip archive holds \(found.count) files (\(names)"
            + (found.count > 3 ? ", ...)" : ")"),
        remedy: "unpack it, and name its files: unzip \(path)")
    }
    guard row.flags & 1 == 0 else {
      throw MarketFileError(
        .layout, path, "the zip archive is encrypted", remedy: "unpack it first: unzip \(path)")
    }
    guard row.method == 8 || row.method == 0 else {
      throw MarketFileError(
        .layout, path, "the zip archive is packed by method \(row.method), not by deflate",
        remedy: "unpack it first: unzip \(path)")
    }
    name = row.name
    isStored = row.method == 0
    checksum = UInt32(truncatingIfNeeded: row.checksum)
    length = row.length
    guard !isStored || row.packed == length else {
      throw Self.damage(path, "its content has another length")
    }
    guard let offset = Int(exactly: row.offset), offset <= file.size - 30 else {
      throw Self.damage(path, "its directory points behind its end")
    }
    // The header before the content has a name and further fields of lengths of its own.
    let header = try file.bytes(at: offset, count: 30)
    guard header.number(0, 4) == 0x0403_4B50 else {
      throw Self.damage(path, "no file begins where its directory says")
    }
    contentOffset = offset + 30 + Int(header.number(26, 2)) + Int(header.number(28, 2))
    guard contentOffset <= file.size, row.packed <= UInt64(file.size - contentOffset) else {
      throw Self.damage(path, "it ends before its content does: it was cut off")
    }
  }

  /// The directory stands at the end, before a record that says where, behind which a comment may
  /// follow.
  private static func directory(of file: PlainSource) throws(MarketFileError) -> [UInt8] {
    let count = min(file.size, endBytes + commentMax)
    let tail = try file.bytes(at: file.size - count, count: count)
    guard count >= endBytes,
      let end = (0...count - endBytes).last(where: { tail.number($0, 4) == 0x0605_4B50 })
    else { throw damage(file.path, "it has no directory: it was cut off") }
    var size = tail.number(end + 12, 4)
    var offset = tail.number(end + 16, 4)
    if size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF || tail.number(end + 10, 2) == 0xFFFF {
      let locator = file.size - count + end - 20
      guard locator >= 0 else { throw damage(file.path, "it has no directory: it was cut off") }
      let pointer = try file.bytes(at: locator, count: 20)
      guard pointer.number(0, 4) == 0x0706_4B50, file.size >= 56,
        let place = Int(exactly: pointer.number(8, 8)), place <= file.size - 56
      else { throw damage(file.path, "it has no directory: it was cut off") }
      let record = try file.bytes(at: place, count: 56)
      guard record.number(0, 4) == 0x0606_4B50 else {
        throw damage(file.path, "it has no directory: it was cut off")
      }
      (size, offset) = (record.number(40, 8), record.number(48, 8))
    }
    guard size <= UInt64(directoryMax) else {
      throw MarketFileError(
        .layout, file.path, "the zip archive holds very many files",
        remedy: "unpack it, and name its files: unzip \(file.path)")
    }
    guard offset <= UInt64(file.size), size <= UInt64(file.size) - offset else {
      throw damage(file.path, "its directory lies behind its end")
    }
    return try file.bytes(at: Int(offset), count: Int(size))
  }

  /// What the directory says of one file.
  private struct Row {
    static let bytes = 46

    let flags: UInt64
    let method: UInt64
    let checksum: UInt64
    let name: String
    var packed: UInt64
    var length: UInt64
    var offset: UInt64

    init?(_ bytes: [UInt8], _ place: inout Int) {
      let start = place
      func number(_ offset: Int, _ count: Int) -> UInt64 { bytes.number(start + offset, count) }
      (flags, method, checksum) = (number(8, 2), number(10, 2), number(16, 4))
      (packed, length, offset) = (number(20, 4), number(24, 4), number(42, 4))
      let nameEnd = start + Self.bytes + Int(number(28, 2))
      let extraEnd = nameEnd + Int(number(30, 2))
      let end = extraEnd + Int(number(32, 2))
      guard end <= bytes.count else { return nil }
      name = String(decoding: bytes[start + Self.bytes..<nameEnd], as: UTF8.self)
      place = end
      var field = nameEnd
      while field + 4 <= extraEnd {
        let next = field + 4 + Int(bytes.number(field + 2, 2))
        guard next <= extraEnd else { return nil }
        if bytes.number(field, 2) == 1, !takeWide(bytes, field + 4, next) { return nil }
        field = next
      }
    }

    /// The sizes that did not fit, in their order.
    private mutating func takeWide(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
      var place = start
      func next() -> UInt64? {
        guard place + 8 <= end else { return nil }
        defer { place += 8 }
        return bytes.number(place, 8)
      }
      for path in [\Row.length, \Row.packed, \Row.offset] where self[keyPath: path] == 0xFFFF_FFFF {
        guard let value = next() else { return false }
        self[keyPath: path] = value
      }
      return true
    }
  }
}

extension [UInt8] {
  /// Little-endian; the bytes must be there.
  fileprivate func number(_ place: Int, _ count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(self[place + $1]) << UInt64(8 * $1) }
  }
}
