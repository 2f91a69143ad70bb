package import PluginABI
import PluginBridge

/// The records of one file in order, some at a time. What it hands out are whole messages.
package final class MarketFileReader {
  package let file: MarketFile
  package private(set) var rowsRead = 0
  package private(set) var rowsSkipped = 0
  /// Why, of the first rows that were left out.
  package private(set) var firstSkipped: [MarketFileError] = []
  package static let skippedShown = 5

  private let rows: RowReader
  private let maker: RecordMaker
  private var isEnded = false
  private static let batchBytes = 256 << 10

  /// `table` is the tape's; what the file holds is of `instrument`, unless it names its own.
  package init(
    _ file: MarketFile, table: [keel_ev_instrument], instrument: UInt32
  ) throws(MarketFileError) {
    self.file = file
    let definition = table[Int(instrument)]
    let kind = Int(definition.kind)
    let scale = ColumnScale(
      priceDecimals: -Int(definition.px_exp), quantityDecimals: -Int(definition.qty_exp),
      tick: definition.tick, lot: definition.lot,
      allowsAnyPrice: kind == KEEL_KIND_FUTURE || kind == KEEL_KIND_OPTION)
    var symbols: [String: RowReader.Symbol] = [:]
    for row in table where file.isOwn {
      symbols[FixedText.read(row.symbol)] = RowReader.Symbol(
        number: row.h.inst, priceDecimals: -Int(row.px_exp), quantityDecimals: -Int(row.qty_exp))
    }
    rows = try file.rows(file.actions(scale), symbols: symbols)
    maker = RecordMaker(
      shape: file.shape, values: rows.values, isOwn: file.isOwn, interval: file.interval,
      instrument: definition.h.inst, allowsAnyOrder: file.options.allowsAnyOrder)
  }

  /// How far into the file it is, of `file.bytes`.
  package var bytesTaken: Int { rows.window.source.bytesTaken }
  /// Ids that a venue writes as something else than a number, and that are left out.
  package var identifiersLost: Int { rows.identifiersLost }
  package var numbersRounded: Int { rows.numbersRounded }

  /// Valid until the next call; nil at the end.
  package func next() throws(MarketFileError) -> UnsafeRawBufferPointer? {
    maker.output.removeFirst(maker.complete)
    maker.message?.last -= maker.complete
    maker.complete = 0
    while maker.complete < Self.batchBytes, !isEnded {
      do throws(MarketFileError) {
        while maker.complete < Self.batchBytes {
          guard try rows.next() else {
            isEnded = true
            maker.finish()
            break
          }
          if let shape = rows.shape { maker.shape = shape }
          do throws(RowDefect) { try maker.make() } catch {
            throw MarketFileError(
              .row, file.path, line: rows.line, error.message, remedy: error.remedy)
          }
          rowsRead &+= 1
        }
      } catch {
        guard error.code == .row, file.options.skipsWrongRows else { throw error }
        rowsSkipped += 1
        maker.noteLoss()
        if firstSkipped.count < Self.skippedShown { firstSkipped.append(error) }
      }
    }
    guard maker.complete > 0 else { return nil }
    return UnsafeRawBufferPointer(start: maker.output.base, count: maker.complete)
  }
}
