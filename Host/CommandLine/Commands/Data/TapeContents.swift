import Market
import MarketHistory
import PluginABI
import PluginBridge
import Storage

/// A tape, and what its records are of.
struct TapeContents {
  let tape: Tape
  /// By instrument; nil where a definition contradicts itself.
  let numbers: [Instrument?]
  let symbols: [String]

  init(path: String) throws(CommandError) {
    do throws(StorageError) { tape = try Tape(path: path) } catch { throw CommandError(error) }
    numbers = tape.instruments.map { InstrumentDefinition.numbers(of: $0) }
    symbols = tape.instruments.map { FixedText.read($0.symbol) }
  }

  var records: RecordReader { RecordReader(tape.records) }

  /// The best source of bars that these instruments have on the tape: trades, else quotes, else
  /// bars.
  func source(of wanted: (Int) -> Bool) -> BarSource? {
    var found: Set<BarSource> = []
    for record in records {
      guard let source = BarSource(record), wanted(record.instrument.index) else { continue }
      if source == .trades { return .trades }
      found.insert(source)
    }
    return BarSource.allCases.first { found.contains($0) }
  }
}
