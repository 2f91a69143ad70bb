package import JSON
import Market
import Performance
import Wording

extension WalkForwardFindings {
  package var json: JSONValue {
    .object([
      ("objective", .string(objective.name)), ("currency", .string(currency)),
      ("segments", .array(segments.map(json))), ("summary", summary.json),
      ("efficiency_of_return", .number(returnEfficiency)),
      ("efficiency_of_objective", .number(objectiveEfficiency)),
      (
        "drift",
        .array(
          drifts.map {
            .object([
              ("parameter", .string($0.name)), ("changes", .integer($0.changes)),
              ("steps", .integer($0.steps)), ("mean_share", .number($0.meanShare)),
            ])
          })
      ),
      (
        "equity",
        .array(
          curve.points.map {
            .object([("time", .string(UTCTime.text($0.time))), ("equity", .double($0.equity))])
          })
      ),
    ])
  }

  private func json(_ segment: Segment) -> JSONValue {
    let window = segment.window
    return .object([
      ("segment", .integer(window.number + 1)),
      ("fit_start", .string(UTCTime.text(window.fitStart))),
      ("fit_end", .string(UTCTime.text(window.fitEnd))),
      ("test_start", .string(UTCTime.text(window.testStart))),
      ("test_end", .string(UTCTime.text(window.testEnd))),
      (
        "parameters",
        segment.point.map { point in
          .object(zip(space.parameters, point.values).map { ($0.name, $1.json) })
        } ?? .null
      ),
      ("fitted", .number(segment.fitted)), ("traded", .number(segment.traded)),
      ("efficiency", .number(segment.efficiency)),
      ("fit_return", .number(segment.fitReturn)), ("test_return", .number(segment.testReturn)),
      ("trades", segment.trades.map { .integer($0) } ?? .null),
      ("failure", segment.failure.map { .string($0) } ?? .null),
    ])
  }
}

extension JSONValue {
  fileprivate static func number(_ value: Double?) -> JSONValue {
    value.map { .double($0) } ?? .null
  }
}
