package import Market
package import Performance

/// How often equity is looked at, and over which periods returns are taken. Chosen by how long the
/// data lasts, so that a run has returns enough to say something and samples enough to see
/// drawdowns inside of them.
package struct Sampling: Sendable, Equatable {
  package var interval: Nanoseconds
  package var period: SamplingPeriod

  package init(interval: Nanoseconds, period: SamplingPeriod) {
    self.interval = interval
    self.period = period
  }

  /// `span` nil: as long as nobody knows; `period` nil: as it fits.
  package init(span: Nanoseconds?, period: SamplingPeriod? = nil) {
    let seconds = (span?.count ?? 86_400_000_000_000) / 1_000_000_000
    let steps: [Int64] = [1, 5, 15, 60, 300, 900, 3_600]
    let wanted = seconds / Self.samplesMax
    let step = steps.first { $0 >= wanted } ?? 3_600
    let fitting: Int64 =
      switch seconds {
      case ..<7_200: 60
      case ..<(3 * 86_400): 900
      case ..<(30 * 86_400): 3_600
      default: 86_400
      }
    let period = period ?? .every(.seconds(fitting))
    self.period = period
    interval = .seconds(step)
    if case .every(let length) = period, length < interval { interval = length }
  }

  private static let samplesMax: Int64 = 20_000

  /// What `--period` may say.
  package static let names: [(name: String, period: SamplingPeriod)] = [
    ("second", .every(.seconds(1))), ("minute", .every(.seconds(60))),
    ("quarter", .every(.seconds(900))), ("hour", .hour), ("day", .day),
    ("week", .every(.seconds(7 * 86_400))),
  ]
}
