/// A metric over two parameters. Rows from the top, columns from the left.
package struct SweepMap: Sendable, Equatable {
  package var columnName: String
  package var columns: [String]
  package var rowName: String
  package var rows: [String]
  package var metric: String
  /// One list for each row; nil where nothing was run.
  package var values: [[Double?]]
  /// The configuration that was chosen, if one was.
  package var chosen: (row: Int, column: Int)?
  package var places = 2

  package init(
    metric: String, columnName: String, columns: [String], rowName: String, rows: [String],
    values: [[Double?]]
  ) {
    self.metric = metric
    self.columnName = columnName
    self.columns = columns
    self.rowName = rowName
    self.rows = rows
    self.values = values
  }

  package static func == (a: SweepMap, b: SweepMap) -> Bool {
    a.columnName == b.columnName && a.columns == b.columns && a.rowName == b.rowName
      && a.rows == b.rows && a.metric == b.metric && a.values == b.values
      && a.places == b.places && a.chosen?.row == b.chosen?.row
      && a.chosen?.column == b.chosen?.column
  }
}

/// One stretch of a walk-forward run: what was fitted on, and what came after it.
package struct WalkForwardSegment: Sendable, Equatable {
  package var name: String
  /// Positions on any one scale, such as the index of a bar: fitted on `fitStart..<fitEnd`, then
  /// traded on `fitEnd..<end`.
  package var fitStart: Double
  package var fitEnd: Double
  package var end: Double
  /// The metric of both stretches, such as the Sharpe ratio.
  package var fitted: Double?
  package var traded: Double?

  package init(
    name: String, fitStart: Double, fitEnd: Double, end: Double, fitted: Double?, traded: Double?
  ) {
    self.name = name
    self.fitStart = fitStart
    self.fitEnd = fitEnd
    self.end = end
    self.fitted = fitted
    self.traded = traded
  }
}
