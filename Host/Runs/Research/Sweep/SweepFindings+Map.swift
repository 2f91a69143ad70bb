package import Performance

extension SweepFindings {
  /// The objective over the first two parameters of several values: the mean of the trials of each
  /// cell, at most `cellsMax` along each side. nil with fewer than two such parameters. Scattered
  /// points would leave most of many cells empty: theirs are larger.
  package func map(cellsMax: Int) -> SweepMap? {
    let varied = space.parameters.indices.filter {
      (space.parameters[$0].domain.count ?? .max) > 1
    }
    guard varied.count >= 2, !ranked.isEmpty else { return nil }
    let (row, column) = (varied[0], varied[1])
    let cellsMax = isGrid ? cellsMax : Swift.min(cellsMax, 6)
    let rows = MapAxis(space.parameters[row], cellsMax: cellsMax)
    let columns = MapAxis(space.parameters[column], cellsMax: cellsMax)
    var sums = Array(
      repeating: Array(repeating: (sum: 0.0, count: 0), count: columns.labels.count),
      count: rows.labels.count)
    for trial in ranked {
      let (y, x) = (
        rows.cell(trial.record.point.values[row]), columns.cell(trial.record.point.values[column])
      )
      sums[y][x].sum += trial.value
      sums[y][x].count += 1
    }
    var map = SweepMap(
      metric: objective.name, columnName: columns.name, columns: columns.labels,
      rowName: rows.name, rows: rows.labels,
      values: sums.map { $0.map { $0.count > 0 ? $0.sum / Double($0.count) : nil } })
    if let best = ranked.first?.record.point {
      map.chosen = (rows.cell(best.values[row]), columns.cell(best.values[column]))
    }
    return map
  }
}

/// The cells of one side of a map: each value its own, or even stretches of many.
struct MapAxis {
  let name: String
  let labels: [String]
  private let domain: ParameterDomain
  private let isBinned: Bool

  init(_ parameter: SearchParameter, cellsMax: Int) {
    name = parameter.name
    domain = parameter.domain
    let count = domain.count ?? .max
    // Words are never joined: none is nearer to another than the rest.
    isBinned = domain.isOrdered && count > cellsMax
    if isBinned {
      let domain = domain
      labels = (0..<cellsMax).map { cell in
        Self.short(domain.value(nearest: (Double(cell) + 0.5) / Double(cellsMax)))
      }
    } else {
      let domain = domain
      labels = (0..<count).map { domain.value($0).text }
    }
  }

  func cell(_ value: TrialValue) -> Int {
    let place = domain.place(of: value)
    if isBinned {
      return Swift.min(labels.count - 1, Int(place * Double(labels.count)))
    }
    guard domain.isOrdered else { return Int(place) }
    return Int((place * Double(labels.count - 1)).rounded())
  }

  /// The middle of a stretch, with as many digits as tell it from the next.
  private static func short(_ value: TrialValue) -> String {
    guard case .decimal(let number) = value, number != 0 else { return value.text }
    var scale = 1.0
    while number.magnitude * scale < 100, scale < 1e15 { scale *= 10 }
    return "\((number * scale).rounded() / scale)"
  }
}
