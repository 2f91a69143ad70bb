import Glibc

/// Mean and central moments of a series, in two passes so that a large mean costs no digits.
package struct Moments: Sendable, Equatable {
  package let count: Int
  package let mean: Double
  /// Sums of the second, third and fourth powers of what each value is away from the mean.
  let second: Double
  let third: Double
  let fourth: Double

  package init(_ values: [Double]) {
    count = values.count
    guard !values.isEmpty else {
      (mean, second, third, fourth) = (0, 0, 0, 0)
      return
    }
    var sum = 0.0
    for value in values { sum += value }
    let mean = sum / Double(values.count)
    var (second, third, fourth) = (0.0, 0.0, 0.0)
    for value in values {
      let distance = value - mean
      let square = distance * distance
      second += square
      third += square * distance
      fourth += square * square
    }
    self.mean = mean
    (self.second, self.third, self.fourth) = (second, third, fourth)
  }

  /// Of the sample: divided by one less than the count.
  package var deviation: Double? {
    count > 1 ? (second / Double(count - 1)).squareRoot() : nil
  }
  /// Of the population: divided by the count.
  package var populationDeviation: Double? {
    count > 0 ? (second / Double(count)).squareRoot() : nil
  }
  /// Of the population; nil where nothing varies.
  package var populationSkew: Double? {
    guard varies else { return nil }
    return (third / Double(count)) / pow(second / Double(count), 1.5)
  }
  /// Of the population: 3 for a normal distribution.
  package var populationKurtosis: Double? {
    guard varies else { return nil }
    let variance = second / Double(count)
    return (fourth / Double(count)) / (variance * variance)
  }
  /// Corrected for bias, known as G1.
  package var skew: Double? {
    guard count > 2, let biased = populationSkew else { return nil }
    let n = Double(count)
    return biased * (n * (n - 1)).squareRoot() / (n - 2)
  }
  /// Corrected for bias, known as G2: 0 for a normal distribution.
  package var excessKurtosis: Double? {
    guard count > 3, let biased = populationKurtosis else { return nil }
    let n = Double(count)
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (biased - 3) + 6)
  }

  /// Equal values differ from their mean by rounding alone; that is no variation.
  var varies: Bool {
    guard count > 1 else { return false }
    let scale = mean.magnitude * 1e-14
    return second / Double(count) > scale * scale
  }
}
