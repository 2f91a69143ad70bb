import Glibc

/// What a few observed values say about all others: a Gaussian process with a Matérn 5/2 kernel of
/// one length scale for each dimension (Rasmussen and Williams, 2006). Its height is the one that
/// makes the observations likeliest; the mean is that of the observations.
struct GaussianProcess {
  struct Settings: Equatable {
    /// In places of a dimension, which go from 0 to 1.
    var scales: [Double]
    /// The variance of what is not explained, over that of what is.
    var noise: Double
  }

  let settings: Settings
  /// One behind the other.
  private let places: [Double]
  /// Words are as far from one another as they can be: 1.
  private let isOrdered: [Bool]
  private let factor: SymmetricFactor
  private let weights: [Double]
  private let mean: Double
  private let height: Double
  /// The logarithm of how likely the observations are.
  let likelihood: Double

  /// nil without observations, or where they cannot be told apart.
  init?(_ places: [[Double]], _ values: [Double], isOrdered: [Bool], settings: Settings) {
    let count = places.count
    guard count > 0, values.count == count else { return nil }
    let flat = places.flatMap { $0 }
    var matrix = [Double](repeating: 0, count: count * count)
    Self.withKernel(isOrdered, settings.scales, flat) { kernel, flat in
      let dimensions = isOrdered.count
      for row in 0..<count {
        for column in 0..<row {
          matrix[row * count + column] = kernel.value(
            flat + row * dimensions, flat + column * dimensions)
        }
        matrix[row * count + row] = 1 + settings.noise
      }
    }
    guard let factor = SymmetricFactor(matrix, size: count) else { return nil }
    let mean = values.reduce(0, +) / Double(count)
    let centred = values.map { $0 - mean }
    let weights = factor.solve(centred)
    var fit = 0.0
    for (value, weight) in zip(centred, weights) { fit += value * weight }
    // Observations that are all equal have no height; the smallest keeps the arithmetic whole.
    height = Swift.max(fit / Double(count), 1e-12)
    likelihood =
      -0.5 * Double(count) * log(height) - factor.diagonal.reduce(0) { $0 + log($1) }
    self.settings = settings
    self.places = flat
    self.isOrdered = isOrdered
    self.factor = factor
    self.weights = weights
    self.mean = mean
  }

  /// What to expect at a place, and how far off it may be.
  func predict(_ place: [Double]) -> (mean: Double, deviation: Double) {
    let dimensions = isOrdered.count
    let covariances = Self.withKernel(isOrdered, settings.scales, places) { kernel, places in
      place.withUnsafeBufferPointer { place in
        (0..<weights.count).map { kernel.value(places + $0 * dimensions, place.baseAddress!) }
      }
    }
    var expected = mean
    for (covariance, weight) in zip(covariances, weights) { expected += covariance * weight }
    var known = 0.0
    for part in factor.solveLower(covariances) { known += part * part }
    return (expected, (height * Swift.max(1 - known, 0)).squareRoot())
  }

  /// Called some thousand times for every point that is chosen: over plain memory.
  private struct Kernel {
    let isOrdered: UnsafePointer<Bool>
    let scales: UnsafePointer<Double>
    let dimensions: Int

    func value(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>) -> Double {
      var square = 0.0
      var index = 0
      while index < dimensions {
        var distance = a[index] - b[index]
        if !isOrdered[index], distance != 0 { distance = 1 }
        let scaled = distance / scales[index]
        square += scaled * scaled
        index += 1
      }
      let root = (5 * square).squareRoot()
      return (1 + root + 5 * square / 3) * exp(-root)
    }
  }

  private static func withKernel<Answer>(
    _ isOrdered: [Bool], _ scales: [Double], _ places: [Double],
    _ body: (Kernel, UnsafePointer<Double>) -> Answer
  ) -> Answer {
    precondition(!isOrdered.isEmpty && scales.count == isOrdered.count, "a scale for each")
    return isOrdered.withUnsafeBufferPointer { isOrdered in
      scales.withUnsafeBufferPointer { scales in
        places.withUnsafeBufferPointer { places in
          body(
            Kernel(
              isOrdered: isOrdered.baseAddress!, scales: scales.baseAddress!,
              dimensions: isOrdered.count), places.baseAddress!)
        }
      }
    }
  }
}
