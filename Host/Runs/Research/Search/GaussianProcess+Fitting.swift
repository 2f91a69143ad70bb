import Glibc
import Performance

extension GaussianProcess {
  private static let drawsMax = 24
  private static let roundsMax = 3
  private static let scaleRange = log(0.03)...log(8.0)
  private static let noiseRange = log(1e-6)...log(1.0)

  /// The settings under which the observations are likeliest, found among drawn ones and then step
  /// by step. Few observations fit almost anything: until they say otherwise, scales of a third of
  /// the whole and little noise are taken to be likely.
  static func fitted(
    _ places: [[Double]], _ values: [Double], isOrdered: [Bool],
    _ generator: inout ResamplingGenerator
  ) -> GaussianProcess? {
    let dimensions = isOrdered.count
    func process(_ logarithms: [Double]) -> (process: GaussianProcess, score: Double)? {
      let settings = Settings(
        scales: logarithms.dropLast().map { exp($0) }, noise: exp(logarithms[dimensions]))
      guard let process = Self(places, values, isOrdered: isOrdered, settings: settings) else {
        return nil
      }
      var score = process.likelihood
      for logarithm in logarithms.dropLast() {
        let distance = logarithm - log(0.35)
        score -= 0.5 * distance * distance
      }
      let distance = (logarithms[dimensions] - log(1e-3)) / 2
      return (process, score - 0.5 * distance * distance)
    }
    var best = [Double](repeating: log(0.35), count: dimensions) + [log(1e-3)]
    var found = process(best)
    func consider(_ logarithms: [Double]) -> Bool {
      guard let next = process(logarithms), next.score > found?.score ?? -.infinity else {
        return false
      }
      (best, found) = (logarithms, next)
      return true
    }
    for _ in 0..<drawsMax {
      var drawn = (0..<dimensions).map { _ in between(scaleRange, generator.share()) }
      drawn.append(between(noiseRange, generator.share()))
      _ = consider(drawn)
    }
    var step = 0.6
    for _ in 0..<roundsMax {
      for index in best.indices {
        let range = index == dimensions ? noiseRange : scaleRange
        for sign in [1.0, -1.0] {
          var moved = best
          moved[index] += sign * step * (index == dimensions ? 2 : 1)
          if range.contains(moved[index]), consider(moved) { break }
        }
      }
      step /= 2
    }
    return found?.process
  }

  private static func between(_ range: ClosedRange<Double>, _ share: Double) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * share
  }
}
