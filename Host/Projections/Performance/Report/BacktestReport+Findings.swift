import Wording

extension BacktestReport {
  /// What the figures themselves say against trusting them, behind what the runner said.
  package var findings: [Warning] {
    var found = warnings
    func serious(_ text: String) { found.append(Warning(.serious, text)) }
    func notice(_ text: String) { found.append(Warning(.notice, text)) }
    if let ruined = summary.ruined {
      serious(
        "The account was ruined at \(UTCTime.text(ruined)): it had nothing left, and what it did "
          + "after that nobody could have done. Ratios and figures of a year are left out.")
    }
    if curve.refused > 0 {
      serious("\(curve.refused) equity samples were no numbers or out of order, and are left out.")
    }
    let unrated = summary.execution.unrated
    if unrated > 0 {
      serious("\(unrated) fills have no rate to \(currency): turnover and fees lack them.")
    }
    if summary.trades.unrated > 0 {
      serious("\(summary.trades.unrated) trades have no rate to \(currency): sums lack them.")
    }
    let closed = summary.trades.count
    if summary.execution.fills > 0, closed < 30 {
      notice("Only \(closed) closed trades: averages over so few say little.")
    }
    if summary.ruined == nil, summary.returns.count < 60 {
      notice("Only \(summary.returns.count) returns: annual figures are far extrapolations.")
    }
    if let probability = summary.sharpeProbability, probability < 0.95, probability >= 0.5 {
      notice(
        "The Sharpe ratio is above zero with \(NumberText.percent(probability)) confidence only.")
    }
    if let selection, selection.trials > 1, let deflated = selection.deflatedSharpe,
      deflated < 0.95
    {
      notice(
        "After \(selection.trials) trials, skill is likely with "
          + "\(NumberText.percent(deflated)) only (deflated Sharpe ratio).")
    }
    if let overfitting = selection?.overfitting, overfitting.probability > 0.2 {
      serious(
        "The probability of backtest overfitting is "
          + "\(NumberText.percent(overfitting.probability)).")
    }
    if let fall = summary.maxDrawdown, let deepest = summary.deepestDrawdown,
      deepest < fall * 1.1 - 0.001
    {
      notice(
        "Within periods the drawdown reached \(NumberText.percent(deepest)), at their ends "
          + "\(NumberText.percent(fall)).")
    }
    if curve.coarseness > 1 {
      notice("The course was long: each point stands for \(curve.coarseness) periods.")
    }
    if tradesNotKept > 0 {
      notice("\(tradesNotKept) further trades are in the totals, and not in lists and plots.")
    }
    return found
  }
}
