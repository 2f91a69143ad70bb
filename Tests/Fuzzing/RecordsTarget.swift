import History
import JSON
import Market
import PluginABI
import PluginBridge

/// Any bytes as records, through every view and through the words and tables made of them.
enum RecordsTarget {
  static func run(_ bytes: UnsafeRawBufferPointer) {
    // Records lie eight-aligned wherever they are read from.
    var words = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
    words.withUnsafeMutableBytes { $0.copyMemory(from: bytes) }
    var text = RecordText()
    words.withUnsafeBytes { all in
      for record in RecordReader(all) {
        text.learn(record)
        check(record)
        let line = text.line(record)
        let json = text.json(record).text()
        precondition(!line.isEmpty && json.hasPrefix("{"), "every record has words")
        let table = RecordTable(type: record.type)
        precondition(
          fields(table.header) == fields(table.row(record, text.names)),
          "a row has the fields of its header")
      }
    }
  }

  /// Commas outside of quotes.
  private static func fields(_ line: String) -> Int {
    var count = 1
    var isQuoted = false
    for byte in line.utf8 {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: ","), !isQuoted { count += 1 }
    }
    return count
  }

  private static func check(_ record: Record) {
    if let quote = Quote(record) {
      _ = (quote.bid, quote.ask, quote.bidQuantity, quote.askQuantity)
    }
    if let trade = Trade(record) { _ = (trade.price, trade.quantity, trade.aggressor) }
    if let bar = Bar(record) { _ = (bar.close, bar.volume, bar.interval) }
    if let order = OrderUpdate(record) { _ = (order.state, order.quantity, order.filled) }
    if let fill = Fill(record) { _ = (fill.quantity, fill.side, fill.liquidity) }
    if let intent = IntentView(record) { _ = (intent.kind, intent.type, intent.timeInForce) }
    guard let definition = InstrumentDefinition(record), let numbers = definition.instrument else {
      return
    }
    let raw = definition.raw.pointee
    let quantity = Quantity(mantissa: max(0, raw.expiry))
    _ = numbers.notional(Price(mantissa: raw.strike), quantity)
    _ = numbers.roundedDown(quantity)
    _ = numbers.isOnTick(Price(mantissa: raw.strike))
  }
}
