import Market

/// What single trades brought, and what other orders of them would have.
extension HTMLReport {
  /// A picture of more dots than this is a smear, and a large file.
  private static let dotsMax = 1_500

  var trades: Markup {
    let returned = report.trades.filter { $0.returned != nil }
    guard returned.count > 1 else { return "" }
    var markup: Markup = "<div class=\"pair\"><section><h2>Trade results</h2>"
    markup += histogram(returned.compactMap(\.returned))
    markup += "</section><section><h2>Trades over time</h2>"
    markup += scatter(returned)
    markup += "</section></div>\n"
    return markup
  }

  private func histogram(_ values: [Double]) -> Markup {
    // The outermost hundredth is gathered in the last bins: one outlier must not flatten the rest.
    guard let edges = Percentiles.of(values, [0.01, 0.99]) else { return "" }
    let reach = Swift.max(edges[0].magnitude, edges[1].magnitude, 1e-6)
    let low = Swift.min(0, edges[0])
    let high = Swift.max(0, edges[1])
    let wanted = Swift.min(41, Swift.max(9, Int(Double(values.count).squareRoot() * 2)))
    let width = Swift.max((high - low) / Double(wanted), reach / 200)
    // Bins meet at zero, so that none mixes gains with losses.
    let first = Int((low / width).rounded(.down))
    let last = Swift.max(first + 1, Int((high / width).rounded(.up)))
    var counts = Array(repeating: 0, count: last - first)
    for value in values {
      let place = (Swift.max(low, Swift.min(high, value)) / width).rounded(.down)
      // A loss of nothing stands with the gains.
      counts[Swift.max(0, Swift.min(counts.count - 1, Int(place) - first))] += 1
    }
    let scaleX = PlotScale(exactly: Double(first) * width, Double(last) * width)
    let heights = PlotScale(exactly: 0, Double(counts.max() ?? 1) * 1.06)
    var plot = Plot(height: 220, x: scaleX, y: heights)
    plot.tickCountY = 4
    plot.unitY = "how many, by return"
    plot.hasWholeTicks = true
    let ticks = scaleX.ticks(6)
    plot.ticksX = ticks.values.map {
      (
        $0,
        NumberText.percent($0, places: ticks.step < 0.00999 ? (ticks.step < 0.000999 ? 2 : 1) : 0)
      )
    }
    for (index, count) in counts.enumerated() where count > 0 {
      let from = Double(first + index) * width
      let title =
        "\(NumberText.percent(from, places: 2)) to "
        + "\(NumberText.percent(from + width, places: 2)): \(count)"
      plot.bar(from, from + width, Double(count), from < -width / 2 ? "loss" : "gain", title)
    }
    let mean = values.reduce(0, +) / Double(values.count)
    plot.upright(mean, "mean", name: "mean \(NumberText.percent(mean, places: 2))")
    return plot.figure("Net return of a trade")
  }

  private func scatter(_ trades: [ClosedTrade]) -> Markup {
    let step = (trades.count + Self.dotsMax - 1) / Self.dotsMax
    let shown = stride(from: 0, to: trades.count, by: step).map { trades[$0] }
    let points = report.curve.points
    let times = trades.map { Double($0.exitTime.nanoseconds) / 1e9 }
    let low = points.first.map { Double($0.time.nanoseconds) / 1e9 } ?? times.min() ?? 0
    let high = points.last.map { Double($0.time.nanoseconds) / 1e9 } ?? times.max() ?? 1
    let values = shown.compactMap(\.returned)
    var plot = Plot(
      height: 220,
      x: PlotScale(
        exactly: Swift.min(low, times.min() ?? low), Swift.max(high, times.max() ?? high)),
      y: PlotScale(values, including: [0]))
    plot.unitY = step > 1 ? "one of \(step), by exit" : "by exit"
    plot.tickCountY = 4
    plot.labelY = { value, step in
      NumberText.percent(value, places: step < 0.00999 ? (step < 0.000999 ? 2 : 1) : 0)
    }
    if let first = points.first?.time, let last = points.last?.time {
      plot.ticksX = ReportTime.ticks(first, last, count: 6)
        .map { (Double($0.time.nanoseconds) / 1e9, $0.text) }
    }
    plot.level(0)
    for trade in shown {
      guard let value = trade.returned else { continue }
      let title =
        "\(report.names.symbol(trade.instrument)) \(trade.side == .buy ? "long" : "short"), "
        + "\(ReportTime.minute(trade.entryTime)) to \(ReportTime.minute(trade.exitTime)): "
        + NumberText.percent(value, places: 2, signed: true)
      plot.dot(
        Double(trade.exitTime.nanoseconds) / 1e9, value, value >= 0 ? "gain" : "loss", title)
    }
    return plot.figure("Net return")
  }

  var simulations: Markup {
    var markup = Markup()
    for simulation in report.simulations {
      markup += "<section><h2>Monte Carlo: \(simulation.name)</h2><div class=\"pair\">"
      markup += fan(simulation.result)
      markup += distributionTable(simulation.result)
      markup += "</div></section>\n"
    }
    return markup
  }

  private func fan(_ result: MonteCarloResult) -> Markup {
    let x = result.checkpoints.map(Double.init)
    let lines = result.bands.map { PlotLine(x: x, y: $0) }
    guard lines.count == 5 else { return "" }
    let scale = PlotScale(result.bands.flatMap { $0 }, mayBeLogarithmic: true)
    var plot = Plot(height: 260, x: PlotScale(exactly: 0, Double(result.steps)), y: scale)
    plot.unitY = "multiples of the start" + (scale.isLogarithmic ? ", logarithmic" : "")
    plot.labelY = { value, step in
      NumberText.decimal(value, places: Self.places(step)) + "×"
    }
    let ticks = plot.x.ticks(6)
    plot.ticksX = ticks.values.map { ($0, NumberText.short($0, step: ticks.step)) }
    plot.band(lines[0], lines[4], "wide", name: "5–95 %")
    plot.band(lines[1], lines[3], "inner", name: "25–75 %")
    plot.line(lines[2], "own", name: "Median")
    plot.level(1, "zero")
    plot.say(
      x,
      result.checkpoints.indices.map { index in
        let parts = result.bands.map { NumberText.decimal($0[index], places: 2) }
        return "step \(result.checkpoints[index]):  \(parts[0]) · \(parts[2]) · \(parts[4])"
      })
    return plot.figure("Equity by step")
  }

  private func distributionTable(_ result: MonteCarloResult) -> Markup {
    var markup: Markup = """
      <div><div class="scroll"><table><thead><tr><th>Percentile</th><th>5 %</th><th>25 %</th>\
      <th>50 %</th><th>75 %</th><th>95 %</th></tr></thead><tbody>
      """
    let rows: [(String, MonteCarloResult.Distribution?, Bool)] = [
      ("Final return", result.finalReturn, true), ("Max drawdown", result.maxDrawdown, true),
      ("Sharpe", result.sharpe, false),
    ]
    for (name, distribution, isShare) in rows {
      guard let distribution else { continue }
      markup += "<tr><td>\(name)</td>"
      for value in distribution.percentiles {
        markup += "<td>"
        markup +=
          isShare
          ? "\(NumberText.percent(value))" : "\(NumberText.decimal(value, places: 2))"
        markup += "</td>"
      }
      markup += "</tr>"
    }
    markup += "</tbody></table></div>"
    let settings = result.settings
    markup += Self.table([
      ("Probability of a loss", NumberText.percent(result.probabilityOfLoss)),
      (
        "Probability of losing \(NumberText.percent(settings.ruin, places: 0)) on the way",
        NumberText.percent(result.probabilityOfRuin)
      ),
      (
        "Paths × steps",
        "\(NumberText.decimal(Double(settings.paths), places: 0)) × "
          + NumberText.decimal(Double(result.steps), places: 0)
      ),
      ("Drawn", Self.words(result.resampling)), ("Seed", "\(settings.seed)"),
    ])
    markup += "</div>"
    return markup
  }

  private static func words(_ resampling: MonteCarlo.Resampling) -> String {
    switch resampling {
    case .single: "one by one"
    case .blocks(let length): "in blocks of \(length)"
    case .stationary(let length): "in blocks of \(length) on average"
    }
  }

  /// Enough to tell two neighbours on an axis apart.
  private static func places(_ step: Double) -> Int {
    [(0.001, 4), (0.01, 3), (0.1, 2), (1, 1)].first { step < $0.0 }?.1 ?? 0
  }
}
