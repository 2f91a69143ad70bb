/// The packed form of a bundle: an uncompressed tar archive (POSIX ustar) that `tar xf` opens.
/// There is one archive for one content: entries in a fixed order, no times, owners or padding of
/// choice.
/// Reading makes each header again and compares, so that links, folders, extensions, duplicates and
/// whatever else tar may hold are refused with everything that is not what writing would give.
enum BundleArchive {
  struct Entry: Equatable {
    let name: String
    let bytes: [UInt8]
  }

  static let blockBytes = 512
  static let entriesMax = 66
  static let nameBytesMax = 64

  /// A file's name and nothing else: no folder, nothing hidden, nothing a shell or loader expands.
  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-")
    else { return false }
    return name.utf8.count <= nameBytesMax
      && name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      }
  }

  /// Where a name stands among others: manifest and signatures first, so that a reader knows early
  /// what it has, then the files by their bytes.
  static func precedes(_ a: String, _ b: String) -> Bool {
    func rank(_ name: String) -> Int {
      name == PluginBundle.manifestName ? 0 : name == PluginBundle.signaturesName ? 1 : 2
    }
    return rank(a) == rank(b)
      ? a.utf8.lexicographicallyPrecedes(b.utf8) : rank(a) < rank(b)
  }

  static func bytes(of entries: [Entry]) -> [UInt8] {
    var bytes: [UInt8] = []
    for entry in entries.sorted(by: { precedes($0.name, $1.name) }) {
      bytes += header(name: entry.name, size: entry.bytes.count)
      bytes += entry.bytes
      bytes += zeros(padding(entry.bytes.count))
    }
    return bytes + zeros(2 * blockBytes)
  }

  /// `subject` names the archive in errors.
  static func entries(_ bytes: [UInt8], subject: String) throws(PluginHostError) -> [Entry] {
    var entries: [Entry] = []
    var at = 0
    while true {
      guard at + blockBytes <= bytes.count else { throw incomplete(subject, at) }
      let block = bytes[at..<at + blockBytes]
      if block.allSatisfy({ $0 == 0 }) { break }
      guard entries.count < entriesMax else {
        throw malformed(subject, "holds more than \(entriesMax) files")
      }
      let (name, size) = try readHeader(block, subject)
      if let last = entries.last, !precedes(last.name, name) {
        throw malformed(
          subject, last.name == name ? "holds \(name) twice" : "holds \(name) out of order")
      }
      at += blockBytes
      let padded = size + padding(size)
      guard padded <= bytes.count - at else { throw incomplete(subject, bytes.count) }
      entries.append(Entry(name: name, bytes: Array(bytes[at..<at + size])))
      guard bytes[at + size..<at + padded].allSatisfy({ $0 == 0 }) else {
        throw malformed(subject, "hides bytes behind \(name)")
      }
      at += padded
    }
    guard at + 2 * blockBytes <= bytes.count else { throw incomplete(subject, at) }
    guard bytes.count == at + 2 * blockBytes, bytes[at...].allSatisfy({ $0 == 0 }) else {
      throw malformed(subject, "goes on behind its end")
    }
    return entries
  }

  private static func readHeader(
    _ block: ArraySlice<UInt8>, _ subject: String
  ) throws(PluginHostError) -> (name: String, size: Int) {
    let start = block.startIndex
    let name = String(decoding: block[start..<start + 100].prefix { $0 != 0 }, as: UTF8.self)
    guard isName(name) else {
      throw malformed(subject, "holds an entry that is not named as a file of a bundle is")
    }
    var size = 0
    for digit in block[start + 124..<start + 135] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else {
        throw malformed(subject, "the size of \(name) is no number")
      }
      size = size << 3 | Int(digit - UInt8(ascii: "0"))
    }
    let type = block[start + 156]
    guard type == UInt8(ascii: "0") else {
      throw malformed(subject, "\(name) is a link, a folder or a device, not a file")
    }
    guard Array(block) == header(name: name, size: size) else {
      throw malformed(subject, "the header of \(name) is not as keel writes it")
    }
    return (name, size)
  }

  private static func header(name: String, size: Int) -> [UInt8] {
    var header = zeros(blockBytes)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    put(name, at: 0)
    put("0000644\0", at: 100)
    put("0000000\0", at: 108)
    put("0000000\0", at: 116)
    put(octal(size, digits: 11) + "\0", at: 124)
    put("00000000000\0", at: 136)
    put("        ", at: 148)
    put("0", at: 156)
    put("ustar\u{0}00", at: 257)
    put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
    return header
  }

  private static func octal(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }

  private static func padding(_ size: Int) -> Int {
    (blockBytes - size % blockBytes) % blockBytes
  }

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  private static func incomplete(_ subject: String, _ at: Int) -> PluginHostError {
    PluginHostError(
      .incomplete, subject, "ends at byte \(at), before the bundle does",
      remedy: "copy it whole: under another name, then rename it into place")
  }

  private static func malformed(_ subject: String, _ what: String) -> PluginHostError {
    PluginHostError(
      .bundle, subject, what, remedy: "pack it with keel plugin pack, and change nothing in it")
  }
}
