import Foundation
import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

@testable import MarketFiles

/// Texts of files to records, through a tape as the command writes it.
final class ImportBench {
  let folder = TemporaryDirectory()
  private var tapes = 0
  /// Records lie in their tape, which therefore stays.
  private var kept: [Tape] = []

  static func instrument(
    _ symbol: String = "BTCUSDT", price: Int8 = -2, quantity: Int8 = -3, id: UInt32 = 0,
    kind: Int = KEEL_KIND_SPOT
  ) -> keel_ev_instrument {
    var row = keel_ev_instrument()
    row.h = keel_event(KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self)
    row.h.inst = id
    (row.px_exp, row.qty_exp, row.tick, row.lot) = (price, quantity, 1, 1)
    row.kind = UInt8(kind)
    FixedText.write(symbol, to: &row.symbol)
    return row
  }

  struct Outcome {
    let report: TapeImport.Report
    let tape: Tape
    var records: [Record] { Array(RecordReader(tape.records)) }
    func all<C: BitwiseCopyable>(_ type: C.Type) -> [C] {
      records.compactMap { $0.cast(to: C.self)?.pointee }
    }
    var bars: [keel_ev_bar] { all(keel_ev_bar.self) }
    var trades: [keel_ev_trade] { all(keel_ev_trade.self) }
    var quotes: [keel_ev_quote] { all(keel_ev_quote.self) }
    var levels: [keel_ev_book] { all(keel_ev_book.self) }
  }

  func read(
    _ texts: [String], _ options: MarketFileOptions = MarketFileOptions(),
    table: [keel_ev_instrument] = [ImportBench.instrument()], sortBytes: Int = 1 << 20
  ) throws -> Outcome {
    let paths = try texts.enumerated().map { index, text in
      try folder.write("\(tapes)-\(index).csv", Array(text.utf8))
    }
    return try read(paths: paths, options, table: table, sortBytes: sortBytes)
  }

  func read(
    paths: [String], _ options: MarketFileOptions = MarketFileOptions(),
    table: [keel_ev_instrument] = [ImportBench.instrument()], sortBytes: Int = 1 << 20
  ) throws -> Outcome {
    tapes += 1
    let tape = folder.file("\(tapes).tape")
    let inputs = try paths.map {
      TapeImport.Input(file: try MarketFile(path: $0, options), instrument: 0)
    }
    var work = try TapeImport(inputs, table: table, to: tape)
    let report: TapeImport.Report
    do throws(TapeImport.Failure) {
      report = try work.run(
        isSorting: options.allowsAnyOrder, sortBytes: sortBytes, goOn: { _ in true })
    } catch {
      if case .file(let error) = error { throw error }
      throw error
    }
    let made = try Tape(path: tape)
    try made.verify()
    kept.append(made)
    return Outcome(report: report, tape: made)
  }

  /// The records of a file alone, without a tape on the disk.
  func records(
    _ bytes: [UInt8], _ name: String = "changed.csv",
    _ options: MarketFileOptions = MarketFileOptions(),
    table: [keel_ev_instrument] = [ImportBench.instrument()]
  ) throws -> RecordBytes {
    let file = try MarketFile(path: try folder.write(name, bytes), options)
    let reader = try MarketFileReader(file, table: table, instrument: 0)
    var all = RecordBytes()
    while let batch = try reader.next() { all.append(batch) }
    return all
  }

  static func trades(_ records: RecordBytes) -> [keel_ev_trade] {
    records.withRecords { $0.compactMap { $0.cast(to: keel_ev_trade.self)?.pointee } }
  }

  /// What a text is refused with; empty when it is not.
  func refusal(
    _ text: String, _ options: MarketFileOptions = MarketFileOptions(),
    table: [keel_ev_instrument] = [ImportBench.instrument()]
  ) throws -> String {
    do { _ = try read([text], options, table: table) } catch let error as MarketFileError {
      #expect(!error.remedy.isEmpty)
      let place = error.place.split(separator: "/").last.map(String.init) ?? ""
      return "\(place.drop { $0 != "," }): \(error.message)"
    }
    return ""
  }
}
