/// The Sharpe ratio of a window that moves along the returns.
package enum RollingSharpe {
  /// One value for each return from the window's last on; nil where the window does not vary.
  /// Sums are made anew every window's length, so that rounding does not gather.
  package static func values(
    _ returns: [Double], window: Int, periodsPerYear: Double
  ) -> [Double?] {
    guard window > 1, returns.count >= window, periodsPerYear > 0 else { return [] }
    let n = Double(window)
    let root = periodsPerYear.squareRoot()
    var values: [Double?] = []
    values.reserveCapacity(returns.count - window + 1)
    var (sum, squares) = (0.0, 0.0)
    for end in window - 1..<returns.count {
      if (end - window + 1) % window == 0 {
        (sum, squares) = (0, 0)
        for value in returns[(end - window + 1)...end] {
          sum += value
          squares += value * value
        }
      } else {
        let (new, old) = (returns[end], returns[end - window])
        sum += new - old
        squares += new * new - old * old
      }
      let variance = (squares - sum * sum / n) / (n - 1)
      // What rounding leaves of a window of equal returns is no variance.
      let varies = variance > squares / n * 1e-12
      values.append(varies ? (sum / n / variance.squareRoot() * root).ifFinite : nil)
    }
    return values
  }
}
