import Checksum
import Glibc
import PluginABI

/// The chain values of one segment, as they stand in the file beside it.
struct JournalSeal {
  static let blockBytes = Int(KEEL_SEAL_BLOCK_BYTES)
  static let headerBytes = MemoryLayout<keel_seal_header>.size

  let path: String
  let start: ChainHash
  private(set) var values: [ChainHash] = []

  /// The blocks of a segment that ends at byte `end`.
  static func blocks(in end: Int) -> Int { (end + blockBytes - 1) / blockBytes }

  static func range(of block: Int, end: Int) -> Range<Int> {
    block * blockBytes..<min(end, (block + 1) * blockBytes)
  }

  /// Nil where none was written: no file, or one whose header a power failure kept off the disk.
  init?(of segment: Int, session: UInt64, in directory: JournalDirectory) throws(StorageError) {
    path = directory.seal(segment)
    guard directory.exists(path) else { return nil }
    let bytes = try FileDescriptor(path: path, flags: O_RDONLY).contents()
    if bytes.withUnsafeBytes({ ZeroBytes.fill($0) }) { return nil }
    guard bytes.count >= Self.headerBytes else { throw Self.damage(path, "it is cut off") }
    let header = bytes.withUnsafeBytes { $0.loadUnaligned(as: keel_seal_header.self) }
    try Self.verify(header, path: path)
    guard header.session == session, header.segment == UInt64(segment) else {
      throw Self.damage(path, "it belongs to another segment")
    }
    start = withUnsafeBytes(of: header.start) { ChainHash($0) }
    bytes.withUnsafeBytes { all in
      var place = Self.headerBytes
      while place + ChainHash.bytes <= all.count {
        values.append(ChainHash(UnsafeRawBufferPointer(rebasing: all[place...])))
        place += ChainHash.bytes
      }
    }
    // What a power failure kept off the disk may read as zeros, which are no block's value.
    while values.last == .genesis { values.removeLast() }
  }

  private static func verify(_ header: keel_seal_header, path: String) throws(StorageError) {
    guard withUnsafeBytes(of: header.magic, { Array($0) }) == Array(KEEL_SEAL_MAGIC.utf8) else {
      throw damage(path, "it does not begin as one")
    }
    guard header.schema == KEEL_FILE_SCHEMA else {
      throw StorageError(
        .wrongSchema, path,
        "it has schema \(header.schema), and this keel reads schema \(KEEL_FILE_SCHEMA)",
        remedy: "read it with the keel that wrote it")
    }
    guard header.crc32c == checksum(of: header), header.header_bytes == UInt32(headerBytes),
      header.block_bytes == UInt32(blockBytes)
    else { throw damage(path, "the checksum of its header does not match") }
  }

  private static func damage(_ path: String, _ what: String) -> StorageError {
    StorageError(
      .damaged(offset: 0), path, "this file of seals is damaged: \(what)",
      remedy: "restore the file from a copy")
  }

  private static func checksum(of header: keel_seal_header) -> UInt32 {
    withUnsafeBytes(of: header) { bytes in
      checksum_crc32c(0, bytes.baseAddress, MemoryLayout<keel_seal_header>.offset(of: \.crc32c)!)
    }
  }

  static func header(segment: Int, session: UInt64, start: ChainHash) -> keel_seal_header {
    var header = keel_seal_header()
    withUnsafeMutableBytes(of: &header.magic) { $0.copyBytes(from: KEEL_SEAL_MAGIC.utf8) }
    header.header_bytes = UInt32(headerBytes)
    header.schema = UInt32(KEEL_FILE_SCHEMA)
    header.session = session
    header.segment = UInt64(segment)
    header.block_bytes = UInt32(blockBytes)
    start.withBytes { value in
      withUnsafeMutableBytes(of: &header.start) { $0.copyMemory(from: value) }
    }
    header.crc32c = checksum(of: header)
    return header
  }
}

extension JournalSeal {
  /// Adds to the seals of one segment.
  struct Writer: ~Copyable {
    private let file: FileDescriptor
    private(set) var count: Int
    private(set) var chain: ChainHash

    /// A new file, or one to be written anew from its header on.
    init(
      of segment: Int, session: UInt64, start: ChainHash, in directory: JournalDirectory
    ) throws(StorageError) {
      let file = try FileDescriptor(
        path: directory.seal(segment), flags: O_RDWR | O_CREAT, system: directory.system)
      let header = JournalSeal.header(segment: segment, session: session, start: start)
      try file.truncate(to: 0)
      try Self.write(header, to: file, at: 0)
      self.file = file
      count = 0
      chain = start
    }

    /// Goes on behind the values that are there.
    init(continuing seal: JournalSeal, system: StorageSystem) throws(StorageError) {
      let file = try FileDescriptor(path: seal.path, flags: O_RDWR, system: system)
      try file.truncate(to: JournalSeal.headerBytes + seal.values.count * ChainHash.bytes)
      self.file = file
      count = seal.values.count
      chain = seal.values.last ?? seal.start
    }

    mutating func add(_ block: UnsafeRawBufferPointer) throws(StorageError) {
      let next = chain.extended(by: block)
      try Self.write(next, to: file, at: JournalSeal.headerBytes + count * ChainHash.bytes)
      chain = next
      count += 1
    }

    func sync() throws(StorageError) { try file.sync() }

    private static func write<Value>(
      _ value: Value, to file: borrowing FileDescriptor, at offset: Int
    ) throws(StorageError) {
      var copy = value
      try withUnsafeMutablePointer(to: &copy) { pointer throws(StorageError) in
        try file.write(
          UnsafeRawBufferPointer(start: pointer, count: MemoryLayout<Value>.size), at: offset)
      }
    }
  }
}
