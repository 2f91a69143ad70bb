package import Market

/// How many returns a year holds, by which all that is "annual" is scaled.
package enum PeriodsPerYear: Sendable, Equatable {
  case stated(Double)
  /// From the spacing of the points, for a market that never closes: 365 days.
  case continuous
  /// From the spacing of the points, for one that opens on 252 days, for `hours` each.
  case businessDays(hours: Double = 6.5)

  package static let daily365 = PeriodsPerYear.stated(365)
  package static let daily252 = PeriodsPerYear.stated(252)

  /// nil where it cannot be told. The usual spacing is the median: gaps, such as nights and
  /// weekends, do not move it.
  package func value(_ times: [Timestamp]) -> Double? {
    if case .stated(let value) = self { return value > 0 ? value.ifFinite : nil }
    guard times.count > 1 else { return nil }
    var gaps = Percentiles(zip(times, times.dropFirst()).map { Double(($1 - $0).count) })
    guard let spacing = gaps.next(0.5), spacing > 0 else { return nil }
    let day = 86_400e9
    switch self {
    case .stated(let value): return value
    case .continuous: return 365 * day / spacing
    case .businessDays(let hours):
      if spacing >= day { return 252 * day / spacing }
      return 252 * Swift.max(1, hours * 3_600e9 / spacing)
    }
  }
}
