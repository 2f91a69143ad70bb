import JSON
import PluginABI

/// Rows that are JSON objects, one a line, as `keel data export` writes them: each names its type
/// and its values, by the same names as the columns of a table.
extension RowReader {
  private static let shapes: [String: RowShape] = [
    "quote": .quotes, "trade": .trades, "bar": .bars, "book": .levels, "funding": .funding,
    "mark": .marks,
  ]

  func readObject(_ row: UnsafeBufferPointer<UInt8>) throws(MarketFileError) {
    let object: JSONValue
    do throws(JSONError) { object = try JSONValue.parse(Array(row)) } catch {
      throw MarketFileError(.row, file, line: line, error.message, remedy: error.remedy)
    }
    guard let type = object["type"]?.string, let known = Self.shapes[type],
      let members = object.members
    else {
      throw MarketFileError(
        .row, file, line: line,
        "it is no object of a type that is market data: "
          + "\(object["type"]?.string ?? object.kindName)",
        remedy: "export only \(Self.shapes.keys.sorted().joined(separator: ", ")), "
          + "or leave such rows out with --on-error skip")
    }
    shape = known
    values.update(repeating: KEEL_NULL, count: ColumnRole.slotsMax)
    for member in members {
      guard let role = ColumnNames.ownRole(member.key) else { continue }
      let action = scale.action(role, unit: .nanoseconds, isUnitStated: true, isOwn: true)
      guard let text = member.value.string ?? member.value.numberText else { continue }
      var defect: Defect?
      Array(text.utf8).withUnsafeBufferPointer { field in
        defect = read(field, action)
        // What stands behind the name of an instrument is counted in its digits.
        if action.kind == .symbol, let symbol = symbols[text] {
          scale.priceDecimals = symbol.priceDecimals
          scale.quantityDecimals = symbol.quantityDecimals
        }
      }
      if let defect {
        throw MarketFileError(
          .row, file, line: line, column: member.key, defect.message, remedy: defect.remedy)
      }
    }
    guard values[ColumnRole.symbol.slot] != KEEL_NULL,
      values[ColumnRole.receiveTime.slot] != KEEL_NULL
    else {
      throw MarketFileError(
        .row, file, line: line, "it has no instrument or no nanoseconds",
        remedy: "export it again, or leave such rows out with --on-error skip")
    }
  }
}
