import Checksum
import Glibc
import PluginABI

/// The page in front of every journal segment and tape.
struct FileHeader {
  static let bytes = KEEL_FILE_HEADER_BYTES

  var raw: keel_file_header

  init(magic: String, session: UInt64, segment: UInt64, created: Int64) {
    precondition(magic.utf8.count == 8, "a magic is eight bytes")
    raw = keel_file_header()
    withUnsafeMutableBytes(of: &raw.magic) { $0.copyBytes(from: magic.utf8) }
    raw.header_bytes = UInt32(Self.bytes)
    raw.schema = UInt32(KEEL_FILE_SCHEMA)
    raw.session = session
    raw.segment = segment
    raw.created = created
  }

  /// Writes the page at `page`, zero after the struct.
  func store(at page: UnsafeMutableRawPointer) {
    var sealed = raw
    sealed.crc32c = Self.checksum(of: sealed)
    page.initializeMemory(as: UInt8.self, repeating: 0, count: Self.bytes)
    page.storeBytes(of: sealed, as: keel_file_header.self)
  }

  private static func checksum(of header: keel_file_header) -> UInt32 {
    withUnsafeBytes(of: header) { bytes in
      checksum_crc32c(0, bytes.baseAddress, MemoryLayout<keel_file_header>.offset(of: \.crc32c)!)
    }
  }

  /// What a header with this magic is called, and the code for a file that has another.
  private static func expected(_ magic: String) -> (name: String, code: StorageError.Code) {
    magic == KEEL_TAPE_MAGIC ? ("tape", .notATape) : ("journal segment", .notAJournal)
  }

  /// Opens a file whose header must be true, and maps all of it.
  static func map(_ path: String, magic: String) throws(StorageError) -> MappedFile {
    let file = try FileDescriptor(path: path, flags: O_RDONLY)
    let size = try file.size()
    let (name, code) = expected(magic)
    guard size > 0 else {
      throw StorageError(
        code, path, "the file is empty", remedy: "name a \(name) that keel has written")
    }
    guard size >= Self.bytes else {
      throw StorageError(
        code, path, "it ends after \(size) bytes, inside what would be its header",
        remedy: "it is no \(name) or was cut off: name another file or copy it again")
    }
    let mapped = try MappedFile(reading: file, bytes: size)
    try FileHeader(of: mapped).verify(mapped.bytes, path: path, magic: magic)
    return mapped
  }

  /// The header of a file that `map` has let through.
  init(of map: borrowing MappedFile) { raw = map.start.load(as: keel_file_header.self) }

  private func verify(
    _ bytes: UnsafeRawBufferPointer, path: String, magic: String
  ) throws(StorageError) {
    let (name, code) = Self.expected(magic)
    let found = Array(bytes.prefix(8))
    guard found == Array(magic.utf8) else {
      let others = [KEEL_JOURNAL_MAGIC: "a journal segment", KEEL_TAPE_MAGIC: "a tape"]
      let other = others[String(decoding: found, as: UTF8.self)]
      throw StorageError(
        code, path, "it is \(other ?? "a file of another kind"), not a \(name)",
        remedy: "name a \(name) that keel has written")
    }
    guard raw.schema == KEEL_FILE_SCHEMA else {
      throw StorageError(
        .wrongSchema, path,
        "it has schema \(raw.schema), and this keel reads schema \(KEEL_FILE_SCHEMA)",
        remedy: "read it with the keel that wrote it, or record it again")
    }
    let rest = bytes[MemoryLayout<keel_file_header>.size..<Self.bytes]
    guard raw.crc32c == Self.checksum(of: raw), raw.header_bytes == UInt32(Self.bytes),
      ZeroBytes.fill(UnsafeRawBufferPointer(rebasing: rest))
    else {
      throw StorageError(
        .damaged(offset: 0), path, "its header is damaged: the checksum does not match",
        remedy: "restore the file from a copy")
    }
  }
}
