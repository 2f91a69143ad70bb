import Market
import PluginABI

/// What an order that takes pays beyond the price it finds.
extension MatchingEngine {
  mutating func paid(
    _ order: UnsafeMutablePointer<VenueOrder>, _ price: Int64, _ quantity: Int64,
    _ market: Market, at time: Int64
  ) -> Int64 {
    let rule = model.slippage.rule
    guard rule != .none, let tick = market.pointee.instrument?.tick.mantissa else { return price }
    let sign = order.pointee.side.sign
    let ticks: Int64
    switch rule {
    case .none: ticks = 0
    case .ticks: ticks = model.slippage.amount
    case .share: ticks = self.ticks(Double(model.slippage.amount), of: price, tick)
    case .squareRoot:
      let now = barTime ?? time
      let effect = model.slippage.effect(quantity, of: market.pointee.activity.volume)
      let decay = model.slippage.decay.count
      let standing = market.pointee.activity.pressure(at: now, decay: decay) * Double(sign)
      market.pointee.activity.push(effect * Double(sign), at: now, decay: decay)
      ticks = self.ticks(effect + Swift.max(0, standing), of: price, tick)
    }
    let moved = ticks.multipliedReportingOverflow(by: tick * sign)
    let worse = price.addingReportingOverflow(moved.partialValue)
    guard !moved.overflow, !worse.overflow else { return price }
    // A price above zero stays one.
    let paid = price > 0 ? Swift.max(tick, worse.partialValue) : worse.partialValue
    guard order.pointee.hasLimit else { return paid }
    return sign > 0 ? Swift.min(paid, order.pointee.limit) : Swift.max(paid, order.pointee.limit)
  }

  /// Whole ticks, rounded up.
  private mutating func ticks(_ partsPerMillion: Double, of price: Int64, _ tick: Int64) -> Int64 {
    let distance = Double(price.magnitude) * partsPerMillion / 1e6 / Double(tick)
    return distance < 1e15 ? Int64(distance.rounded(.up)) : 0
  }
}
