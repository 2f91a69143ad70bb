import Glibc
import Market
import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

@Suite struct TapeTests {
  let scratch = TemporaryDirectory()
  var path: String { scratch.file("market.tape") }

  private func instrument(_ symbol: String, id: UInt32) -> keel_ev_instrument {
    var definition = keel_ev_instrument()
    definition.h.inst = id
    definition.tick = 1
    definition.lot = 1
    FixedText.write(symbol, to: &definition.symbol)
    return definition
  }

  /// Trades at times 10, 20, 30 ...; 3000 of them take four blocks.
  private func record(_ count: Int, finish: Bool = true) throws {
    let writer = try TapeWriter(
      path: path, instruments: [instrument("BTCUSDT", id: 0), instrument("ETHUSDT", id: 1)],
      created: 9)
    for number in 0..<count {
      try withUnsafeBytes(of: sampleTrade(number + 1, time: Int64(number + 1) * 10)) {
        try writer.append($0)
      }
    }
    if finish { try writer.finish() }
  }

  @Test(arguments: [0, 1, 904, 905, 3000]) func readsBack(_ count: Int) throws {
    try record(count)
    let tape = try Tape(path: path)
    try tape.verify()
    #expect(tape.instruments.map { FixedText.read($0.symbol) } == ["BTCUSDT", "ETHUSDT"])
    #expect(tape.created == 9)
    #expect(tape.recordCount == count)
    #expect(tape.firstTime == (count > 0 ? 10 : nil))
    #expect(tape.lastTime == (count > 0 ? Int64(count) * 10 : nil))
    #expect(RecordReader(tape.records).map(\.sequence) == (0..<count).map { UInt64($0 + 1) })
  }

  @Test func findsAPlaceByTime() throws {
    try record(3000)
    let tape = try Tape(path: path)
    for time: Int64 in [-5, 0, 10, 11, 9_060, 9_070, 9_071, 18_000, 30_000, 30_001] {
      let expected = RecordReader(tape.records).prefix { $0.time.nanoseconds < time }
        .reduce(0) { $0 + $1.size }
      #expect(tape.offset(atOrAfter: time) == expected, "at \(time)")
    }
  }

  @Test func givesPartsByTime() throws {
    try record(3000)
    let tape = try Tape(path: path)
    func times(_ from: Int64?, _ to: Int64?) -> [Int64] {
      RecordReader(tape.records(from: from, to: to)).map(\.time.nanoseconds)
    }
    #expect(times(nil, nil).count == 3000)
    #expect(times(9_055, 9_081) == [9_060, 9_070, 9_080])
    #expect(times(nil, 31) == [10, 20, 30] && times(29_990, nil) == [29_990, 30_000])
    #expect(times(500, 400).isEmpty && times(40_000, nil).isEmpty && times(nil, 10).isEmpty)
    let blocks = (0..<tape.blockCount).flatMap { block in
      RecordReader(tape.records(ofBlock: block)).map(\.time.nanoseconds)
    }
    #expect(tape.blockCount == 4 && blocks == times(nil, nil))
  }

  /// What is forgotten takes no memory, and comes from the disk again when it is read again.
  @Test func forgetsWhatIsBehind() throws {
    try record(400_000)
    let tape = try Tape(path: path)
    tape.expectSequentialReading()
    func resident() throws -> Int {
      let text = try ToolRun.require(["cat", "/proc/\(getpid())/smaps"])
      let lines = text.split(separator: "\n")
      let place = try #require(lines.firstIndex { $0.hasSuffix("market.tape") })
      let line = lines[place...].first { $0.hasPrefix("Rss:") } ?? ""
      return Int(line.split(separator: " ").dropLast().last ?? "") ?? 0
    }
    func count() -> Int { RecordReader(tape.records).reduce(0) { sum, _ in sum + 1 } }
    #expect(count() == 400_000)
    let before = try resident()
    tape.forget(before: tape.records.count)
    let after = try resident()
    #expect(before > 30_000 && after < 1_000, "\(before) KiB, then \(after) KiB")
    tape.forget(before: -5)
    #expect(count() == 400_000)
  }

  @Test func aTapePlacedWholeIsThereWhenItIsFinished() throws {
    do {
      let writer = try TapeWriter(path: path, instruments: [], created: 0, isPlacedWhole: true)
      try withUnsafeBytes(of: sampleTrade(1, time: 50)) { try writer.append($0) }
      #expect(try !ToolRun.require(["ls", scratch.path]).contains("market.tape\n"))
    }
    #expect(try ToolRun.require(["ls", scratch.path]).isEmpty)
    let writer = try TapeWriter(path: path, instruments: [], created: 0, isPlacedWhole: true)
    try writer.finish()
    #expect(try Tape(path: path).recordCount == 0)
    let error = #expect(throws: StorageError.self) {
      try TapeWriter(path: path, instruments: [], created: 0, isPlacedWhole: true)
    }
    #expect(error?.code == .exists)
  }

  @Test func timeNeverGoesBack() throws {
    let writer = try TapeWriter(path: path, instruments: [], created: 0)
    try withUnsafeBytes(of: sampleTrade(1, time: 50)) { try writer.append($0) }
    try withUnsafeBytes(of: sampleTrade(2, time: 50)) { try writer.append($0) }
    let error = #expect(throws: StorageError.self) {
      try withUnsafeBytes(of: sampleTrade(3, time: 49)) { try writer.append($0) }
    }
    #expect(error?.code == .refusedRecord)
    #expect(
      error?.message
        == "record 2 is refused: its time 49 is before 50, that of the record before it")
    try writer.finish()
    #expect(try Tape(path: path).recordCount == 2)
  }

  @Test func saysWhatIsNoTape() throws {
    func code(_ bytes: [UInt8]?) throws -> (StorageError.Code, String)? {
      if let bytes { try TemporaryDirectory.write(path, bytes) }
      do throws(StorageError) { _ = try Tape(path: path) } catch {
        return (error.code, error.message)
      }
      return nil
    }
    #expect(try code(nil)?.0 == .missing)
    #expect(try code([])?.1 == "the file is empty")
    #expect(try code([1, 2, 3])?.1.contains("ends after 3 bytes") == true)
    #expect(
      try code([UInt8](repeating: 65, count: 9000))?.1 == "it is a file of another kind, not a tape"
    )
    try TemporaryDirectory.remove(path)
    try record(100, finish: false)
    #expect(try code(nil)?.0 == .unfinished)
    try TemporaryDirectory.remove(path)
    try record(3000)
    #expect(throws: StorageError.self) { try record(1) }
    let whole = try TemporaryDirectory.bytes(of: path)
    #expect(try code(whole) == nil)
    #expect(try code(Array(whole.dropLast(1)))?.1.contains("cut off") == true)
    #expect(try code(whole + [0])?.1.contains("bytes follow it") == true)
    var newer = whole
    newer[12] = UInt8(KEEL_FILE_SCHEMA) + 1
    #expect(try code(newer)?.0 == .wrongSchema)
    try makeJournal(scratch.file("j"), count: 3)
    #expect(
      try code(TemporaryDirectory.bytes(of: scratch.file("j/journal-000000.keel")))?.1
        == "it is a journal segment, not a tape")
    #expect(throws: StorageError.self) { try Tape(path: scratch.path) }
  }

  @Test func verifyNamesTheDamagedBlock() throws {
    try record(3000)
    let whole = try TemporaryDirectory.bytes(of: path)
    var bytes = whole
    bytes[4096 + 70_000] ^= 1
    try TemporaryDirectory.write(path, bytes)
    let tape = try Tape(path: path)
    let error = #expect(throws: StorageError.self) { try tape.verify() }
    #expect(error?.message.hasPrefix("block 1, at byte ") == true)
    var random = SeededGenerator(seed: 3)
    for _ in 0..<150 {
      var bytes = whole
      let index = Int.random(in: 0..<bytes.count, using: &random)
      bytes[index] ^= UInt8.random(in: 1...255, using: &random)
      try TemporaryDirectory.write(path, bytes)
      #expect(throws: StorageError.self, "byte \(index)") { try Tape(path: path).verify() }
      if Bool.random(using: &random) {
        let kept = Int.random(in: 0..<bytes.count, using: &random)
        try TemporaryDirectory.write(path, Array(whole.prefix(kept)))
        #expect(throws: StorageError.self, "\(kept) bytes kept") { try Tape(path: path) }
      }
    }
  }
}
