import Market

/// Courses over time: equity and what hangs beneath it.
extension HTMLReport {
  private var points: [EquitySample] { report.curve.points }

  /// Nanoseconds of a day are more than a picture tells apart: seconds, so that doubles hold them.
  private func seconds(_ time: Timestamp) -> Double { Double(time.nanoseconds) / 1e9 }

  private var scaleX: PlotScale {
    PlotScale(
      exactly: points.first.map { seconds($0.time) } ?? 0,
      points.last.map { seconds($0.time) } ?? 1)
  }

  private var ticks: [(place: Double, text: String)] {
    guard let first = points.first?.time, let last = points.last?.time else { return [] }
    return ReportTime.ticks(first, last, count: 10).map { (seconds($0.time), $0.text) }
  }

  private func plot(_ height: Double, _ y: PlotScale, percent places: Int? = nil) -> Plot {
    var plot = Plot(height: height, x: scaleX, y: y)
    plot.ticksX = ticks
    if places != nil {
      plot.labelY = { value, step in
        NumberText.percent(value, places: step < 0.00999 ? (step < 0.000999 ? 2 : 1) : 0)
      }
    }
    return plot
  }

  var equity: Markup {
    guard points.count > 1 else {
      return "<section><h2>Equity</h2><p>Fewer than two samples.</p></section>\n"
    }
    var markup: Markup = "<section><h2>Equity</h2>"
    markup += equityPlot
    markup += drawdownPlot
    if points.contains(where: { $0.gross != 0 }) { markup += exposurePlot }
    markup += "</section>\n"
    return markup
  }

  private var equityPlot: Markup {
    let x = points.map { seconds($0.time) }
    let own = points.map(\.equity)
    // The benchmark as if it had begun with as much.
    let benchmark = points.compactMap(\.benchmark)
    var other: [Double] = []
    if benchmark.count == points.count, let first = benchmark.first, first > 0 {
      other = benchmark.map { $0 / first * own[0] }
    }
    let scale = PlotScale(own + other, mayBeLogarithmic: true)
    var plot = plot(300, scale)
    plot.unitY = report.currency + (scale.isLogarithmic ? ", logarithmic" : "")
    if !other.isEmpty {
      plot.line(PlotLine(x: x, y: other), "other", name: summary.options.benchmarkName)
    }
    let line = PlotLine(x: x, y: own)
    plot.area(line, to: scale.low, "own")
    plot.line(line, "own", name: "Strategy")
    let span = points[points.count - 1].time - points[0].time
    let shown = PlotLine(x: x, y: own, columns: 160).points
    plot.say(
      shown.map(\.x),
      shown.map { point in
        let time = Timestamp(nanoseconds: Int64(point.x) * 1_000_000_000)
        return ReportTime.text(time, span: span) + "  " + NumberText.amount(point.y)
          + "  (" + NumberText.percent(point.y / own[0] - 1, signed: true) + ")"
      })
    return plot.figure("Equity")
  }

  private var drawdownPlot: Markup {
    let x = points.map { seconds($0.time) }
    let curve = Drawdowns(report.curve.equity).curve
    var plot = plot(110, PlotScale(curve, including: [0]), percent: 0)
    plot.tickCountY = 3
    plot.unitY = "below the highest so far"
    let line = PlotLine(x: x, y: curve)
    plot.area(line, to: 0, "loss")
    plot.line(line, "loss")
    let shown = PlotLine(x: x, y: curve, columns: 160).points
    let span = points[points.count - 1].time - points[0].time
    plot.say(
      shown.map(\.x),
      shown.map { point in
        let time = Timestamp(nanoseconds: Int64(point.x) * 1_000_000_000)
        return ReportTime.text(time, span: span) + "  " + NumberText.percent(point.y)
      })
    return plot.figure("Drawdown")
  }

  private var exposurePlot: Markup {
    let x = points.map { seconds($0.time) }
    func share(_ value: Double, _ equity: Double) -> Double { equity > 0 ? value / equity : 0 }
    let gross = points.map { share($0.gross, $0.equity) }
    let net = points.map { share($0.net, $0.equity) }
    var plot = plot(90, PlotScale(gross + net, including: [0]), percent: 0)
    plot.tickCountY = 3
    plot.unitY = "of equity, at the ends of periods"
    plot.area(PlotLine(x: x, y: gross), to: 0, "wide")
    if net != gross {
      plot.line(PlotLine(x: x, y: gross), "other", name: "Gross")
      plot.line(PlotLine(x: x, y: net), "own thin", name: "Net")
    } else {
      plot.line(PlotLine(x: x, y: gross), "own thin")
    }
    plot.level(0)
    return plot.figure("Exposure")
  }

  var months: Markup {
    let years = summary.calendar.years
    guard !years.isEmpty, summary.calendar.months.count > 1 else { return "" }
    let strongest = Swift.max(
      summary.calendar.months.map { Swift.min($0.value.magnitude, 0.5) }.max() ?? 0, 0.01)
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    var markup: Markup = """
      <section><h2>Monthly returns</h2><div class="scroll"><table class="months"><thead><tr>\
      <th></th>
      """
    for name in names { markup += "<th>\(name)</th>" }
    markup += "<th>Year</th></tr></thead><tbody>"
    for year in years {
      markup += "<tr><th>\(year.year)</th>"
      for value in year.months {
        guard let value else {
          markup += "<td></td>"
          continue
        }
        let depth = 0.06 + 0.5 * Swift.min(1, value.magnitude / strongest)
        let colour = value > 0 ? "gain" : value < 0 ? "loss" : "own"
        markup += "<td style=\"background:rgba(var(--\(colour)-rgb),\(value == 0 ? 0 : depth))\">"
        markup += "\(NumberText.percent(value, signed: true))</td>"
      }
      markup += "<td class=\"year \(Self.sign(year.value))\">"
      markup += "\(NumberText.percent(year.value, signed: true))</td></tr>"
    }
    markup += "</tbody></table></div></section>\n"
    return markup
  }

  /// Of a year where there are two, of a quarter of the course otherwise.
  var rolling: Markup {
    let returns = report.curve.returns
    let perYear = summary.returns.periodsPerYear
    let window = Int(Swift.min(perYear / 2, Double(returns.count) / 4).rounded())
    let values = RollingSharpe.values(returns, window: window, periodsPerYear: perYear)
    guard window >= 10, values.count > 10 else { return drawdownTable }
    var (x, y): ([Double], [Double]) = ([], [])
    for (index, value) in values.enumerated() {
      guard let value else { continue }
      x.append(seconds(points[index + window].time))
      y.append(value)
    }
    var plot = plot(190, PlotScale(y, including: [0]))
    plot.tickCountY = 4
    plot.unitY = "over \(window) periods, annual"
    plot.line(PlotLine(x: x, y: y), "own", name: nil)
    plot.level(0)
    if let whole = summary.returns.sharpe { plot.level(whole, "mean") }
    var markup: Markup = "<div class=\"pair\"><section><h2>Rolling Sharpe</h2>"
    markup += plot.figure("Sharpe ratio")
    markup += "</section>"
    markup += drawdownTable
    markup += "</div>\n"
    return markup
  }

  private var drawdownTable: Markup {
    let equity = report.curve.equity
    let times = report.curve.times
    let episodes = Drawdowns(equity).worst(7)
    guard !episodes.isEmpty else { return "" }
    var markup: Markup = """
      <section><h2>Deepest drawdowns</h2><div class="scroll"><table><thead><tr><th>From</th>\
      <th>Trough</th><th>Recovered</th><th>Length</th><th>Depth</th></tr></thead><tbody>
      """
    for episode in episodes {
      let end = episode.recoveryIndex.map { times[$0] }
      let length = (end ?? times[times.count - 1]) - times[episode.startIndex]
      markup += "<tr><td>\(ReportTime.day(times[episode.startIndex]))</td>"
      markup += "<td>\(ReportTime.day(times[episode.troughIndex]))</td>"
      markup += "<td>\(end.map { ReportTime.day($0) } ?? "not yet")</td>"
      markup += "<td>\(NumberText.duration(length))</td>"
      markup += "<td class=\"loss\">\(NumberText.percent(episode.depth))</td></tr>"
    }
    markup += "</tbody></table></div></section>"
    return markup
  }
}
