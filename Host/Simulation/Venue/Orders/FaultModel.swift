package import Market

/// What goes wrong at the venue and on the way to it.
package struct FaultModel: Sendable {
  package enum Outage: UInt8, Sendable {
    /// What comes in or goes out waits until it is over.
    case delays
    /// Commands are lost, and what goes out waits: the host does not know what became of them.
    case loses
  }
  package struct Window: Sendable {
    package var start: Timestamp
    package var end: Timestamp
    package var outage: Outage
    package init(start: Timestamp, end: Timestamp, _ outage: Outage) {
      precondition(start < end, "an outage lasts")
      self.start = start
      self.end = end
      self.outage = outage
    }
  }

  /// Of a million new orders, how many are refused.
  package var rejectsPerMillion: Int64
  /// Of a million commands, how many never arrive.
  package var lossesPerMillion: Int64
  package var outages: [Window]

  package init(
    rejectsPerMillion: Int64 = 0, lossesPerMillion: Int64 = 0, outages: [Window] = []
  ) {
    precondition(
      (0...1_000_000).contains(rejectsPerMillion) && (0...1_000_000).contains(lossesPerMillion),
      "a probability is at most one")
    for (earlier, later) in zip(outages, outages.dropFirst()) {
      precondition(earlier.end <= later.start, "outages follow each other")
    }
    self.rejectsPerMillion = rejectsPerMillion
    self.lossesPerMillion = lossesPerMillion
    self.outages = outages
  }

  /// The outage at a time; its end is not in it.
  func outage(at time: Int64) -> Window? {
    guard !outages.isEmpty else { return nil }
    return outages.first { $0.start.nanoseconds <= time && time < $0.end.nanoseconds }
  }
}
