package import Market
package import PluginABI
import PluginBridge
import Wording

/// Tables as CSV (RFC 4180, lines end with CR LF), given to a sink line by line: nothing is kept,
/// whatever the length. Money, prices and quantities are exact decimals.
package struct CSVReport {
  package static let equityHeader = "time,equity,cash,gross,net,drawdown,benchmark"
  package static let tradesHeader =
    "strategy,instrument,side,entry_time,exit_time,entry_price,exit_price,quantity,gross,fees,"
    + "funding,net,return,held_seconds,adverse,favourable,slippage,fills"
  package static let ordersHeader =
    "submitted,time,strategy,instrument,order,intent,state,side,type,quantity,filled,limit,trigger,"
    + "reason"
  package static let fillsHeader =
    "time,strategy,instrument,order,side,price,quantity,liquidity,fee,execution"

  private let names: ReportNames
  private let sink: (String) -> Void

  package init(_ names: ReportNames, _ sink: @escaping (String) -> Void) {
    self.names = names
    self.sink = sink
  }

  package func equity(_ curve: EquityCurve) {
    line([Self.equityHeader], isHeader: true)
    let drawdowns = Drawdowns(curve.equity).curve
    for (point, drawdown) in zip(curve.points, drawdowns) {
      line([
        UTCTime.text(point.time), number(point.equity), number(point.cash), number(point.gross),
        number(point.net), number(drawdown), point.benchmark.map(number) ?? "",
      ])
    }
  }

  package func trades(_ trades: [ClosedTrade]) {
    line([Self.tradesHeader], isHeader: true)
    for trade in trades {
      line([
        names.slot(trade.slot), names.symbol(trade.instrument),
        trade.side == .buy ? "long" : "short", UTCTime.text(trade.entryTime),
        UTCTime.text(trade.exitTime), price(trade.entryPrice, trade.instrument),
        price(trade.exitPrice, trade.instrument),
        quantity(trade.quantity.mantissa, trade.instrument), trade.gross.text, trade.fees.text,
        trade.funding.text, trade.net.text, trade.returned.map(number) ?? "",
        number(Double(trade.held.count) / 1e9), trade.adverse.text, trade.favourable.text,
        trade.slippage.text, String(trade.fills),
      ])
    }
  }

  /// The rows of orders and fills follow their headers as the records come.
  package func beginOrders() { line([Self.ordersHeader], isHeader: true) }
  package func beginFills() { line([Self.fillsHeader], isHeader: true) }

  /// An order, when it was sent, and when it came to this state; `reason` is a word or nothing.
  package func order(
    _ raw: UnsafePointer<keel_ev_order>, sent: Timestamp?, reason: String
  ) {
    let order = raw.pointee
    let id = InstrumentID(rawValue: order.h.inst)
    line([
      sent.map { UTCTime.text($0) } ?? "", time(order.h.ts_recv),
      names.slot(Int(order.h.source)), names.symbol(id), String(order.order_id),
      String(order.intent_id),
      OrderState(rawValue: order.state).map { "\($0)" } ?? String(order.state),
      side(order.side), OrderType(rawValue: order.order_type).map { "\($0)" } ?? "",
      quantity(order.qty, id), quantity(order.filled, id),
      price(Price?(abi: order.limit), id), price(Price?(abi: order.trigger), id),
      reason,
    ])
  }

  package func fill(_ raw: UnsafePointer<keel_ev_fill>) {
    let fill = raw.pointee
    let id = InstrumentID(rawValue: fill.h.inst)
    let liquidity = Liquidity(rawValue: fill.liquidity) ?? .unknown
    line([
      time(fill.h.ts_recv), names.slot(Int(fill.h.source)), names.symbol(id),
      String(fill.order_id), side(fill.side), price(Price(mantissa: fill.px), id),
      quantity(fill.qty, id), liquidity == .unknown ? "" : "\(liquidity)",
      DecimalText.format(fill.fee, exponent: Int(fill.fee_exp), trimming: true),
      text(fill.exec_id),
    ])
  }

  private func line(_ fields: [String], isHeader: Bool = false) {
    sink((isHeader ? fields[0] : fields.map(Self.quoted).joined(separator: ",")) + "\r\n")
  }

  /// A field that a spreadsheet would take for a formula is marked as text: names come from
  /// outside.
  static func quoted(_ field: String) -> String {
    var field = field
    if let first = field.first, "=+@\t\r".contains(first) || isFormula(field) {
      field = "'" + field
    }
    guard field.utf8.contains(where: { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }) else {
      return field
    }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }

  /// A minus that begins no number.
  private static func isFormula(_ field: String) -> Bool {
    field.first == "-" && Double(field) == nil
  }

  private func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "" }

  private func time(_ nanoseconds: Int64) -> String {
    nanoseconds == KEEL_NULL ? "" : UTCTime.text(Timestamp(nanoseconds: nanoseconds))
  }

  private func side(_ raw: UInt8) -> String { Side(rawValue: raw).map { "\($0)" } ?? "" }

  private func price(_ price: Price?, _ id: InstrumentID) -> String {
    guard let price else { return "" }
    return names.instrument(id)?.text(price) ?? String(price.mantissa)
  }

  private func quantity(_ mantissa: Int64, _ id: InstrumentID) -> String {
    names.instrument(id).map {
      DecimalText.format(mantissa, exponent: $0.quantityExponent, trimming: true)
    } ?? String(mantissa)
  }

  /// Up to the first NUL.
  private func text<T: BitwiseCopyable>(_ bytes: T) -> String {
    withUnsafeBytes(of: bytes) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
