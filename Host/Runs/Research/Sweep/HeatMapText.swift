package import Performance

/// A map as lines of text: the deeper a cell's shade, the higher its value; the best has a star.
package enum HeatMapText {
  private static let shades: [Character] = [" ", "░", "▒", "▓", "█"]

  /// Columns that do not fit the width are left out, the best one's never.
  package static func lines(_ map: SweepMap, width: Int) -> [String] {
    let known = map.values.flatMap { $0 }.compactMap { $0 }
    guard let low = known.min(), let high = known.max() else { return [] }
    let cells = map.values.enumerated().map { row, values in
      values.enumerated().map { column, value in
        cell(value, low, high, isChosen: map.chosen.map { $0 == (row, column) } ?? false)
      }
    }
    let cellWidth = Swift.max(
      cells.flatMap { $0 }.map(\.count).max() ?? 0, map.columns.map(\.count).max() ?? 0)
    let head = ([map.rowName] + map.rows).map(\.count).max() ?? 0
    let room = Swift.max(1, (width - head) / (cellWidth + 2))
    let shown = columns(map, room)
    func line(_ lead: String, _ parts: [String]) -> String {
      var text = padded(lead, head)
      for part in parts { text += "  " + padded(part, cellWidth) }
      while text.last == " " { text.removeLast() }
      return text
    }
    var lines = [
      "\(map.metric) by \(map.rowName) (down) and \(map.columnName) (across)"
        + (shown.count < map.columns.count
          ? ", \(map.columns.count - shown.count) columns left out" : "")
    ]
    lines.append(line("", shown.map { map.columns[$0] }))
    for (name, row) in zip(map.rows, cells) { lines.append(line(name, shown.map { row[$0] })) }
    return lines
  }

  private static func columns(_ map: SweepMap, _ room: Int) -> [Int] {
    guard map.columns.count > room else { return Array(map.columns.indices) }
    let first = (map.chosen?.column ?? 0) - room / 2
    let start = Swift.min(Swift.max(first, 0), map.columns.count - room)
    return Array(start..<start + room)
  }

  private static func cell(
    _ value: Double?, _ low: Double, _ high: Double, isChosen: Bool
  ) -> String {
    guard let value else { return "·" }
    let share = high > low ? (value - low) / (high - low) : 1
    let shade = shades[Int((share * Double(shades.count - 1)).rounded())]
    return "\(isChosen ? "*" : "")\(FigureText.decimal(value, places: 2)) \(shade)"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - text.count)) + text
  }
}
