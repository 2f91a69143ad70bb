import Checksum
import Glibc
import PluginABI

/// State at one place of a journal, as bytes that mean something to its owner alone. With it,
/// replay begins at `position` instead of at the beginning.
package struct Snapshot: Sendable, Equatable {
  package var session: UInt64
  /// Of the last record that the content accounts for.
  package var sequence: UInt64
  /// Where the record behind it begins, or will.
  package var position: JournalPosition
  /// The content's own version.
  package var schema: UInt32
  package var content: [UInt8]

  package init(
    session: UInt64, sequence: UInt64, position: JournalPosition, schema: UInt32,
    content: [UInt8]
  ) {
    self.session = session
    self.sequence = sequence
    self.position = position
    self.schema = schema
    self.content = content
  }
}

extension Snapshot {
  /// The file's header page.
  func page() -> [UInt8] {
    var header = keel_snapshot_header()
    withUnsafeMutableBytes(of: &header.magic) { $0.copyBytes(from: KEEL_SNAPSHOT_MAGIC.utf8) }
    header.header_bytes = UInt32(FileHeader.bytes)
    header.schema = UInt32(KEEL_FILE_SCHEMA)
    header.session = session
    header.sequence = sequence
    header.segment = UInt64(position.segment)
    header.offset = UInt64(position.offset)
    header.bytes = UInt64(content.count)
    header.content_schema = schema
    content.withUnsafeBytes { bytes in
      header.content_crc32c = checksum_crc32c(0, bytes.baseAddress, bytes.count)
      ChainHash(of: bytes).withBytes { digest in
        withUnsafeMutableBytes(of: &header.sha256) { $0.copyMemory(from: digest) }
      }
    }
    header.crc32c = Self.checksum(of: header)
    var page = [UInt8](repeating: 0, count: FileHeader.bytes)
    page.withUnsafeMutableBytes { $0.storeBytes(of: header, as: keel_snapshot_header.self) }
    return page
  }

  /// Everything is checked before anything is believed.
  init(reading path: String, schemaMax: UInt32) throws(StorageError) {
    let file = try FileDescriptor(path: path, flags: O_RDONLY)
    let bytes = try file.contents()
    guard bytes.count >= FileHeader.bytes else { throw Self.damage(path, "it is cut off") }
    let header = bytes.withUnsafeBytes { $0.loadUnaligned(as: keel_snapshot_header.self) }
    let structBytes = MemoryLayout<keel_snapshot_header>.size
    guard withUnsafeBytes(of: header.magic, { Array($0) }) == Array(KEEL_SNAPSHOT_MAGIC.utf8)
    else { throw Self.damage(path, "it does not begin as one") }
    guard header.schema == KEEL_FILE_SCHEMA else {
      throw Self.newer(path, "file schema \(header.schema)", max: UInt32(KEEL_FILE_SCHEMA))
    }
    let isZero = bytes.withUnsafeBytes {
      ZeroBytes.fill(UnsafeRawBufferPointer(rebasing: $0[structBytes..<FileHeader.bytes]))
    }
    guard header.crc32c == Self.checksum(of: header), isZero,
      header.header_bytes == UInt32(FileHeader.bytes),
      let segment = Int(exactly: header.segment), let offset = Int(exactly: header.offset)
    else { throw Self.damage(path, "the checksum of its header does not match") }
    guard header.content_schema <= schemaMax else {
      throw Self.newer(path, "content schema \(header.content_schema)", max: schemaMax)
    }
    guard header.bytes == UInt64(bytes.count - FileHeader.bytes) else {
      throw Self.damage(path, "its length is not what its header says")
    }
    let content = Array(bytes[FileHeader.bytes...])
    let isTrue = content.withUnsafeBytes { bytes in
      checksum_crc32c(0, bytes.baseAddress, bytes.count) == header.content_crc32c
        && ChainHash(of: bytes) == withUnsafeBytes(of: header.sha256) { ChainHash($0) }
    }
    guard isTrue else { throw Self.damage(path, "the checksum of its content does not match") }
    self.init(
      session: header.session, sequence: header.sequence,
      position: JournalPosition(segment: segment, offset: offset),
      schema: header.content_schema, content: content)
  }

  private static func checksum(of header: keel_snapshot_header) -> UInt32 {
    withUnsafeBytes(of: header) { bytes in
      let covered = MemoryLayout<keel_snapshot_header>.offset(of: \.crc32c)!
      return checksum_crc32c(0, bytes.baseAddress, covered)
    }
  }

  private static func damage(_ path: String, _ what: String) -> StorageError {
    StorageError(
      .damaged(offset: 0), path, "this snapshot is damaged: \(what)",
      remedy: "go on with an older one, or replay the whole journal")
  }

  private static func newer(_ path: String, _ what: String, max: UInt32) -> StorageError {
    StorageError(
      .wrongSchema, path, "it has \(what), and this keel reads up to \(max)",
      remedy: "read it with the keel that wrote it, or go on with an older one")
  }
}
