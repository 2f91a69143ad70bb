/// Rows in aligned columns, two spaces apart. Numbers belong in trailing columns.
struct Table {
  enum Alignment { case leading, trailing }

  struct Column {
    var title: String
    var alignment: Alignment
    static func leading(_ title: String) -> Column { Column(title: title, alignment: .leading) }
    static func trailing(_ title: String) -> Column { Column(title: title, alignment: .trailing) }
  }

  let columns: [Column]
  private(set) var rows: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row has one cell for each column")
    rows.append(cells)
  }

  func lines(palette: Palette = .plain) -> [String] {
    let widths = columns.indices.map { index in
      (rows.map { $0[index] } + [columns[index].title]).map(TextWidth.columns).max() ?? 0
    }
    let head = palette.paint(line(columns.map(\.title), widths), .bold)
    return [head] + rows.map { line($0, widths) }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      if index > 0 { text += "  " }
      let isLast = index == cells.count - 1
      let isTrailing = columns[index].alignment == .trailing
      text +=
        isLast && !isTrailing
        ? cell : TextWidth.padded(cell, to: widths[index], onTheLeft: isTrailing)
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
