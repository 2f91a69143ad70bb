package import Market

/// What holders of perpetual contracts pay each other. Where the data brings funding records, those
/// hold; a schedule makes them where it does not.
package struct FundingModel: Sendable {
  /// nil: from the data alone.
  package var interval: Nanoseconds?
  /// Of the worth at the mark, in parts per million; longs pay when it is positive.
  package var partsPerMillion: Int64

  package init(every interval: Nanoseconds? = nil, partsPerMillion: Int64 = 0) {
    if let interval { precondition(interval >= .seconds(60), "funding is due now and then") }
    precondition(partsPerMillion.magnitude <= 1_000_000, "funding is a share of the worth")
    self.interval = interval
    self.partsPerMillion = partsPerMillion
  }

  /// The first boundary after `time`: boundaries are whole intervals since 1970.
  func boundary(after time: Int64) -> Int64 {
    guard let interval = interval?.count else { return .max }
    let whole = time / interval * interval
    let next = (whole > time ? whole : whole.addingReportingOverflow(interval).partialValue)
    return next > time ? next : .max
  }
}
