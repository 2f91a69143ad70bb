/// Percentiles with linear interpolation between the two nearest values, found by selection: a
/// million returns are partly ordered, never sorted.
package struct Percentiles {
  private var values: [Double]
  /// Everything before this index is not above anything from it on.
  private var ordered = 0

  package init(_ values: [Double]) { self.values = values }

  /// Ask in ascending order: each answer narrows what the next one has to look at.
  package mutating func next(_ share: Double) -> Double? {
    guard !values.isEmpty, share >= 0, share <= 1 else { return nil }
    let place = share * Double(values.count - 1)
    let below = Swift.min(Int(place), values.count - 1)
    if below < ordered { ordered = 0 }
    select(below)
    let low = values[below]
    guard below + 1 < values.count, place > Double(below) else { return low }
    var high = values[below + 1]
    for index in below + 1..<values.count where values[index] < high { high = values[index] }
    return low + (place - Double(below)) * (high - low)
  }

  package static func of(_ values: [Double], _ shares: [Double]) -> [Double]? {
    guard !values.isEmpty else { return nil }
    var percentiles = Percentiles(values)
    return shares.compactMap { percentiles.next($0) }
  }

  /// Puts the value of that rank where it would stand if all were sorted, smaller ones before it.
  private mutating func select(_ rank: Int) {
    let from = ordered
    values.withUnsafeMutableBufferPointer { values in
      var low = from
      var high = values.count - 1
      while low < high {
        let pivot = Self.middle(
          values[low], values[low + (high - low) / 2], values[high])
        var left = low
        var right = high
        while left <= right {
          while values[left] < pivot { left += 1 }
          while values[right] > pivot { right -= 1 }
          guard left <= right else { break }
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
        if rank <= right {
          high = right
        } else if rank >= left {
          low = left
        } else {
          break
        }
      }
    }
    ordered = rank
  }

  private static func middle(_ a: Double, _ b: Double, _ c: Double) -> Double {
    Swift.max(Swift.min(a, b), Swift.min(Swift.max(a, b), c))
  }
}
