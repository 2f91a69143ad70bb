/// The lower triangle L of a symmetric, positive definite matrix, with L times its transpose equal
/// to the matrix (Cholesky).
struct SymmetricFactor {
  let size: Int
  /// By rows; above the diagonal is what the matrix had there.
  private let rows: [Double]

  /// `matrix` by rows, of which the lower triangle is read. nil where it is not positive definite.
  init?(_ matrix: [Double], size: Int) {
    precondition(size > 0 && matrix.count == size * size, "a square matrix")
    var rows = matrix
    let isDefinite = rows.withUnsafeMutableBufferPointer { rows in
      Self.factor(rows.baseAddress!, size)
    }
    guard isDefinite else { return nil }
    self.size = size
    self.rows = rows
  }

  /// Row by row; false where the matrix is not positive definite.
  private static func factor(_ rows: UnsafeMutablePointer<Double>, _ size: Int) -> Bool {
    for row in 0..<size {
      let own = rows + row * size
      for column in 0...row {
        let other = rows + column * size
        var sum = own[column]
        var k = 0
        while k < column {
          sum -= own[k] * other[k]
          k += 1
        }
        if row == column {
          guard sum > 0, sum.isFinite else { return false }
          own[row] = sum.squareRoot()
        } else {
          own[column] = sum / other[column]
        }
      }
    }
    return true
  }

  /// x with L x = b.
  func solveLower(_ b: [Double]) -> [Double] {
    var x = b
    rows.withUnsafeBufferPointer { rows in
      for row in 0..<size {
        var sum = x[row]
        for k in 0..<row { sum -= rows[row * size + k] * x[k] }
        x[row] = sum / rows[row * size + row]
      }
    }
    return x
  }

  /// x with (matrix) x = b.
  func solve(_ b: [Double]) -> [Double] {
    var x = solveLower(b)
    for row in stride(from: size - 1, through: 0, by: -1) {
      var sum = x[row]
      for k in row + 1..<Swift.max(size, row + 1) { sum -= rows[k * size + row] * x[k] }
      x[row] = sum / rows[row * size + row]
    }
    return x
  }

  /// The diagonal, whose product is the root of the determinant.
  var diagonal: [Double] { (0..<size).map { rows[$0 * size + $0] } }
}
