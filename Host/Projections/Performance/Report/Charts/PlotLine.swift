/// A course of values over whole steps, thinned so that a picture of any length stays small and no
/// peak is lost.
struct PlotLine {
  struct Point: Equatable {
    let x: Double
    let y: Double
  }
  let points: [Point]

  /// `x` ascending. Of each stretch that shares a column of the picture, the first, lowest, highest
  /// and last value are kept.
  init(x: [Double], y: [Double], columns: Int = 480) {
    let count = Swift.min(x.count, y.count)
    guard count > columns * 4, let low = x.first, x[count - 1] > low else {
      points = (0..<count).map { Point(x: x[$0], y: y[$0]) }
      return
    }
    let width = (x[count - 1] - low) / Double(columns)
    var kept: [Point] = []
    var start = 0
    while start < count {
      let column = ((x[start] - low) / width).rounded(.down)
      var end = start
      var (lowest, highest) = (start, start)
      while end < count, ((x[end] - low) / width).rounded(.down) == column {
        if y[end] < y[lowest] { lowest = end }
        if y[end] > y[highest] { highest = end }
        end += 1
      }
      var last = -1
      for index in [start, Swift.min(lowest, highest), Swift.max(lowest, highest), end - 1]
      where index != last {
        kept.append(Point(x: x[index], y: y[index]))
        last = index
      }
      start = end
    }
    points = kept
  }
}
