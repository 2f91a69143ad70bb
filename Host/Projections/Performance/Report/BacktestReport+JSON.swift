package import JSON
import Market
import Wording

extension BacktestReport {
  /// The same value as JSON. `pointsMax` bounds the equity curve, and `tradesMax` the list of
  /// trades, both evenly; nil keeps all. Absent values are null.
  package func json(pointsMax: Int? = 2_000, tradesMax: Int? = 2_000) -> JSONValue {
    var value: JSONValue = .object([
      ("title", .string(title)), ("subtitle", .string(subtitle)),
      ("currency", .string(currency)), ("facts", Self.json(facts)),
      ("summary", summary.json),
      (
        "warnings",
        .array(
          findings.map {
            .object([("weight", .string($0.weight.rawValue)), ("text", .string($0.text))])
          })
      ),
      ("strategies", .array(strategies.map(\.json))),
      ("instruments", .array(instruments.map(\.json))),
      ("costs", Self.json(costs)), ("settings", Self.json(settings)),
      ("equity", equityJSON(pointsMax)), ("trades", tradesJSON(tradesMax)),
      ("tradesNotKept", .integer(tradesNotKept)),
      (
        "monteCarlo",
        .array(
          simulations.map { .object([("name", .string($0.name)), ("result", $0.result.json)]) })
      ),
      ("selection", selection?.json ?? .null), ("sweep", sweep?.json ?? .null),
    ])
    value.set("walkForward", .array(walkForward.map(\.json)))
    return value
  }

  private static func json(_ facts: [Fact]) -> JSONValue {
    .array(facts.map { .object([("name", .string($0.name)), ("value", .string($0.value))]) })
  }

  private static func step(_ count: Int, _ most: Int?) -> Int {
    guard let most, most > 0, count > most else { return 1 }
    return (count + most - 1) / most
  }

  private func equityJSON(_ most: Int?) -> JSONValue {
    let points = curve.points
    let step = Self.step(points.count, most)
    // The last point is always among them: it is where the run ended.
    let indices = points.indices.filter { $0 % step == 0 || $0 == points.count - 1 }
    return .array(
      indices.map { index in
        let point = points[index]
        return .object([
          ("time", .string(UTCTime.text(point.time))), ("equity", .double(point.equity)),
          ("cash", .double(point.cash)), ("gross", .double(point.gross)),
          ("net", .double(point.net)), ("benchmark", .number(point.benchmark)),
        ])
      })
  }

  private func tradesJSON(_ most: Int?) -> JSONValue {
    let step = Self.step(trades.count, most)
    return .array(
      stride(from: 0, to: trades.count, by: step).map { index in
        let trade = trades[index]
        let instrument = names.instrument(trade.instrument)
        return .object([
          ("strategy", .string(names.slot(trade.slot))),
          ("instrument", .string(names.symbol(trade.instrument))),
          ("side", .string(trade.side == .buy ? "long" : "short")),
          ("entryTime", .string(UTCTime.text(trade.entryTime))),
          ("exitTime", .string(UTCTime.text(trade.exitTime))),
          ("entryPrice", .text(trade.entryPrice.flatMap { instrument?.text($0) })),
          ("exitPrice", .text(trade.exitPrice.flatMap { instrument?.text($0) })),
          ("quantity", .text(instrument?.text(trade.quantity))),
          ("gross", .string(trade.gross.text)), ("fees", .string(trade.fees.text)),
          ("funding", .string(trade.funding.text)), ("net", .string(trade.net.text)),
          ("return", .number(trade.returned)), ("profit", .number(trade.profit)),
          ("adverse", .number(trade.adverseShare)),
          ("favourable", .number(trade.favourableShare)), ("fills", .integer(trade.fills)),
          ("bars", trade.bars.map { .integer($0) } ?? .null),
        ])
      })
  }
}

extension JSONValue {
  static func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
  static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}
