import Market

/// Holes of one stream that come again and again at the same hours: a market that closes every day
/// or every week is not missing anything then.
///
/// Holes are told apart by the half hours of the day, in UTC, at which they begin and end; those of
/// bars of a day or more by days of the week. What comes at least three times, and at least once
/// in every week of the time in which it is seen, is a closing. A change of summer time makes a
/// second one; a holiday lengthens one and stays one. Bounded.
struct ClosingTable: Sendable {
  struct Hole: Sendable {
    let began: Timestamp
    let length: Nanoseconds
    let record: Int
    /// Bars that would stand in it; 0 of ticks.
    let bars: Int

    func closing(_ instrument: InstrumentID) -> Finding {
      Finding(.closing, instrument, at: began, record: record, .duration(length))
    }
  }

  /// Holes of the same hours.
  struct Kind: Sendable {
    fileprivate let hours: Hours
    private(set) var count = 0
    private(set) var bars = 0
    /// Nanoseconds.
    private(set) var sum = 0.0
    private(set) var examples: [Hole] = []
    private var first: Timestamp
    private var last: Timestamp

    fileprivate init(_ hours: Hours, _ hole: Hole) {
      self.hours = hours
      (first, last) = (hole.began, hole.began)
    }

    var isClosing: Bool {
      let weeks = (last - first).count / ClosingTable.week
      return count >= 3 && Int64(count) > weeks
    }

    fileprivate mutating func add(_ hole: Hole, _ examplesMax: Int) {
      count += 1
      bars += hole.bars
      sum += Double(hole.length.count)
      last = Swift.max(last, hole.began)
      let rank = examples.firstIndex { $0.length < hole.length } ?? examples.count
      guard rank < examplesMax else { return }
      examples.insert(hole, at: rank)
      if examples.count > examplesMax { examples.removeLast() }
    }
  }

  fileprivate struct Hours: Equatable, Sendable {
    let from: Int64
    let to: Int64
  }

  /// Shorter holes are no closings.
  static let lengthMin = Nanoseconds(30 * 60_000_000_000)
  private static let day: Int64 = 86_400_000_000_000
  private static let week = 7 * day
  private static let kindsMax = 256

  private(set) var kinds: [Kind] = []
  private let isOfDays: Bool
  private let examplesMax: Int

  init(isOfDays: Bool, examplesMax: Int) {
    self.isOfDays = isOfDays
    // One at least, which the others are counted with.
    self.examplesMax = Swift.max(1, examplesMax)
  }

  /// False where it cannot be a closing, or there is no room for its hours.
  mutating func take(_ hole: Hole) -> Bool {
    guard hole.length >= Self.lengthMin else { return false }
    let hours = hours(hole)
    if let place = kinds.firstIndex(where: { $0.hours == hours }) {
      kinds[place].add(hole, examplesMax)
      return true
    }
    guard kinds.count < Self.kindsMax else { return false }
    kinds.append(Kind(hours, hole))
    kinds[kinds.count - 1].add(hole, examplesMax)
    return true
  }

  private func hours(_ hole: Hole) -> Hours {
    let (cycle, step) = isOfDays ? (Self.week, Self.day) : (Self.day, Self.lengthMin.count)
    func place(_ time: Timestamp) -> Int64 {
      let inside = time.nanoseconds - FixedPoint.floor(time.nanoseconds, toMultipleOf: cycle)
      return (inside + step / 2) / step % (cycle / step)
    }
    return Hours(from: place(hole.began), to: place(hole.began + hole.length))
  }
}
