import Foundation
import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

/// Every bit of a small journal, flipped: what is read are the right records, and whatever is
/// missing or changed is said by the reader or by the chain.
@Suite struct JournalBitTests {
  /// Three trades in one segment, two in the next, both closed and sealed.
  @Test(
    arguments: [
      "journal-000000.keel", "journal-000001.keel", "journal-000000.seal", "journal-000001.seal",
    ], 0..<8)
  func noFlippedBitIsBelieved(_ name: String, _ bit: Int) throws {
    let scratch = Medium.memory.directory()
    let path = scratch.file("journal")
    try makeJournal(path, count: 3)
    try resumeJournal(path, adding: 4...5)
    let head = try JournalChain.verify(directory: path).head
    let file = "\(path)/\(name)"
    let whole = try TemporaryDirectory.bytes(of: file)
    let flipper = try BitFlipper(file)
    for index in whole.indices {
      try flipper.with(index, whole[index] ^ (1 << UInt8(bit)), whole[index]) {
        try check(path, name, index, head)
      }
    }
    #expect(readJournal(path).sequences == [1, 2, 3, 4, 5])
  }

  private func check(_ path: String, _ name: String, _ index: Int, _ head: ChainHash) throws {
    let what = "\(name), byte \(index)"
    let (records, end) = contents(path)
    #expect(records == Array(Self.expected.prefix(records.count)), "\(what)")
    var isNamed = false
    switch end {
    case .failure(let error): isNamed = error.subject.hasSuffix(name) && !error.remedy.isEmpty
    case .success(.torn(let position, _)):
      isNamed = position.segment == (name.contains("0.keel") ? 0 : 1)
    case .success(.clean): #expect(records.count == 5, "\(what)")
    }
    do throws(StorageError) {
      let report = try JournalChain.verify(directory: path)
      if let mismatch = report.mismatch {
        let isSeal = name.hasSuffix(".seal")
        isNamed = isNamed || isSeal || mismatch.bytes.contains(index)
        #expect(!isSeal || mismatch.description.contains("journal-00000"), "\(what)")
      } else {
        #expect(report.head != head, "\(what)")
      }
    } catch { isNamed = isNamed || error.subject.hasSuffix(name) }
    #expect(isNamed, "\(what)")
  }

  private static let expected = (1...5).map { number in
    withUnsafeBytes(of: sampleTrade(number)) { Array($0) }
  }

  private func contents(
    _ path: String
  ) -> ([[UInt8]], Result<JournalReader.Tail, StorageError>) {
    var records: [[UInt8]] = []
    do throws(StorageError) {
      var reader = try JournalReader(directory: path)
      while let record = try reader.next() { records.append(Array(record.bytes)) }
      return (records, .success(try reader.tail))
    } catch { return (records, .failure(error)) }
  }
}
