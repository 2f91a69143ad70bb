package import Market

/// Sums over closed trades, in the reporting asset, kept up as they close: complete where the list
/// of trades is not.
package struct TradeTotals: Sendable, Equatable {
  package private(set) var count = 0
  /// Of them not in the sums of money, because no rate told what their asset was worth.
  package private(set) var unrated = 0
  package private(set) var (longs, shorts) = (0, 0)
  package private(set) var (wins, losses) = (0, 0)
  package private(set) var (gained, lost) = (0.0, 0.0)
  package private(set) var (gross, fees, funding) = (0.0, 0.0, 0.0)
  package private(set) var (best, worst): (Double?, Double?)
  package private(set) var (longestWinStreak, longestLossStreak) = (0, 0)
  package private(set) var (bestReturn, worstReturn): (Double?, Double?)

  private var (streak, returned, returnedCount) = (0, 0.0, 0)
  private var (heldSum, heldMax) = (0.0, Int64(0))
  private var (adverseSum, favourableSum, excursions) = (0.0, 0.0, 0)

  package init() {}

  package init(_ trades: [ClosedTrade]) {
    for trade in trades { add(trade) }
  }

  package mutating func add(_ trade: ClosedTrade) {
    count += 1
    if trade.side == .buy { longs += 1 } else { shorts += 1 }
    heldSum += Double(trade.held.count)
    heldMax = Swift.max(heldMax, trade.held.count)
    if let share = trade.returned {
      returned += share
      returnedCount += 1
      bestReturn = Swift.max(bestReturn ?? share, share)
      worstReturn = Swift.min(worstReturn ?? share, share)
    }
    if let adverse = trade.adverseShare, let favourable = trade.favourableShare {
      adverseSum += adverse
      favourableSum += favourable
      excursions += 1
    }
    guard let rate = trade.rate, let profit = trade.profit else {
      unrated += 1
      return
    }
    gross += trade.gross.approximation * rate
    fees += trade.fees.approximation * rate
    funding += trade.funding.approximation * rate
    best = Swift.max(best ?? profit, profit)
    worst = Swift.min(worst ?? profit, profit)
    addSign(trade.net.units.signum(), profit)
  }

  private mutating func addSign(_ sign: Int128, _ profit: Double) {
    if sign > 0 {
      wins += 1
      gained += profit
      streak = Swift.max(0, streak) + 1
      longestWinStreak = Swift.max(longestWinStreak, streak)
    } else if sign < 0 {
      losses += 1
      lost -= profit
      streak = Swift.min(0, streak) - 1
      longestLossStreak = Swift.max(longestLossStreak, -streak)
    } else {
      streak = 0
    }
  }

  package var net: Double { gained - lost }
  package var winRate: Double? { Ratio.of(Double(wins), Double(count - unrated)) }
  package var profitFactor: Double? { Ratio.of(gained, lost) }
  /// The mean profit of a trade.
  package var expectancy: Double? { Ratio.of(net, Double(count - unrated)) }
  package var averageWin: Double? { Ratio.of(gained, Double(wins)) }
  package var averageLoss: Double? { Ratio.of(-lost, Double(losses)) }
  package var payoff: Double? {
    guard let averageWin, let averageLoss else { return nil }
    return Ratio.of(averageWin, -averageLoss)
  }
  package var averageReturn: Double? { Ratio.of(returned, Double(returnedCount)) }
  package var averageHeld: Nanoseconds? {
    Ratio.of(heldSum, Double(count)).flatMap { Int64(exactly: $0.rounded()) }
      .map { Nanoseconds($0) }
  }
  package var longestHeld: Nanoseconds? { count > 0 ? Nanoseconds(heldMax) : nil }
  package var averageAdverse: Double? { Ratio.of(adverseSum, Double(excursions)) }
  package var averageFavourable: Double? { Ratio.of(favourableSum, Double(excursions)) }
}

/// What fills cost, closed or not, in the reporting asset.
package struct ExecutionTotals: Sendable, Equatable {
  package private(set) var fills = 0
  /// Of them, or their fees, without a rate: not in the sums.
  package private(set) var unrated = 0
  package private(set) var turnover = 0.0
  package private(set) var (makerTurnover, takerTurnover) = (0.0, 0.0)
  package private(set) var fees = 0.0
  /// Paid beyond the mid at the decision, and the turnover for which that was told.
  package private(set) var (slippage, measuredTurnover) = (0.0, 0.0)

  package init() {}

  mutating func add(_ fill: RatedFill) {
    fills += 1
    guard let worth = fill.worth, let fee = fill.fee else {
      unrated += 1
      return
    }
    turnover += worth
    fees += fee
    switch fill.liquidity {
    case 1: makerTurnover += worth
    case 2: takerTurnover += worth
    default: break
    }
    if let slip = fill.slippage {
      slippage += slip
      measuredTurnover += worth
    }
  }

  package var makerShare: Double? { Ratio.of(makerTurnover, makerTurnover + takerTurnover) }
  /// Of the turnover, in parts of one.
  package var feeRate: Double? { Ratio.of(fees, turnover) }
  package var slippageRate: Double? { Ratio.of(slippage, measuredTurnover) }
}

/// One fill's amounts in the reporting asset; nil where no rate tells.
struct RatedFill {
  var worth: Double?
  var fee: Double?
  var slippage: Double?
  /// As in the record.
  var liquidity: UInt8
}
