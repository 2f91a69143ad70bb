package import Market

/// How the simulated venue differs from an ideal one.
package struct VenueModel: Sendable {
  /// From the host's decision to the venue, for orders and cancels alike.
  package var latency: Nanoseconds
  /// Fraction of the traded worth in parts per million; negative is a rebate.
  package var makerFeePartsPerMillion: Int64
  package var takerFeePartsPerMillion: Int64

  package init(
    latency: Nanoseconds = .zero, makerFeePartsPerMillion: Int64 = 0,
    takerFeePartsPerMillion: Int64 = 0
  ) {
    precondition(latency >= .zero, "an order does not arrive before it is sent")
    precondition(
      Swift.max(makerFeePartsPerMillion.magnitude, takerFeePartsPerMillion.magnitude) <= 1_000_000,
      "a fee is a fraction of the worth")
    self.latency = latency
    self.makerFeePartsPerMillion = makerFeePartsPerMillion
    self.takerFeePartsPerMillion = takerFeePartsPerMillion
  }
}
