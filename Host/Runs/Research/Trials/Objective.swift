package import JSON
import Wording

/// The figure of a trial that a search makes as large as it can, by its name in the summary of a
/// backtest.
package struct Objective: Sendable, Equatable {
  /// "sharpe_ratio", or "trades.profit_factor" for one that lies deeper.
  package let name: String

  /// Those of which more is better.
  package static let names = [
    "sharpe_ratio", "sortino_ratio", "calmar_ratio", "total_return", "annual_return",
    "end_equity", "max_drawdown", "recovery_factor", "profit_factor", "payoff_ratio", "win_rate",
    "win_rate_nonzero", "expectancy", "tail_ratio", "probabilistic_sharpe_ratio",
    "trades.net", "trades.profit_factor", "trades.expectancy", "trades.win_rate",
    "trades.payoff_ratio", "trades.average_return", "benchmark.alpha",
    "benchmark.information_ratio", "benchmark.excess_return",
  ]

  /// Also without its last word, and as one word: "sharpe", "totalReturn".
  package static func parse(_ text: String) throws(ResearchError) -> Objective {
    let wanted = snake(text)
    for ending in ["", "_ratio", "_factor"] {
      if names.contains(wanted + ending) { return Objective(name: wanted + ending) }
    }
    throw ResearchError(
      .usage, "--objective", "there is no figure \"\(text)\" of which more is better",
      remedy: Suggestion.remedy(for: wanted, among: names))
  }

  /// nil where the trial has no such figure, as a Sharpe ratio without trades.
  package func value(_ summary: JSONValue) -> Double? {
    var value: JSONValue? = summary
    for part in name.split(separator: ".") { value = value?[String(part)] }
    return value?.double
  }

  /// "totalReturn" to "total_return".
  private static func snake(_ text: String) -> String {
    var snake = ""
    for character in text {
      if character.isUppercase, !snake.isEmpty, snake.last != ".", snake.last != "_" {
        snake.append("_")
      }
      snake += character.lowercased()
    }
    return snake
  }
}
