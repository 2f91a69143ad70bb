package import Performance

/// Parameters with their values, and what must hold between them.
package struct SearchSpace: Sendable {
  package let parameters: [SearchParameter]
  package let constraints: [SearchConstraint]

  /// So many trials of one search are nobody's wish.
  package static let pointsMax = 1_000_000
  private static let drawsMax = 2_000

  /// By the texts of `--param` and `--where`.
  package init(
    parameters texts: [String], constraints conditions: [String] = []
  ) throws(ResearchError) {
    guard !texts.isEmpty else {
      throw ResearchError(
        .usage, "--param", "no parameter is searched",
        remedy: "give one or more, such as --param trend.fast=10:50:10")
    }
    var parameters: [SearchParameter] = []
    for text in texts {
      let parameter = try SearchParameter.parse(text)
      guard !parameters.contains(where: { $0.name == parameter.name }) else {
        throw ResearchError(
          .usage, "--param", "\(parameter.name) is given twice",
          remedy: "put all its values into one --param")
      }
      parameters.append(parameter)
    }
    self.parameters = parameters
    var constraints: [SearchConstraint] = []
    for text in conditions { constraints.append(try SearchConstraint.parse(text, parameters)) }
    self.constraints = constraints
  }

  package func allows(_ point: SearchPoint) -> Bool {
    constraints.allSatisfy { $0.holds(point) }
  }

  /// How many points there are before constraints; nil where there is no end of them, or more than
  /// could be counted.
  package var size: Int? {
    var size = 1
    for parameter in parameters {
      guard let count = parameter.domain.count else { return nil }
      let (product, overflow) = size.multipliedReportingOverflow(by: count)
      guard !overflow else { return nil }
      size = product
    }
    return size
  }

  /// Every allowed point; the last parameter changes fastest.
  package func grid() throws(ResearchError) -> [SearchPoint] {
    if let endless = parameters.first(where: { $0.domain.count == nil }) {
      throw ResearchError(
        .usage, "--param", "\(endless.name): an interval of decimals has no end of values",
        remedy: "give a step, such as 0.1:0.9:0.1, or use --search random or model")
    }
    guard let size, size <= Self.pointsMax else {
      throw ResearchError(
        .usage, "--param", "the grid has more than \(Self.pointsMax) points",
        remedy: "widen the steps, or use --search random or model")
    }
    let counts = parameters.map { $0.domain.count ?? 0 }
    var points: [SearchPoint] = []
    for number in 0..<size {
      var rest = number
      var indices = counts
      for place in counts.indices.reversed() {
        (rest, indices[place]) = rest.quotientAndRemainder(dividingBy: counts[place])
      }
      let point = SearchPoint(zip(parameters, indices).map { $0.domain.value($1) })
      if allows(point) { points.append(point) }
    }
    guard !points.isEmpty else { throw Self.nothingAllowed }
    return points
  }

  /// A point drawn evenly among those allowed; nil where none was found.
  package func draw(_ generator: inout ResamplingGenerator) -> SearchPoint? {
    for _ in 0..<Self.drawsMax {
      let point = SearchPoint(
        parameters.map { $0.domain.value(atShare: generator.share()) })
      if allows(point) { return point }
    }
    return nil
  }

  /// Where a point lies: from 0 to 1 along each ordered parameter, an index for words.
  package func place(_ point: SearchPoint) -> [Double] {
    zip(parameters, point.values).map { $0.domain.place(of: $1) }
  }

  /// The names and values of a point: "trend.fast=10 trend.slow=50".
  package func text(_ point: SearchPoint) -> String {
    zip(parameters, point.values).map { "\($0.name)=\($1.text)" }.joined(separator: " ")
  }

  static var nothingAllowed: ResearchError {
    ResearchError(
      .usage, "--where", "no point, or next to none, satisfies all conditions",
      remedy: "loosen them, or widen the parameters")
  }
}

extension ResamplingGenerator {
  /// At least 0, below 1.
  mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }
}
