package import Market

/// One thing that is wrong, or may be.
package struct Finding: Equatable, Sendable {
  package enum Value: Equatable, Sendable {
    case none
    /// Mantissas of the instrument's exponents.
    case price(Int64)
    case quantity(Int64)
    case duration(Nanoseconds)
    case count(Int)
    case basisPoints(Double)
    case identifier(UInt64)

    /// By what examples of one kind are put in order.
    package var magnitude: Double {
      switch self {
      case .none, .price, .quantity, .identifier: 0
      case .duration(let duration): Double(duration.count)
      case .count(let count): Double(count)
      case .basisPoints(let points): points.magnitude
      }
    }
  }

  package let kind: FindingKind
  /// nil where none is concerned.
  package let instrument: InstrumentID?
  package let time: Timestamp
  /// Its place in the stream, counted from 1; nil for what is no single record.
  package let record: Int?
  package let value: Value

  package init(
    _ kind: FindingKind, _ instrument: InstrumentID?, at time: Timestamp, record: Int?,
    _ value: Value = .none
  ) {
    self.kind = kind
    self.instrument = instrument
    self.time = time
    self.record = record
    self.value = value
  }
}
