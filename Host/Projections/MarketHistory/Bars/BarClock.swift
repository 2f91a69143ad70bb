/// By which time of a trade or quote it is told which bar of time it belongs to.
package enum BarClock: String, CaseIterable, Sendable {
  /// When it came: the bars that somebody had who listened.
  case receive
  /// When the venue says it happened: the bars that the venue tells. Each is known with the first
  /// record behind its end; what comes later still of its time is counted in the next.
  case venue
}
