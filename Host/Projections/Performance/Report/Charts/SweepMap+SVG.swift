extension SweepMap {
  /// A drawing that stands alone: colours come from the page's variables, or their light defaults.
  /// Above zero and below it differ in colour, and the stronger are deeper; neighbours of a good
  /// cell that are poor say that it was luck.
  package var svg: String {
    let left = 84.0
    let cell = (
      width: Swift.max(46, Swift.min(84, 860 / Double(Swift.max(1, columns.count)))),
      height: 30.0
    )
    let width = left + cell.width * Double(columns.count) + 12
    let height = 58 + cell.height * Double(rows.count)
    let known = values.flatMap { $0 }.compactMap { $0?.ifFinite }
    let sizes = known.map(\.magnitude)
    let strongest = sizes.max() ?? 0
    // Where all have one sign, the weakest of them is pale; where not, zero is.
    let isMixed = known.contains { $0 > 0 } && known.contains { $0 < 0 }
    let weakest = isMixed ? 0 : sizes.min() ?? 0
    let range = Swift.max(strongest - weakest, 1e-12)
    var svg: Markup = """
      <svg class="fragment" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" \
      width="\(width)" height="\(height)" role="img" \
      aria-label="\(metric) by \(rowName) and \(columnName)" \
      style="font:12px system-ui,sans-serif;font-variant-numeric:tabular-nums">
      """
    svg += Self.word(left + cell.width * Double(columns.count) / 2, 16, columnName, isStrong: true)
    svg += Self.word(left / 2, 40, rowName, isStrong: true)
    for (index, name) in columns.enumerated() {
      svg += Self.word(left + cell.width * (Double(index) + 0.5), 40, name)
    }
    for (row, name) in rows.enumerated() {
      let top = 50 + cell.height * Double(row)
      svg += Self.word(left / 2, top + 20, name)
      for column in columns.indices {
        let value =
          values.indices.contains(row) && values[row].indices.contains(column)
          ? values[row][column]?.ifFinite : nil
        let place = left + cell.width * Double(column)
        let depth = value.map { 0.08 + 0.62 * ($0.magnitude - weakest) / range } ?? 0
        let colour = (value ?? 0) >= 0 ? "--gain,#0f7b4f" : "--loss,#b3261e"
        let isChosen = chosen?.row == row && chosen?.column == column
        svg += """
          <rect x="\(place + 1)" y="\(top + 1)" width="\(cell.width - 2)" \
          height="\(cell.height - 2)" rx="2" style="fill:var(\(colour));\
          fill-opacity:\(depth)\(isChosen ? ";stroke:var(--ink,#16191d);stroke-width:2" : "")">\
          <title>\(rowName) \(name), \(columnName) \(columns[column]): \
          \(NumberText.decimal(value, places: places))</title></rect>
          """
        svg += Self.word(
          place + cell.width / 2, top + 20, NumberText.decimal(value, places: places))
      }
    }
    svg += "</svg>"
    return svg.text
  }

  static func word(_ x: Double, _ y: Double, _ text: String, isStrong: Bool = false) -> Markup {
    """
    <text x="\(x)" y="\(y)" text-anchor="middle" style="fill:var(--ink,#16191d)\
    \(isStrong ? ";font-weight:600" : "")">\(text)</text>
    """
  }
}
