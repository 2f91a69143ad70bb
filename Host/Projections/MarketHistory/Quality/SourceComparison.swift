package import Market

/// Bars of the same time from two sources, held against each other. They come in the order of time
/// from each side; what waits for the other side is all that is kept.
package struct SourceComparison: Sendable {
  package enum Side: Sendable { case here, there }

  /// What a bar is compared by: prices as numbers, since the sides may count them otherwise.
  package struct Point: Equatable, Sendable {
    package let close: Timestamp
    package let price: Double

    package init(close: Timestamp, price: Double) {
      self.close = close
      self.price = price
    }
  }

  private let instrument: InstrumentID
  private let tolerance: Double
  private var here = Waiting()
  private var there = Waiting()
  private var returns = PairedMoments()
  private var last: (here: Double, there: Double)?
  private var differences = 0.0

  package private(set) var matched = 0
  package private(set) var different = 0
  package private(set) var differenceMax = 0.0
  /// Bars without a partner, inside the time that both sides cover.
  package private(set) var missingHere = 0
  package private(set) var missingThere = 0
  /// Bars before or behind the other side's.
  package private(set) var outside = 0

  package init(_ instrument: InstrumentID, toleranceBasisPoints: Double) {
    self.instrument = instrument
    tolerance = toleranceBasisPoints
  }

  /// In basis points; nil where nothing was matched.
  package var differenceMean: Double? { matched > 0 ? differences / Double(matched) : nil }
  /// Of the matched bars' returns; nil where they are too few or do not vary.
  package var correlation: Double? { returns.correlation }
  /// Bars that one of the sides still waits for.
  package var waiting: Int { here.count + there.count }

  package mutating func add(_ point: Point, from side: Side, into log: inout FindingLog) {
    switch side {
    case .here: here.push(point)
    case .there: there.push(point)
    }
    while let a = here.first, let b = there.first {
      if a.close == b.close {
        match(a, b, into: &log)
        here.pop()
        there.pop()
      } else if a.close < b.close {
        lone(a, .missingThere, hasBegun: there.hasBegun, into: &log)
        here.pop()
      } else {
        lone(b, .missingHere, hasBegun: here.hasBegun, into: &log)
        there.pop()
      }
    }
  }

  /// What is left has no partner, because the other side has ended.
  package mutating func finish() {
    outside += here.count + there.count
    (here, there) = (Waiting(), Waiting())
  }

  private mutating func lone(
    _ point: Point, _ kind: FindingKind, hasBegun: Bool, into log: inout FindingLog
  ) {
    guard hasBegun else {
      outside += 1
      return
    }
    if kind == .missingThere { missingThere += 1 } else { missingHere += 1 }
    log.add(Finding(kind, instrument, at: point.close, record: nil))
  }

  private mutating func match(_ a: Point, _ b: Point, into log: inout FindingLog) {
    matched += 1
    let sum = a.price + b.price
    let points = sum > 0 ? 2e4 * (b.price - a.price) / sum : 0
    differences += points.magnitude
    differenceMax = Swift.max(differenceMax, points.magnitude)
    if points.magnitude > tolerance {
      different += 1
      log.add(
        Finding(.differentPrice, instrument, at: a.close, record: nil, .basisPoints(points)))
    }
    if let last, last.here + a.price > 0, last.there + b.price > 0 {
      returns.add(
        2 * (a.price - last.here) / (a.price + last.here),
        2 * (b.price - last.there) / (b.price + last.there))
    }
    last = (a.price, b.price)
  }

  private struct Waiting: Sendable {
    private var points: [Point] = []
    private var head = 0
    /// Whether one of its bars was used up.
    private(set) var hasBegun = false

    var first: Point? { head < points.count ? points[head] : nil }
    var count: Int { points.count - head }

    mutating func push(_ point: Point) { points.append(point) }

    mutating func pop() {
      hasBegun = true
      head += 1
      if head > 1_024, head * 2 > points.count {
        points.removeFirst(head)
        head = 0
      }
    }
  }
}
