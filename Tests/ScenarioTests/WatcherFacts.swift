import Market
import PluginABI
import PluginBridge
import Storage

/// The first words of the state of Tests/Fixtures/GoodPlugins/watcher.c.
struct WatcherFacts: Equatable {
  var batches: UInt64 = 0
  var records: UInt64 = 0
  var sum: UInt64 = 0
  var quotes: UInt64 = 0

  init() {}
  init(_ state: [UInt8]) {
    func word(_ index: Int) -> UInt64 {
      state.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self) }
    }
    batches = word(0)
    records = word(1)
    sum = word(2)
    quotes = word(3)
  }

  /// What it must have counted, by what the journal says was put into turns.
  init(journal path: String, instrument: UInt32) throws {
    var reader = try JournalReader(directory: path)
    while let record = try reader.next() {
      guard record.type <= KEEL_EV_BOOK, record.instrument.rawValue == instrument else { continue }
      records += 1
      sum = (sum ^ record.sequence) &* 0x100_0000_01B3
      if record.type == KEEL_EV_QUOTE { quotes += 1 }
    }
  }
}
