import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import MarketFiles

@Suite struct RecordSorterTests {
  private let folder = TemporaryDirectory()

  /// In memory, and in runs on the disk: the same order, that of time and then of coming.
  @Test(arguments: [1 << 20, 20_000, 2_000]) func sortsWithinItsMemory(_ bytesMax: Int) throws {
    var random = SeededGenerator(seed: 5)
    let sorter = RecordSorter(directory: folder.path, bytesMax: bytesMax)
    var all: [(time: Int64, number: UInt64)] = []
    for batch in 0..<40 {
      var bytes = RecordBytes()
      for index in 0..<20 {
        var trade = keel_ev_trade()
        trade.h = keel_event(KEEL_EV_TRADE, of: keel_ev_trade.self)
        trade.h.ts_recv = Int64.random(in: 0..<50, using: &random)
        trade.trade_id = UInt64(batch * 20 + index)
        all.append((trade.h.ts_recv, trade.trade_id))
        bytes.append(trade)
      }
      try bytes.words.withUnsafeBytes { try sorter.add($0) }
    }
    var found: [UInt64] = []
    try sorter.drain { bytes in
      for record in RecordReader(bytes) {
        found.append(record.cast(to: keel_ev_trade.self)?.pointee.trade_id ?? .max)
      }
      return true
    }
    let expected = all.sorted { ($0.time, $0.number) < ($1.time, $1.number) }.map(\.number)
    #expect(found == expected)
    #expect(try ToolRun.require(["ls", folder.path]).isEmpty)
  }
}
