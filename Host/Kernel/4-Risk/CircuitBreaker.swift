package import Market

/// Stops what adds exposure after something went wrong: open for a pause, then half-open, when one
/// order may try. What becomes of that one closes it or opens it again.
package struct CircuitBreaker: Sendable {
  package enum State: Equatable, Sendable {
    case closed
    case open(until: Timestamp)
    /// One order is on its way.
    case trying
  }
  var state = State.closed

  /// Whether an order may go now. Open and the pause over is half-open.
  func allows(at now: Timestamp) -> Bool {
    switch state {
    case .closed: true
    case .open(let until): now >= until
    case .trying: false
    }
  }

  mutating func trip(at now: Timestamp, pause: Int64) {
    state = .open(until: now + Nanoseconds(pause))
  }
  /// An order went: the one that may, if it is half-open.
  mutating func went() {
    if case .open = state { state = .trying }
  }
  mutating func succeeded() {
    if state == .trying { state = .closed }
  }
}

/// The venue's refusals of one slot's orders.
struct RefusalBreaker: Sendable {
  var breaker = CircuitBreaker()
  var times: [Timestamp]
  var head = 0
  static let countMax = 64

  init() { times = Array(repeating: .distantPast, count: Self.countMax) }

  mutating func refused(at now: Timestamp, count: Int64, in time: Int64, pause: Int64) {
    times[head] = now
    head = (head + 1) % Self.countMax
    if breaker.state == .trying {
      breaker.trip(at: now, pause: pause)
      return
    }
    let count = Swift.max(1, Swift.min(Int(clamping: count), Self.countMax))
    let first = times[(head - count + Self.countMax) % Self.countMax]
    guard first > .distantPast, (now - first).count <= time, breaker.allows(at: now) else { return }
    breaker.trip(at: now, pause: pause)
    for place in times.indices { times[place] = .distantPast }
  }
  mutating func went() { breaker.went() }
  mutating func succeeded() { breaker.succeeded() }
}

/// One instrument's price. Its extremes are kept for this stretch of time and the one before it:
/// no move within the time escapes, and one within twice the time may count too.
struct MoveBreaker: Sendable {
  var breaker = CircuitBreaker()
  var begun: Timestamp = .distantPast
  var low: Int64 = .max
  var high: Int64 = 0
  var lowBefore: Int64 = .max
  var highBefore: Int64 = 0

  mutating func priced(
    _ price: Int64, at now: Timestamp, share: Int64, in time: Int64, pause: Int64
  ) {
    let age = (now - begun).count
    if age >= time {
      let isNext = age < time &* 2
      (lowBefore, highBefore) = isNext ? (low, high) : (.max, 0)
      (low, high, begun) = (price, price, now)
    }
    low = Swift.min(low, price)
    high = Swift.max(high, price)
    let bottom = Swift.min(low, lowBefore)
    let move = Int128(Swift.max(high, highBefore)) - Int128(bottom)
    guard move * 1_000_000 >= Int128(bottom) * Int128(share) else { return }
    breaker.trip(at: now, pause: pause)
    (lowBefore, highBefore) = (.max, 0)
    (low, high, begun) = (price, price, now)
  }
  mutating func went() { breaker.went() }
  mutating func succeeded() { breaker.succeeded() }
}
