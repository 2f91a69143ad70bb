/// How long the bars of a file are.
package enum BarInterval: Sendable, Equatable {
  case fixed(Int64)
  /// Each row says when its bar closes, this much after the last instant it names.
  case byRow(step: Int64)
  /// Told by each row.
  case column

  /// "500ms", "15s", "1m", "4h", "1d", "1w".
  package static func nanoseconds(_ text: String) -> Int64? {
    let units: [(String, Int64)] = [
      ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
      ("d", 86_400_000_000_000), ("w", 604_800_000_000_000),
    ]
    guard let unit = units.first(where: { text.hasSuffix($0.0) }),
      let count = Int64(text.dropLast(unit.0.utf8.count)), count > 0
    else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: unit.1)
    return overflow || product > 366 * 86_400_000_000_000 ? nil : product
  }

  package static func text(_ nanoseconds: Int64) -> String {
    for (unit, name) in [
      (604_800_000_000_000, "w"), (86_400_000_000_000, "d"), (3_600_000_000_000, "h"),
      (60_000_000_000, "m"), (1_000_000_000, "s"), (1_000_000, "ms"),
    ] as [(Int64, String)] where nanoseconds > 0 && nanoseconds % unit == 0 {
      return "\(nanoseconds / unit)\(name)"
    }
    return "\(nanoseconds)ns"
  }

  /// From the opening times of some rows: the shortest distance, when most rows are that far apart
  /// or all distances are whole multiples of it, as they are where bars are missing.
  static func detected(_ times: [Int64]) -> Int64? {
    let distances = zip(times, times.dropFirst()).map { $1 &- $0 }.filter { $0 > 0 }
    guard let shortest = distances.min() else { return nil }
    if distances.allSatisfy({ $0 % shortest == 0 }) { return shortest }
    return distances.count { $0 == shortest } * 2 > distances.count ? shortest : nil
  }
}
