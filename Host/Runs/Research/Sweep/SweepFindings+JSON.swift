package import JSON
import Performance

extension SweepFindings {
  /// The best `count` trials, and what all of them say together.
  package func json(best count: Int) -> JSONValue {
    .object([
      ("objective", .string(objective.name)),
      (
        "trials",
        .object([
          ("finished", .integer(finished)), ("failed", .integer(failed)),
          ("rejected", .integer(rejected)), ("unrated", .integer(unrated)),
        ])
      ),
      ("best", .array(ranked.prefix(count).map(json))),
      (
        "neighbours",
        neighbours.map {
          .object([
            ("count", .integer($0.count)), ("mean", .double($0.mean)),
            ("worst", .double($0.worst)),
          ])
        } ?? .null
      ),
      ("deflated_sharpe_ratio", selection.deflatedSharpe.map { .double($0) } ?? .null),
      ("backtest_overfitting", selection.overfitting?.json ?? .null),
      ("overfitting_unknown", overfittingUnknown.map { .string($0) } ?? .null),
      ("map", map(cellsMax: 40)?.json ?? .null),
    ])
  }

  private func json(_ ranked: Ranked) -> JSONValue {
    .object([
      ("trial", .integer(ranked.record.number)), ("value", .double(ranked.value)),
      (
        "parameters",
        .object(
          zip(space.parameters, ranked.record.point.values).map { ($0.name, $1.json) })
      ),
      ("trades", ranked.record.result.map { .integer($0.trades) } ?? .null),
      ("figures", ranked.record.result?.figures ?? .null),
    ])
  }
}
