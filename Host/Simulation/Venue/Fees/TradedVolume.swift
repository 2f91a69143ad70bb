/// What was traded in the last 30 days of UTC, this one included.
struct TradedVolume {
  private static let days = 30
  private static let dayLength: Int64 = 86_400_000_000_000
  private var byDay = [Int128](repeating: 0, count: days)
  private var today = Int64.min
  private(set) var total: Int128 = 0

  /// Forgets the days that are over.
  mutating func advance(to time: Int64) {
    let day = time / Self.dayLength
    guard day > today else { return }
    let passed = today == .min ? Int64(Self.days) : Swift.min(day - today, Int64(Self.days))
    for step in 0..<passed {
      let place = Self.place(day - step)
      total -= byDay[place]
      byDay[place] = 0
    }
    today = day
  }

  mutating func add(_ worth: Int128) {
    guard today != .min else { return }
    byDay[Self.place(today)] += worth
    total += worth
  }

  private static func place(_ day: Int64) -> Int { Int(((day % 30) + 30) % 30) }
}
