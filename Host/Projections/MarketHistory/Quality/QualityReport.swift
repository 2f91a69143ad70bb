/// All that a check found.
package struct QualityReport: Sendable {
  package let records: Int
  /// In the order in which they appeared.
  package let streams: [StreamSummary]
  package let log: FindingLog

  package var errors: Int { log.count(.error) }
  package var warnings: Int { log.count(.warning) }
  package var notes: Int { log.count(.note) }
}
