import Checksum
import PluginABI

/// A journal segment or tape made of fuzzed bytes: a header page from the first of them, and the
/// rest behind it.
struct FileImage {
  var bytes: [UInt8]

  /// `isPlain` makes the header a true one of that kind; the fuzzer then need not guess a magic.
  init(_ input: inout FuzzInput, magic: String, isPlain: Bool) {
    var header = keel_file_header()
    if isPlain {
      withUnsafeMutableBytes(of: &header.magic) { $0.copyBytes(from: magic.utf8) }
      header.header_bytes = UInt32(KEEL_FILE_HEADER_BYTES)
      header.schema = UInt32(KEEL_FILE_SCHEMA)
    } else {
      input.fill(&header)
    }
    bytes = withUnsafeBytes(of: header) { Array($0) }
    bytes += Array(repeating: 0, count: KEEL_FILE_HEADER_BYTES - bytes.count)
    bytes += input.bytes(input.rest.count)
  }

  mutating func changeHeader(_ body: (inout keel_file_header) -> Void) {
    bytes.withUnsafeMutableBytes { all in
      var header = all.loadUnaligned(as: keel_file_header.self)
      body(&header)
      all.storeBytes(of: header, as: keel_file_header.self)
    }
  }

  mutating func sealHeader() {
    let covered = MemoryLayout<keel_file_header>.offset(of: \.crc32c)!
    changeHeader { header in
      header.crc32c = withUnsafeBytes(of: header) { checksum_crc32c(0, $0.baseAddress, covered) }
    }
  }

  /// Of a part that lies inside.
  func checksum(_ range: Range<Int>) -> UInt32 {
    bytes.withUnsafeBytes { checksum_crc32c(0, $0.baseAddress! + range.lowerBound, range.count) }
  }

  func load<C: BitwiseCopyable>(_ type: C.Type, at offset: Int) -> C {
    bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: C.self) }
  }
  mutating func store<C: BitwiseCopyable>(_ value: C, at offset: Int) {
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: offset, as: C.self) }
  }
}
