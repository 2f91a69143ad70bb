package import PluginABI
package import PluginBridge

/// Records in an array of their own: for tests that keep, compare or replay them.
package struct RecordBytes: Equatable {
  package private(set) var words: [UInt64] = []

  package init() {}
  package init(_ bytes: UnsafeRawBufferPointer) { append(bytes) }

  package var isEmpty: Bool { words.isEmpty }

  package mutating func append<C: BitwiseCopyable>(_ record: C) {
    withUnsafeBytes(of: record) { append($0) }
  }
  package mutating func append(contentsOf other: RecordBytes) { words += other.words }
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count % 8 == 0, "records are eight-aligned")
    let start = words.count
    words.append(contentsOf: repeatElement(0, count: bytes.count / 8))
    words.withUnsafeMutableBytes { all in
      UnsafeMutableRawBufferPointer(rebasing: all[(start * 8)...]).copyMemory(from: bytes)
    }
  }

  /// Changes the header of each record.
  package mutating func forEachHeader(_ body: (inout keel_event) -> Void) {
    words.withUnsafeMutableBytes { all in
      var offset = 0
      while offset < all.count {
        let header = (all.baseAddress! + offset).assumingMemoryBound(to: keel_event.self)
        body(&header.pointee)
        offset += Int(header.pointee.size)
      }
    }
  }

  package func withRecords<R>(_ body: (RecordReader) -> R) -> R {
    words.withUnsafeBytes { body(RecordReader($0)) }
  }
  package func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
    words.withUnsafeBytes(body)
  }
}
