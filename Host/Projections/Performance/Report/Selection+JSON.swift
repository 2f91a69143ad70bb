package import JSON

extension BacktestReport.Selection {
  var json: JSONValue {
    .object([
      ("trials", .integer(trials)), ("deflated_sharpe_ratio", .number(deflatedSharpe)),
      ("backtest_overfitting", overfitting?.json ?? .null),
    ])
  }
}

extension BacktestOverfitting {
  /// Without the single logits: there are thousands.
  package var json: JSONValue {
    .object([
      ("probability", .double(probability)),
      ("probability_of_loss", .double(probabilityOfLoss)),
      ("degradation", .number(degradation)), ("configurations", .integer(configurations)),
      ("blocks", .integer(blocks)), ("combinations", .integer(combinations)),
    ])
  }
}

extension SweepMap {
  package var json: JSONValue {
    .object([
      ("metric", .string(metric)), ("column", .string(columnName)),
      ("columns", .array(columns.map { .string($0) })), ("row", .string(rowName)),
      ("rows", .array(rows.map { .string($0) })),
      ("values", .array(values.map { .array($0.map { .number($0) }) })),
      ("chosen", chosen.map { .array([.integer($0.row), .integer($0.column)]) } ?? .null),
    ])
  }
}

extension WalkForwardSegment {
  package var json: JSONValue {
    .object([
      ("name", .string(name)), ("fit_start", .double(fitStart)), ("fit_end", .double(fitEnd)),
      ("end", .double(end)), ("fitted", .number(fitted)), ("traded", .number(traded)),
    ])
  }
}
