import Market
import PluginABI
import PluginBridge
import PluginHost
import TestSupport
import Testing

/// The sample that replays a file of comma-separated values.
@Suite struct CSVReplayTests {
  let bench = PluginBench()
  private let bars =
    "timestamp_ms,open,high,low,close,volume\n"
    + "1700000040000,1,2,0.5,1.5,10\n1700000100000,1.5,1.5,1.5,1.5,0\n"

  private func replay(_ text: String, kind: String = "bars") throws -> PluginInstance {
    let path = try bench.directory.write("market.csv", Array(text.utf8))
    let instance = try bench.created(
      CPluginCompiler.compile("Plugins/DataProviders/CSVReplay/csv_replay.c"))
    let interval: ParameterValue = .integer(kind == "bars" ? 60 : 0)
    try instance.set([("path", .text(path)), ("kind", .text(kind)), ("interval", interval)])
    try instance.attach()
    try instance.activate()
    let types: [String: Int] = [
      "bars": KEEL_EV_BAR, "trades": KEEL_EV_TRADE, "quotes": KEEL_EV_QUOTE,
    ]
    try instance.subscribe(instrument: 1, types: 1 << UInt64(types[kind] ?? 0), interval: 0)
    return instance
  }

  @Test func barsAreGivenAtTheirClose() throws {
    let instance = try replay(bars)
    let early = try instance.poll(until: 1_700_000_099_999_999_999)
    #expect(early.records.isEmpty && early.next == 1_700_000_100_000_000_000)
    let first = try instance.poll(until: 1_700_000_100_000_000_000)
    let bar = try #require(RecordReader(first.records).map { $0 }.first.flatMap { Bar($0) })
    #expect(bar.open.mantissa == 100 && bar.volume.mantissa == 10_000)
    #expect(bar.interval.count == 60_000_000_000 && bar.instrument.rawValue == 1)
    let rest = try instance.poll(until: .max)
    #expect(RecordReader(rest.records).map(\.time.nanoseconds) == [1_700_000_160_000_000_000])
    #expect(rest.ended)
  }

  @Test func tradesAndQuotesAndALongFile() throws {
    let rows = (0..<5_000).map { "170000\($0 + 1_000_000),1.25,\($0 + 1),buy\r\n" }.joined()
    let instance = try replay("ts,price,qty,side\n" + rows, kind: "trades")
    var count = 0
    while true {
      let polled = try instance.poll(until: .max)
      for record in RecordReader(polled.records) {
        count += 1
        #expect(record.cast(to: keel_ev_trade.self)?.pointee.qty == Int64(count) * 1_000)
      }
      if polled.ended { break }
    }
    #expect(count == 5_000)
    let quotes = try replay("ts_ns,bid,ask\n1700000000000000000,1.5,1.75\n", kind: "quotes")
    #expect(RecordReader(try quotes.poll(until: .max).records).map(\.type) == [KEEL_EV_QUOTE])
  }

  @Test(arguments: [
    ("1700000160000,1,1,1,x,1\n", "line 4: column 5: 'x' is no number"),
    ("1700000160000,1,1,1,1.001,1\n", "line 4: column 5: '1.001' is no number of at most 2"),
    ("1700000160000,1,1,1,1\n", "line 4: 5 fields, expected 6"),
    ("1700000160000,0,1,1,1,1\n", "line 4: column 2: '0' is not above zero"),
    ("1700000160000,1,1,2,1,1\n", "line 4: its high and low do not enclose"),
    ("1700000160000000,1,1,1,1,1\n", "line 4: its time 1700000160000000 counts another unit"),
    ("1700000000000,1,1,1,1,1\n", "line 4: its time is before that of the row before"),
  ]) func aWrongRowIsNamedAndEndsTheFeed(_ row: String, _ said: String) throws {
    let instance = try replay(bars + row)
    #expect(throws: PluginHostError.self) { try instance.poll(until: .max) }
    #expect(instance.logLines.contains { $0.contains(said) }, "\(instance.logLines)")
  }

  @Test func whatItCannotReadIsRefused() throws {
    func refusal(_ text: String) -> String {
      (#expect(throws: PluginHostError.self) { try replay(text) })?.message ?? ""
    }
    #expect(refusal("").contains("has no rows"))
    #expect(refusal("time,open\n").contains("names no column high"))
    let instance = try bench.created(
      CPluginCompiler.compile("Plugins/DataProviders/CSVReplay/csv_replay.c"))
    try instance.set([("path", .text("/nowhere/file.csv")), ("interval", .integer(60))])
    let error = #expect(throws: PluginHostError.self) { try instance.activate() }
    #expect(error?.message.contains("check the path") == true)
  }

  @Test func barsOfALengthThatNobodySaidAreRefused() throws {
    let path = try bench.directory.write("market.csv", Array(bars.utf8))
    let instance = try bench.created(
      CPluginCompiler.compile("Plugins/DataProviders/CSVReplay/csv_replay.c"))
    try instance.set([("path", .text(path))])
    let error = #expect(throws: PluginHostError.self) { try instance.activate() }
    #expect(error?.message.contains("set the parameter interval: how many seconds") == true)
  }
}
