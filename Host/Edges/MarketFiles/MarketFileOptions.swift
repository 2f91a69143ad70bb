/// What somebody says of files instead of letting it be detected.
package struct MarketFileOptions: Sendable {
  /// A layout by name, for files without a header.
  package var layout: String?
  /// A role, and the column it is in: by name, or by number from 1.
  package var columns: [(role: ColumnRole, column: String)] = []
  package var timeUnit: TimeUnit?
  /// Nanoseconds.
  package var interval: Int64?
  /// Rows may come in any order.
  package var allowsAnyOrder = false
  /// Rows that are wrong are left out and counted, instead of ending the reading.
  package var skipsWrongRows = false

  /// Numbers finer than the instrument's are rounded to it, instead of being wrong: what programs
  /// write that computed them in binary, such as 0.0061909999999999995.
  package var roundsFineNumbers = false

  package init() {}
}
