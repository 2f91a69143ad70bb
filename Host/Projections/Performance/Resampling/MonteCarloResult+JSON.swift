import JSON

extension MonteCarloResult {
  var json: JSONValue {
    let (kind, block): (String, Int) =
      switch resampling {
      case .single: ("single", 1)
      case .blocks(let length): ("blocks", length)
      case .stationary(let length): ("stationary", length)
      }
    return .object([
      ("paths", .integer(settings.paths)), ("steps", .integer(steps)),
      ("seed", .integer(settings.seed)), ("resampling", .string(kind)),
      ("block_length", .integer(block)), ("values", .integer(values)),
      ("shares", .array(Self.shares.map { .double($0) })),
      ("final_return", finalReturn?.json ?? .null), ("max_drawdown", maxDrawdown?.json ?? .null),
      ("sharpe_ratio", sharpe?.json ?? .null),
      ("probability_of_loss", .double(probabilityOfLoss)),
      ("probability_of_ruin", .double(probabilityOfRuin)), ("ruin", .double(settings.ruin)),
      ("checkpoints", .array(checkpoints.map { .integer($0) })),
      ("bands", .array(bands.map { .array($0.map { .double($0) }) })),
    ])
  }
}

extension MonteCarloResult.Distribution {
  var json: JSONValue {
    .object([
      ("mean", .double(mean)), ("percentiles", .array(percentiles.map { .double($0) })),
    ])
  }
}
