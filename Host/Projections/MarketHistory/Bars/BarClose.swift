package import Market

/// When a bar that was received closed.
package enum BarClose {
  /// A live bar comes a little after its close: within a tenth of its interval behind a whole
  /// multiple it closed there. Bars of a session's own hours stand elsewhere, and are taken to have
  /// closed when they came.
  package static func time(received: Timestamp, interval: Nanoseconds) -> Timestamp {
    guard interval > .zero, received.nanoseconds > -(1 << 62) else { return received }
    let whole = FixedPoint.floor(received.nanoseconds, toMultipleOf: interval.count)
    let late = received.nanoseconds - whole
    return late <= delayMax(interval) ? Timestamp(nanoseconds: whole) : received
  }

  package static func delayMax(_ interval: Nanoseconds) -> Int64 { interval.count / 10 }

  /// The end of the interval that `time` is in.
  package static func end(of interval: Nanoseconds, at time: Timestamp) -> Timestamp {
    let inside = Swift.max(time.nanoseconds, -(1 << 62))
    return Timestamp(nanoseconds: FixedPoint.floor(inside, toMultipleOf: interval.count))
      + interval
  }
}
