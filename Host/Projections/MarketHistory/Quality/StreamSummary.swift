package import Market

/// What a stream covers.
package struct StreamSummary: Sendable {
  package let key: StreamKey
  package let records: Int
  package let first: Timestamp?
  package let last: Timestamp?
  /// nil where fewer than two came.
  package let medianSpacing: Nanoseconds?
  /// Of the time from first to last, or of a book the part in which it was valid: 0...1.
  package let coverage: Double
  /// Bars that are missing between the first and the last.
  package let missing: Int
}
