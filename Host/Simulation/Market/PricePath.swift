/// What instruments are worth, step by step: chance with a share that is common to all, regimes
/// that come and go, volatility that clusters, and jumps.
struct PricePath: Sendable {
  struct Point: Sendable {
    /// In ticks, as a fraction of one too.
    var price: Double
    /// The last step's return.
    var move = 0.0
    /// Square of the present volatility over the regime's.
    var heat = 1.0
    let ticksMax: Double
  }

  private(set) var points: [Point]
  private(set) var regime = MarketRegime.calm
  private(set) var jumps = 0
  private let deviation: Double
  private let jumpChance: Double
  /// Weights of what is common and what is each one's own.
  private let common: Double
  private let own: Double
  private let correlation: Double
  private var direction = 1.0
  private var random: MarketRandom
  private static let ticksMin = 50.0

  init(_ instruments: [InventedInstrument], _ shape: MarketShape) {
    points = instruments.map { Point(price: $0.start, ticksMax: $0.ticksMax) }
    deviation = shape.stepDeviation
    jumpChance = 1 / shape.jumpSteps
    correlation = shape.correlation
    common = shape.correlation.squareRoot()
    own = (1 - shape.correlation).squareRoot()
    random = MarketRandom(seed: shape.seed, stream: 0)
  }

  /// The volatility now over the usual one.
  func agitation(_ instrument: Int) -> Double {
    regime.volatility * points[instrument].heat.squareRoot()
  }

  mutating func advance() {
    let before = regime
    regime = regime.next(&random)
    if regime != before { direction = random.chance(0.5) ? 1 : -1 }
    let shared = random.normal()
    let jump = drawJump()
    for index in points.indices {
      let shock = common * shared + own * random.normal()
      var move = regime.volatility * (points[index].heat.squareRoot() * shock)
      move += regime.volatility * regime.drift * direction
      if let jump, jump.instrument == nil || jump.instrument == index { move += jump.size }
      step(index, move * deviation, shock)
    }
  }

  private mutating func step(_ index: Int, _ move: Double, _ shock: Double) {
    // Halving or doubling in one step is as far as a market goes.
    let bounded = Swift.min(Swift.max(move, -0.5), 0.5)
    var point = points[index]
    point.move = bounded
    point.price = Swift.min(
      Swift.max(point.price * (1 + bounded), Self.ticksMin), point.ticksMax)
    // A large shock makes the next ones larger; calm returns slowly.
    point.heat = Swift.min(0.03 + 0.07 * point.heat * shock * shock + 0.9 * point.heat, 25)
    points[index] = point
  }

  /// In deviations; of one instrument, or of all as often as they go together.
  private mutating func drawJump() -> (size: Double, instrument: Int?)? {
    guard random.chance(jumpChance) else { return nil }
    jumps += 1
    let size = (10 + 15 * random.unit()) * (random.chance(0.5) ? 1 : -1)
    return (size, random.chance(correlation) ? nil : random.below(points.count))
  }
}
