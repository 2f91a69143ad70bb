import Checksum
import PluginABI
import Storage
import TestSupport
import Testing

/// Changed journals: what is read of them is in order, however they were cut, changed or sealed
/// again with good checksums. A frame is 80 bytes: 8 and a trade of 72.
@Suite struct JournalFuzz {
  private let scratch = TemporaryDirectory()
  private var path: String { scratch.file("journal") }

  @Test func changedJournalsEndInAnAnswer() throws {
    try makeJournal(path, count: 120)
    let files = try (0..<3).map { number in
      let file = scratch.file("journal/journal-00000\(number).keel")
      return (file, try TemporaryDirectory.bytes(of: file))
    }
    try FuzzRound.run("JournalFuzz", usual: 40, share: 10) { round in
      let (file, whole) = round.pick(files)
      var bytes = whole
      let frame = 4096 + 80 * round.number(0..<(whole.count - 4096) / 80)
      let isSealed = round.chance(2)
      round.change(&bytes, in: isSealed ? [frame..<frame + 80] : [0..<72, 4096..<whole.count])
      if isSealed { Self.seal(&bytes, frame: frame) }
      if round.chance(4) { bytes.removeLast(round.number(0..<bytes.count)) }
      if round.chance(20) {
        try TemporaryDirectory.remove(file)
      } else {
        try TemporaryDirectory.write(file, bytes)
      }
      let (sequences, end) = readJournal(path)
      let numbered = sequences.filter { $0 != 0 }
      #expect(numbered == numbered.sorted(), "\(round)")
      // Without its first segment it begins with the second.
      if !isSealed, let first = sequences.first {
        #expect(Array(first...120).starts(with: sequences), "\(round)")
      }
      switch end {
      case .failure(let error): #expect(!error.remedy.isEmpty, "\(round)")
      case .success(.torn(_, let count)): #expect(count > 0, "\(round)")
      case .success(.clean): break
      }
      try TemporaryDirectory.write(file, whole)
    }
    #expect(readJournal(path).sequences == Array(1...120))
  }

  /// Makes the checksums good: of the header, and of a frame with the length it now has.
  private static func seal(_ bytes: inout [UInt8], frame: Int) {
    bytes.withUnsafeMutableBytes { all in
      var header = all.loadUnaligned(as: keel_file_header.self)
      let covered = MemoryLayout<keel_file_header>.offset(of: \.crc32c)!
      header.crc32c = withUnsafeBytes(of: header) { checksum_crc32c(0, $0.baseAddress, covered) }
      all.storeBytes(of: header, as: keel_file_header.self)
      let length = Int(all.loadUnaligned(fromByteOffset: frame, as: UInt32.self))
      guard length <= all.count - frame - 8 else { return }
      let sum = checksum_crc32c(0, all.baseAddress! + frame + 8, length)
      all.storeBytes(of: sum, toByteOffset: frame + 4, as: UInt32.self)
    }
  }
}
