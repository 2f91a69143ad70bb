import Glibc

/// From values to places on a plot, and the round values that are written beside it.
struct PlotScale {
  let low: Double
  let high: Double
  /// Equal steps are equal ratios.
  let isLogarithmic: Bool

  /// Room for all the values. `including` are shown even where no value comes near.
  init(_ values: [Double], including: [Double] = [], mayBeLogarithmic: Bool = false) {
    let all = (values + including).filter(\.isFinite)
    var low = all.min() ?? 0
    var high = all.max() ?? 1
    isLogarithmic = mayBeLogarithmic && low > 0 && high / low > 8
    if isLogarithmic {
      let margin = pow(high / low, 0.04)
      self.low = low / margin
      self.high = high * margin
      return
    }
    if low == high {
      let margin = Swift.max(low.magnitude * 0.1, 1e-9)
      (low, high) = (low - margin, high + margin)
    }
    let margin = (high - low) * 0.05
    self.low = including.contains(low) ? low : low - margin
    self.high = including.contains(high) ? high : high + margin
  }

  init(exactly low: Double, _ high: Double) {
    self.low = low
    self.high = high > low ? high : low + 1
    isLogarithmic = false
  }

  /// 0 at the bottom, 1 at the top.
  func place(_ value: Double) -> Double {
    if isLogarithmic { return log(Swift.max(value, low) / low) / log(high / low) }
    return (value - low) / (high - low)
  }

  /// Round values, about `count` of them, and the step between them. `whole`: no fractions.
  func ticks(_ count: Int, whole: Bool = false) -> (values: [Double], step: Double) {
    if isLogarithmic { return logarithmicTicks(count) }
    let even = (high - low) / Double(Swift.max(1, count))
    let rough = whole ? Swift.max(1, even) : even
    let power = pow(10, log10(rough).rounded(.down))
    let factors = whole ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10]
    let step = factors.first { $0 * power >= rough * 0.999 }.map { $0 * power } ?? rough
    var values: [Double] = []
    var multiple = (low / step).rounded(.up)
    while multiple * step <= high + step * 1e-9, values.count < 50 {
      values.append(multiple * step)
      multiple += 1
    }
    return (values, step)
  }

  private func logarithmicTicks(_ count: Int) -> (values: [Double], step: Double) {
    for factors in [[1.0, 2, 5], [1, 3], [1]] {
      var values: [Double] = []
      var power = pow(10, log10(low).rounded(.down))
      while power <= high {
        values += factors.map { $0 * power }.filter { $0 >= low && $0 <= high }
        power *= 10
      }
      if values.count <= 2 * count || factors.count == 1 {
        return (values, values.first ?? low)
      }
    }
    return ([], low)
  }
}
