import Glibc

/// How ratios are made of returns. Both are in use, and they do not agree: a report says which.
package enum RatioConvention: Sendable, Equatable {
  /// Mean of the returns of single periods over their deviation, times the root of the periods in
  /// a year. Sortino's deviation is of all returns, those above zero counted as zero.
  case periodic
  /// The annual (geometric) return over the annual volatility. Sortino's deviation is the sample
  /// deviation of the negative returns alone.
  case annual
}

/// What the returns of single periods say. Absent values are nil, never infinite or NaN.
package struct ReturnStatistics: Sendable, Equatable {
  package let count: Int
  package let periodsPerYear: Double
  /// Of a year.
  package let riskFree: Double
  package let convention: RatioConvention

  package private(set) var totalReturn: Double?
  /// Compounded to a year; nil where all was lost.
  package private(set) var annualReturn: Double?
  package private(set) var volatility: Double?
  package private(set) var downsideDeviation: Double?
  package private(set) var sharpe: Double?
  package private(set) var sortino: Double?
  /// The mean return of a period.
  package private(set) var expectancy: Double?
  package private(set) var best: Double?
  package private(set) var worst: Double?
  /// Of all periods, and of those that were not zero.
  package private(set) var winRate: Double?
  package private(set) var winRateNonzero: Double?
  package private(set) var profitFactor: Double?
  package private(set) var averageWin: Double?
  package private(set) var averageLoss: Double?
  package private(set) var payoff: Double?
  package private(set) var tailRatio: Double?
  /// Historical, of one period, as positive losses.
  package private(set) var valueAtRisk95: Double?
  package private(set) var expectedShortfall95: Double?
  package private(set) var skew: Double?
  package private(set) var excessKurtosis: Double?
  package private(set) var longestWinStreak = 0
  package private(set) var longestLossStreak = 0
  let moments: Moments

  package init(
    _ returns: [Double], periodsPerYear: Double, riskFree: Double = 0,
    convention: RatioConvention = .periodic
  ) {
    let moments = Moments(returns)
    self.moments = moments
    count = returns.count
    self.periodsPerYear = periodsPerYear
    self.riskFree = riskFree
    self.convention = convention
    guard !returns.isEmpty, periodsPerYear > 0 else { return }
    expectancy = moments.mean
    skew = moments.skew?.ifFinite
    excessKurtosis = moments.excessKurtosis?.ifFinite
    let signs = SignSums(returns)
    addSigns(signs)
    totalReturn = (signs.growth - 1).ifFinite
    if signs.growth > 0, !signs.isRuined {
      annualReturn =
        (pow(signs.growth, periodsPerYear / Double(count)) - 1).ifFinite
    }
    volatility = moments.deviation.map { $0 * periodsPerYear.squareRoot() }?.ifFinite
    addRatios(signs)
    addTails(returns)
  }

  private mutating func addSigns(_ signs: SignSums) {
    best = signs.best
    worst = signs.worst
    winRate = Double(signs.wins) / Double(count)
    winRateNonzero = Ratio.of(Double(signs.wins), Double(signs.wins + signs.losses))
    profitFactor = Ratio.of(signs.gained, signs.lost)
    averageWin = Ratio.of(signs.gained, Double(signs.wins))
    averageLoss = Ratio.of(-signs.lost, Double(signs.losses))
    if let averageWin, let averageLoss { payoff = Ratio.of(averageWin, -averageLoss) }
    longestWinStreak = signs.longestWins
    longestLossStreak = signs.longestLosses
  }

  private mutating func addRatios(_ signs: SignSums) {
    let root = periodsPerYear.squareRoot()
    switch convention {
    case .periodic:
      // A year's rate is earned in equal parts, not compounded: so it is added, too.
      let excess = moments.mean - riskFree / periodsPerYear
      downsideDeviation = (signs.lostSquared / Double(count)).squareRoot() * root
      if moments.varies, let deviation = moments.deviation {
        sharpe = Ratio.of(excess, deviation).map { $0 * root }
      }
      sortino = downsideDeviation.flatMap { Ratio.of(excess * periodsPerYear, $0) }
    case .annual:
      downsideDeviation = signs.lossDeviation.map { $0 * root }
      guard let annualReturn else { return }
      if moments.varies, let volatility {
        sharpe = Ratio.of(annualReturn - riskFree, volatility)
      }
      sortino = downsideDeviation.flatMap { Ratio.of(annualReturn - riskFree, $0) }
    }
  }

  private mutating func addTails(_ returns: [Double]) {
    guard let tails = Percentiles.of(returns, [0.05, 0.95]) else { return }
    tailRatio = Ratio.of(tails[1].magnitude, tails[0].magnitude)
    valueAtRisk95 = -tails[0]
    var (sum, below) = (0.0, 0)
    for value in returns where value <= tails[0] {
      sum += value
      below += 1
    }
    expectedShortfall95 = Ratio.of(-sum, Double(below))
  }
}

/// What one pass over returns gathers.
private struct SignSums {
  var growth = 1.0
  /// A period lost all: nothing grows from there on.
  var isRuined = false
  var (wins, losses) = (0, 0)
  var (gained, lost, lostSquared) = (0.0, 0.0, 0.0)
  var (best, worst) = (-Double.infinity, Double.infinity)
  var (longestWins, longestLosses) = (0, 0)

  init(_ returns: [Double]) {
    var (winning, losing) = (0, 0)
    for value in returns {
      growth *= 1 + value
      if value <= -1 { isRuined = true }
      best = Swift.max(best, value)
      worst = Swift.min(worst, value)
      if value > 0 {
        wins += 1
        gained += value
        winning += 1
        losing = 0
        longestWins = Swift.max(longestWins, winning)
      } else if value < 0 {
        losses += 1
        lost -= value
        lostSquared += value * value
        losing += 1
        winning = 0
        longestLosses = Swift.max(longestLosses, losing)
      } else {
        (winning, losing) = (0, 0)
      }
    }
  }

  /// The sample deviation of the losses about their own mean.
  var lossDeviation: Double? {
    guard losses > 1 else { return nil }
    let n = Double(losses)
    let squares = lostSquared - lost * lost / n
    return squares > 0 ? (squares / (n - 1)).squareRoot() : nil
  }
}
