package import Market

/// What an account was worth at one time, in the reporting currency. Statistics, not money: the
/// ledger's exact amounts were rounded to make it.
package struct EquitySample: Sendable, Equatable {
  package var time: Timestamp
  package var equity: Double
  /// The worth of what is held, long and short added.
  package var gross: Double
  /// The worth of what is held, short taken from long.
  package var net: Double
  package var cash: Double
  /// What one unit held from the start would be worth, or its price; nil where not told.
  package var benchmark: Double?

  package init(
    time: Timestamp, equity: Double, gross: Double = 0, net: Double = 0, cash: Double = 0,
    benchmark: Double? = nil
  ) {
    self.time = time
    self.equity = equity
    self.gross = gross
    self.net = net
    self.cash = cash
    self.benchmark = benchmark
  }

  var isFinite: Bool {
    equity.isFinite && gross.isFinite && net.isFinite && cash.isFinite
      && (benchmark ?? 0).isFinite
  }
}

/// How often returns are taken.
package enum SamplingPeriod: Sendable, Equatable {
  /// Each sample ends a period.
  case everySample
  /// The last sample of each length of time since 1970 ends a period.
  case every(Nanoseconds)

  package static let hour = SamplingPeriod.every(.seconds(3_600))
  package static let day = SamplingPeriod.every(.seconds(86_400))
}
