/// A drawing that stretches to the width it is given, with its words beside it as HTML, so that
/// they keep their size on a telephone and on paper.
struct Plot {
  static let width = 1_000.0

  let height: Double
  let x: PlotScale
  let y: PlotScale
  var labelY: (Double, Double) -> String = { NumberText.short($0, step: $1) }
  var ticksX: [(place: Double, text: String)] = []
  var tickCountY = 5
  var hasWholeTicks = false
  /// What the axes count.
  var unitY = ""
  private(set) var body = Markup()
  private(set) var legend = Markup()
  /// For the pointer: places across, and what to say there.
  private var hover: (places: [Double], texts: [String]) = ([], [])

  init(height: Double, x: PlotScale, y: PlotScale) {
    self.height = height
    self.x = x
    self.y = y
  }

  func across(_ value: Double) -> Double { x.place(value) * Self.width }
  func down(_ value: Double) -> Double { (1 - y.place(value)) * height }

  private func path(_ points: [PlotLine.Point]) -> Markup {
    var path = Markup()
    for (index, point) in points.enumerated() {
      path += "\(index == 0 ? "M" : "L")\(across(point.x)) \(down(point.y))"
    }
    return path
  }

  mutating func line(_ line: PlotLine, _ kind: String, name: String? = nil) {
    if let name {
      legend += "<span class=\"key \(kind)\">\(name)</span>"
    }
    guard !line.points.isEmpty else { return }
    body += "<path class=\"line \(kind)\" d=\"\(path(line.points))\"/>"
  }

  /// Between the line and a value.
  mutating func area(_ line: PlotLine, to base: Double, _ kind: String) {
    guard let first = line.points.first, let last = line.points.last else { return }
    let level = down(base)
    body += "<path class=\"area \(kind)\" d=\"\(path(line.points))"
    body += "L\(across(last.x)) \(level)L\(across(first.x)) \(level)Z\"/>"
  }

  /// Between two lines.
  mutating func band(_ low: PlotLine, _ high: PlotLine, _ kind: String, name: String) {
    legend += "<span class=\"key block \(kind)\">\(name)</span>"
    let outline = low.points + high.points.reversed()
    guard !outline.isEmpty else { return }
    body += "<path class=\"area \(kind)\" d=\"\(path(outline))Z\"/>"
  }

  mutating func bar(_ from: Double, _ to: Double, _ value: Double, _ kind: String, _ title: String)
  {
    let (left, right) = (across(from), across(to))
    let (top, bottom) = (down(Swift.max(0, value)), down(Swift.min(0, value)))
    let gap = Swift.min(1.5, (right - left) * 0.1)
    body += "<rect class=\"bar \(kind)\" x=\"\(left + gap)\" y=\"\(top)\""
    body += " width=\"\(right - left - 2 * gap)\" height=\"\(bottom - top)\">"
    body += "<title>\(title)</title></rect>"
  }

  /// A stroke without length: its round ends stay round however the drawing is stretched.
  mutating func dot(_ atX: Double, _ atY: Double, _ kind: String, _ title: String) {
    body += "<path class=\"dot \(kind)\" d=\"M\(across(atX)) \(down(atY))h0\">"
    body += "<title>\(title)</title></path>"
  }

  mutating func level(_ value: Double, _ kind: String = "zero") {
    guard value >= y.low, value <= y.high else { return }
    body += "<path class=\"level \(kind)\" d=\"M0 \(down(value))H\(Self.width)\"/>"
  }

  mutating func upright(_ value: Double, _ kind: String, name: String) {
    guard value >= x.low, value <= x.high else { return }
    body += "<path class=\"level \(kind)\" d=\"M\(across(value)) 0V\(height)\"/>"
    legend += "<span class=\"key \(kind)\">\(name)</span>"
  }

  mutating func say(_ places: [Double], _ texts: [String]) { hover = (places, texts) }

  /// The figure, with its title and axes.
  func figure(_ title: String, _ kind: String = "") -> Markup {
    let ticks = y.ticks(tickCountY, whole: hasWholeTicks)
    var grid = Markup()
    var labels = Markup()
    for value in ticks.values {
      let place = y.place(value)
      grid += "<path class=\"grid\" d=\"M0 \((1 - place) * height)H\(Self.width)\"/>"
      labels += "<span class=\"y\" style=\"bottom:\(place * 100)%\">"
      labels += "\(labelY(value, ticks.step))</span>"
    }
    for (index, tick) in ticksX.enumerated() {
      let place = x.place(tick.place) * 100
      guard place >= 0, place <= 100 else { continue }
      grid += "<path class=\"grid\" d=\"M\(place * 10) 0V\(height)\"/>"
      let edge = place < 3 ? " first" : place > 97 ? " last" : ""
      labels += "<span class=\"x\(index % 2 == 1 ? " minor" : "")\(edge)\""
      labels += " style=\"left:\(place)%\">\(tick.text)</span>"
    }
    let unit: Markup = unitY.isEmpty ? "" : "<span class=\"unit\">\(unitY)</span>"
    return """
      <figure class="chart \(kind)"><figcaption><b>\(title)</b>\(unit)\
      <span class="legend">\(legend)</span></figcaption>\
      <div class="plot" style="height:\(height)px"\(hoverData)>\
      <svg viewBox="0 0 1000 \(height)" preserveAspectRatio="none" role="img" \
      aria-label="\(title)">\(grid)\(body)</svg>\(labels)</div></figure>

      """
  }

  private var hoverData: Markup {
    guard !hover.places.isEmpty else { return "" }
    let places = hover.places.map { NumberText.plain(x.place($0), places: 4) }
    return """
       data-places="\(places.joined(separator: " "))" \
      data-texts="\(hover.texts.joined(separator: "|"))"
      """
  }
}
