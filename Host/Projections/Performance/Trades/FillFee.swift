import Market
import PluginABI

/// A fill's fee in the settlement asset of its instrument, whatever it was charged in.
enum FillFee {
  /// nil where it was charged in an asset of which no rate is known.
  static func units(
    _ fill: UnsafePointer<keel_ev_fill>, _ instrument: Instrument, rates: [Double?]
  ) -> Int128? {
    let mantissa = fill.pointee.fee
    guard mantissa != 0, mantissa != KEEL_NULL else { return 0 }
    let exponent = Int(fill.pointee.fee_exp)
    let asset = AssetID(rawValue: fill.pointee.fee_asset)
    if asset == instrument.settlement {
      return FixedPoint.rescale(Int128(mantissa), from: exponent, to: Money.exponent)
    }
    if asset == instrument.base, instrument.exchangesAssets {
      let (product, overflow) = Int128(mantissa)
        .multipliedReportingOverflow(by: Int128(fill.pointee.px))
      return overflow
        ? nil
        : FixedPoint.rescale(
          product, from: exponent + instrument.priceExponent, to: Money.exponent)
    }
    guard let own = FixedPoint.rescale(Int128(mantissa), from: exponent, to: Money.exponent),
      let from = rate(asset, rates), let to = rate(instrument.settlement, rates)
    else { return nil }
    return Int128(exactly: (Double(own) * (from / to)).rounded())
  }

  private static func rate(_ asset: AssetID, _ rates: [Double?]) -> Double? {
    Int(asset.rawValue) < rates.count ? rates[Int(asset.rawValue)] : nil
  }
}
