import Market
import PluginABI
import PluginBridge
import PluginHost
import TestSupport
import Testing

@Suite struct DataProviderTests {
  let bench = PluginBench()

  private func feeder(_ what: Int64) throws -> PluginInstance {
    let instance = try bench.created(
      CPluginCompiler.compile("Tests/Fixtures/GoodPlugins/feeder.c"))
    try instance.attach()
    try instance.subscribe(instrument: 1, types: 2, interval: what)
    try instance.activate()
    return instance
  }

  @Test func publishesWhatIsDue() throws {
    let instance = try feeder(0)
    for time: Int64 in [5, 9] {
      let polled = try instance.poll(until: time)
      #expect(RecordReader(polled.records).map(\.time.nanoseconds) == [time])
      #expect(polled.next == time + 1 && !polled.ended)
    }
    let ended = try feeder(99).poll(until: 1)
    #expect(ended.ended && ended.next == nil && ended.records.isEmpty)
    let error = #expect(throws: PluginHostError.self) {
      try instance.subscribe(instrument: 0, types: 2, interval: 0)
    }
    #expect(error?.message.contains("(KEEL_E_UNSUPPORTED)") == false)
    #expect(error?.message.hasSuffix("KEEL_E_UNSUPPORTED") == true)
  }

  @Test(arguments: [
    (1, "h.size is no multiple of 8 or too small"), (2, "h.size leads beyond the bytes given"),
    (3, "h.type is none a data provider publishes"), (4, "h.inst is unknown"),
    (5, "h.size is smaller than the record of this type"),
  ])
  func wrongRecordsAreRefusedAndNamed(_ what: Int64, _ defect: String) throws {
    let instance = try feeder(what)
    let error = #expect(throws: PluginHostError.self) { try instance.poll(until: 1) }
    #expect(error?.message == "test.feeder refuses poll: KEEL_E_ARG")
    #expect(instance.logLines == ["publish: record at byte 0: \(defect)"])
  }

  @Test func feedIsBounded() throws {
    let instance = try feeder(6)
    let fits = InstanceLimits.standard.feedBytes / 80
    for _ in 0..<2 { #expect(try instance.poll(until: 1).records.count == fits * 80) }
  }

  @Test func strategyIsNoProvider() throws {
    let instance = try bench.created(bench.bad("plain"))
    #expect(throws: PluginHostError.self) { try instance.attach() }
  }
}

/// The sample that replays a tape.
@Suite struct TapeReplayTests {
  let bench = PluginBench()

  private func replay(_ tape: [UInt8]) throws -> PluginInstance {
    let path = try bench.directory.write("market.tape", tape)
    let instance = try bench.created(
      CPluginCompiler.compile("Plugins/DataProviders/TapeReplay/tape_replay.c"))
    try instance.set([("path", .text(path))])
    try instance.attach()
    return instance
  }

  /// Tape ids are the reverse of the session's: SYM1 is 0, SYM0 is 1, SYM9 is 2.
  private var table: [keel_ev_instrument] {
    [1, 0, 9].enumerated().map { position, name in
      var row = PluginBench.instrument(name)
      row.h.inst = UInt32(position)
      return row
    }
  }

  private func tape(rows: [keel_ev_instrument]? = nil, _ quotes: [(UInt32, Int64)]) -> [UInt8] {
    var records: [UInt8] = []
    for row in rows ?? table { records += withUnsafeBytes(of: row) { Array($0) } }
    for (instrument, time) in quotes {
      records += PluginInstance.quote(time, time + 1, instrument: instrument, time: time)
    }
    var block = keel_tape_block()
    block.offset = 4096
    block.bytes = UInt32(records.count)
    let index = withUnsafeBytes(of: block) { Array($0) }
    var header = keel_file_header()
    withUnsafeMutableBytes(of: &header.magic) { $0.copyBytes(from: Array("KEELTAP0".utf8)) }
    header.header_bytes = 4096
    header.schema = UInt32(KEEL_FILE_SCHEMA)
    header.index_offset = UInt64(4096 + records.count)
    header.index_count = 1
    header.index_crc32c = crc32c(index)
    let head = withUnsafeBytes(of: header) { Array($0.prefix(68)) }
    header.crc32c = crc32c(head)
    var file = withUnsafeBytes(of: header) { Array($0) }
    file += [UInt8](repeating: 0, count: 4096 - file.count)
    return file + records + index
  }

  private func crc32c(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = ~0
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0x82f6_3b78 : 0) }
    }
    return ~crc
  }

  private func refusal(_ tape: [UInt8]) -> String {
    let error = #expect(throws: PluginHostError.self) { try replay(tape) }
    return error?.message ?? ""
  }

  @Test func replaysInTheSessionsIds() throws {
    let instance = try replay(tape([(0, 10), (1, 20), (2, 25), (0, 30)]))
    try instance.activate()
    let quotes: UInt64 = 1 << UInt64(KEEL_EV_QUOTE)
    try instance.subscribe(instrument: 0, types: quotes, interval: 0)
    try instance.subscribe(instrument: 1, types: quotes, interval: 0)
    let first = try instance.poll(until: 20)
    #expect(RecordReader(first.records).map(\.instrument.rawValue) == [1, 0])
    #expect(first.next == 25 && !first.ended)
    let rest = try instance.poll(until: 1000)
    #expect(RecordReader(rest.records).map(\.time.nanoseconds) == [30])
    #expect(rest.ended && rest.next == nil)
  }

  @Test func takesUpWhereTheFeedWasFull() throws {
    let count = 100_000
    let instance = try replay(tape((1...count).map { (0, Int64($0)) }))
    try instance.activate()
    try instance.subscribe(instrument: 1, types: 1 << UInt64(KEEL_EV_QUOTE), interval: 0)
    var times: [Int64] = []
    var polls = 0
    while true {
      let polled = try instance.poll(until: .max)
      for record in RecordReader(polled.records) { times.append(record.time.nanoseconds) }
      polls += 1
      if polled.ended { break }
      #expect(polled.next == Int64(times.count + 1))
    }
    #expect(times == (1...count).map(Int64.init))
    #expect(polls == 2)
  }

  @Test func refusesWhatItCannotReplay() throws {
    #expect(refusal(Array("KEELTAP0".utf8)).contains("is no tape"))
    let good = tape([(0, 10)])
    var bytes = good
    bytes[0] = 0
    #expect(refusal(bytes).contains("it begins otherwise"))
    bytes = good
    bytes[20] ^= 1
    #expect(refusal(bytes).contains("its header is damaged"))
    bytes = good
    bytes[bytes.count - 1] ^= 1
    #expect(refusal(bytes).contains("its index is damaged"))
    #expect(refusal(good.dropLast(8)).contains("its index lies beyond its end"))
    var other = table
    other[0].px_exp = -4
    #expect(
      refusal(tape(rows: other, [(0, 10)])).contains(
        "SYM1 at SIM has tick 0.0001 and lot 0.001 on the tape, tick 0.01 and lot 0.001 in"))
    var unknown = PluginBench.instrument(9)
    unknown.h.inst = 0
    #expect(refusal(tape(rows: [unknown], [(0, 10)])).contains("none of its 1 instruments"))
  }

  private func refusal(_ slice: ArraySlice<UInt8>) -> String { refusal(Array(slice)) }
}
