import Market

/// What is measured from a beginning: the highest equity, the day's first, and what was entered
/// since. Money that comes and goes moves these marks with it: it is neither profit nor drawdown.
package struct TradingDay: ~Copyable, Sendable {
  /// nil until equity was known once.
  package internal(set) var highest: Worth?
  package internal(set) var first: Worth?
  /// Orders that added exposure, since the day began.
  package internal(set) var entries = 0
  var entriesBySlot: Table<Int32>
  var resultBySlot: Table<Int128>
  var end: Timestamp = .distantPast
  var offset: Int64 = 0
  private static let length: Int64 = 86_400_000_000_000

  init(slots: Int = 0) {
    entriesBySlot = Table(repeating: 0, count: slots)
    resultBySlot = Table(repeating: 0, count: slots)
  }

  package func entries(slot: UInt32) -> Int { Int(entriesBySlot[Int(slot)]) }

  /// How far equity stands below the highest; zero where it stands above.
  package func drawdown(_ equity: Worth) -> Worth {
    Swift.max(.zero, (highest ?? equity) - equity)
  }
  package func loss(_ equity: Worth) -> Worth { Swift.max(.zero, (first ?? equity) - equity) }

  /// What a slot lost since the day began.
  func loss(slot: UInt32, result: Int128) -> Worth {
    Swift.max(.zero, Worth(clamping: resultBySlot[Int(slot)] - result))
  }

  /// Equity as it stood before a turn. A day that began is measured from there.
  /// True when one did.
  mutating func observe(_ equity: Worth?, at now: Timestamp) -> Bool {
    if let equity { highest = Swift.max(highest ?? equity, equity) }
    guard now >= end else {
      if first == nil { first = equity }
      return false
    }
    first = equity
    entries = 0
    for slot in entriesBySlot.indices { entriesBySlot[slot] = 0 }
    end = endOfDay(now)
    return true
  }

  mutating func begin(slot: Int, with result: Int128) { resultBySlot[slot] = result }

  /// Days begin `offset` nanoseconds after midnight UTC. The one under way goes on, and ends where
  /// it now must.
  mutating func begin(at offset: Int64, now: Timestamp) {
    guard self.offset != offset else { return }
    self.offset = offset
    if end != .distantPast { end = endOfDay(now) }
  }

  mutating func flowed(_ change: Int128) {
    highest = highest.map { Worth(clamping: Int128($0.micros) + change) }
    first = first.map { Worth(clamping: Int128($0.micros) + change) }
  }

  mutating func countEntry(slot: UInt32) {
    entries += 1
    entriesBySlot[Int(slot)] += 1
  }

  /// The first instant of the next day.
  func endOfDay(_ now: Timestamp) -> Timestamp {
    let since = Int128(now.nanoseconds) - Int128(offset)
    let (quotient, rest) = since.quotientAndRemainder(dividingBy: Int128(Self.length))
    let number = rest < 0 ? quotient - 1 : quotient
    return Timestamp(
      nanoseconds: Int64(clamping: (number + 1) * Int128(Self.length) + Int128(offset)))
  }
}

extension Portfolio {
  mutating func begin(at now: Timestamp) {
    guard day.observe(equity, at: now) else { return }
    for slot in 0..<slots {
      day.begin(slot: slot, with: totals.realisedBySlot[slot] + totals.resultBySlot[slot])
    }
  }

  package func dayLoss(slot: UInt32) -> Worth {
    day.loss(
      slot: slot, result: totals.realisedBySlot[Int(slot)] + totals.resultBySlot[Int(slot)])
  }
}
