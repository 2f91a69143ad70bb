import Checksum
import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

/// Changed tapes: as they are, where every byte is under a checksum, and with the checksums made
/// good again, as an attacker would.
@Suite struct TapeFuzz {
  private let scratch = TemporaryDirectory()
  private var path: String { scratch.file("market.tape") }

  private func sample() throws -> [UInt8] {
    var bitcoin = keel_ev_instrument()
    bitcoin.tick = 1
    bitcoin.lot = 1
    FixedText.write("BTCUSDT", to: &bitcoin.symbol)
    let file = scratch.file("whole.tape")
    let writer = try TapeWriter(path: file, instruments: [bitcoin], created: 9)
    for number in 1...1_900 {
      try withUnsafeBytes(of: sampleTrade(number, time: Int64(number) * 10)) {
        try writer.append($0)
      }
    }
    try writer.finish()
    return try TemporaryDirectory.bytes(of: file)
  }

  @Test func changedTapesAreReadOrRefused() throws {
    let whole = try sample()
    let tape = try Tape(path: scratch.file("whole.tape"))
    let index = whole.count - 3 * MemoryLayout<keel_tape_block>.stride
    let places = [0..<72, 24..<72, index..<whole.count, 4096..<4600]
    var opened = 0
    try FuzzRound.run("TapeFuzz", usual: 60, share: 10) { round in
      var bytes = whole
      round.change(&bytes, in: places)
      if round.chance(12) { bytes.removeLast(round.number(0..<bytes.count)) }
      if round.chance(3) {
        try TemporaryDirectory.write(path, bytes)
        guard bytes != whole else { return }
        #expect(throws: StorageError.self, "\(round)") { try Tape(path: path).verify() }
      } else {
        Self.seal(&bytes)
        try TemporaryDirectory.write(path, bytes)
        if try use(path, round) { opened += 1 }
      }
    }
    #expect(tape.recordCount == 1_900)
    #expect(opened > 0)
  }

  /// Does with it all that a session does; true when it could be opened.
  private func use(_ path: String, _ round: FuzzRound) throws -> Bool {
    let tape: Tape
    do throws(StorageError) { tape = try Tape(path: path) } catch {
      #expect(!error.message.isEmpty && !error.remedy.isEmpty, "\(round)")
      return false
    }
    for time in [Int64.min, 0, 9_000, Int64.max] {
      #expect((0...tape.records.count).contains(tape.offset(atOrAfter: time)), "\(round)")
    }
    var isWhole = true
    do throws(StorageError) { try tape.verify() } catch { isWhole = false }
    let count = RecordReader(tape.records).reduce(0) { count, _ in count + 1 }
    if isWhole {
      #expect(count == tape.recordCount, "\(round)")
      if let first = tape.firstTime, let last = tape.lastTime {
        #expect(first <= last, "\(round)")
      }
    }
    return true
  }

  /// Makes the checksums good of whatever the header and the index now say.
  private static func seal(_ bytes: inout [UInt8]) {
    guard bytes.count >= KEEL_FILE_HEADER_BYTES else { return }
    bytes.withUnsafeMutableBytes { all in
      var header = all.loadUnaligned(as: keel_file_header.self)
      let stride = MemoryLayout<keel_tape_block>.stride
      if let start = Int(exactly: header.index_offset), start < all.count {
        let end = min(all.count, start + Int(header.index_count) * stride)
        for place in Swift.stride(from: start, through: end - stride, by: stride) {
          var block = all.loadUnaligned(fromByteOffset: place, as: keel_tape_block.self)
          guard let offset = Int(exactly: block.offset), offset < all.count,
            all.count - offset >= Int(block.bytes)
          else { continue }
          block.crc32c = checksum_crc32c(0, all.baseAddress! + offset, Int(block.bytes))
          all.storeBytes(of: block, toByteOffset: place, as: keel_tape_block.self)
        }
        header.index_crc32c = checksum_crc32c(0, all.baseAddress! + start, end - start)
      }
      let covered = MemoryLayout<keel_file_header>.offset(of: \.crc32c)!
      header.crc32c = withUnsafeBytes(of: header) { checksum_crc32c(0, $0.baseAddress, covered) }
      all.storeBytes(of: header, as: keel_file_header.self)
    }
  }
}
