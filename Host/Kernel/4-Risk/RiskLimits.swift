package import Market
package import PluginABI
import PluginBridge

/// What a slot's orders may not exceed. nil switches a check off; only the research preset does.
package struct RiskLimits: Sendable {
  /// Worth of one order.
  package var orderNotionalMax: Money?
  /// Worth of a slot's position in one instrument if everything working fills.
  package var positionNotionalMax: Money?
  /// How far from the reference price a limit may be, in parts per million.
  package var priceCollarPartsPerMillion: Int64?
  /// How old the last price may be.
  package var dataAgeMax: Nanoseconds?

  package init(
    orderNotionalMax: Money? = nil, positionNotionalMax: Money? = nil,
    priceCollarPartsPerMillion: Int64? = nil, dataAgeMax: Nanoseconds? = nil
  ) {
    self.orderNotionalMax = orderNotionalMax
    self.positionNotionalMax = positionNotionalMax
    self.priceCollarPartsPerMillion = priceCollarPartsPerMillion
    self.dataAgeMax = dataAgeMax
  }
}

extension RiskLimits {
  /// The journal's form; what is off is KEEL_NULL there.
  package init(_ record: keel_rec_limits) {
    func money(_ low: UInt64, _ high: Int64) -> Money? {
      guard high != .min else { return nil }
      return Money(low: low, high: high, asset: AssetID(rawValue: record.asset))
    }
    self.init(
      orderNotionalMax: money(record.order_low, record.order_high),
      positionNotionalMax: money(record.position_low, record.position_high),
      priceCollarPartsPerMillion: record.collar_ppm == KEEL_NULL ? nil : record.collar_ppm,
      dataAgeMax: record.data_age == KEEL_NULL ? nil : Nanoseconds(record.data_age))
  }

  package var record: keel_rec_limits {
    var record = keel_rec_limits()
    record.h = keel_event(KEEL_REC_LIMITS, of: keel_rec_limits.self)
    record.order_high = .min
    record.position_high = .min
    if let order = orderNotionalMax {
      record.order_low = order.low
      record.order_high = order.high
      record.asset = order.asset.rawValue
    }
    if let position = positionNotionalMax {
      record.position_low = position.low
      record.position_high = position.high
      record.asset = position.asset.rawValue
    }
    record.collar_ppm = priceCollarPartsPerMillion ?? KEEL_NULL
    record.data_age = dataAgeMax?.count ?? KEEL_NULL
    return record
  }
}
