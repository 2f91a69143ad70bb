/// How much of a journal is kept. A segment goes only when each bound that is set lets it go.
package struct JournalRetention: Sendable, Equatable {
  /// What is known of one segment.
  package struct Segment: Sendable, Equatable {
    package let number: Int
    package let bytes: Int
    /// Of its first record, nanoseconds; nil when it has none.
    package let time: Int64?

    package init(number: Int, bytes: Int, time: Int64?) {
      self.number = number
      self.bytes = bytes
      self.time = time
    }
  }

  /// At least so many segments stay.
  package var segmentsMin: Int?
  /// At least so many bytes stay.
  package var bytesMin: Int?
  /// What is younger than so many nanoseconds stays, by the journal's own time.
  package var ageMin: Int64?

  package init(segmentsMin: Int? = nil, bytesMin: Int? = nil, ageMin: Int64? = nil) {
    self.segmentsMin = segmentsMin
    self.bytesMin = bytesMin
    self.ageMin = ageMin
  }

  /// The number of the first segment that stays; those before it may go. `needed` is where replay
  /// begins. Segments are in order, without gaps.
  package func firstKept(of segments: [Segment], needed: JournalPosition) -> Int {
    guard let newest = segments.last else { return 0 }
    let now = segments.last { $0.time != nil }?.time ?? 0
    var first = segments[0].number
    var bytes = segments.reduce(0) { $0 + $1.bytes }
    for (segment, next) in zip(segments, segments.dropFirst()) {
      guard segment.number < needed.segment else { break }
      bytes -= segment.bytes
      if let segmentsMin, newest.number - segment.number < segmentsMin { break }
      if let bytesMin, bytes < bytesMin { break }
      if let ageMin {
        // It ends where the next one begins.
        guard let end = next.time, now.subtractingReportingOverflow(end).partialValue >= ageMin
        else { break }
      }
      first = next.number
    }
    return first
  }
}
