package import Market
import PluginBridge

/// What one open order will take of an asset if it fills, at most.
struct Reservation: Sendable {
  var order: UInt64 = 0
  var asset: UInt32 = 0
  /// The market's when it was placed.
  var price: Int64 = 0
  var units: Int128 = 0
}

extension Portfolio {
  /// What an order gives away if it fills: what it buys with, taker fee included, or what it
  /// sells. nil where nothing is paid when it trades; `units` nil beyond 128 bits.
  package func spending(
    _ side: Side, _ quantity: Quantity, _ price: Price, _ instrument: Instrument
  ) -> (asset: AssetID, units: Int128?)? {
    switch side {
    case .buy:
      guard instrument.isPaidInFull else { return nil }
      let asset = instrument.exchangesAssets ? instrument.quote : instrument.settlement
      return (
        asset,
        instrument.notional(price, quantity).flatMap { cost in
          let fee = Int128(terms(of: instrument.account).takerFee)
          let (parts, first) = cost.units.multipliedReportingOverflow(by: fee)
          // Up to the whole unit, so that what is there always pays it.
          let (sum, second) = cost.units.addingReportingOverflow(
            parts / 1_000_000 + (parts % 1_000_000 > 0 ? 1 : 0))
          return first || second ? nil : sum
        }
      )
    case .sell:
      guard instrument.exchangesAssets else { return nil }
      return (
        instrument.base,
        FixedPoint.rescale(
          Int128(quantity.mantissa), from: instrument.quantityExponent, to: Money.exponent)
      )
    }
  }

  /// What is not yet promised to a working order.
  package func reserved(_ asset: AssetID) -> Int128 { assets[Int(asset.rawValue)].reserved }

  mutating func opened(_ order: Order, _ position: Position, market: Price?) {
    moved(order.slot, order.instrument, position, price: market ?? order.limit)
    reserve(order, market)
    cover(order, order.remaining.mantissa)
  }

  /// An order filled, ended, or was changed.
  mutating func changed(_ before: Order, _ after: Order, _ position: Position, market: Price?) {
    moved(after.slot, after.instrument, position, price: nil)
    if before.working != after.working || before.limit != after.limit { reserve(after, market) }
    if before.isOpen { cover(before, -before.remaining.mantissa) }
    if after.isOpen { cover(after, after.remaining.mantissa) }
  }

  /// Sets aside what is left of an order, at its own price, or at what the market said when it was
  /// placed.
  private mutating func reserve(_ order: Order, _ market: Price?) {
    let place = Int(order.id & OrderTable.indexMask)
    if orders[place].order != order.id {
      orders[place] = Reservation(order: order.id, price: market?.mantissa ?? 0)
    }
    assets[Int(orders[place].asset)].reserved &-= orders[place].units
    orders[place].units = 0
    guard let instrument = rows[order.instrument.index].instrument, !order.working.isZero,
      let spending = spending(
        order.side, order.working, reservedPrice(order), instrument)
    else { return }
    orders[place].asset = spending.asset.rawValue
    orders[place].units = spending.units ?? 0
    assets[Int(spending.asset.rawValue)].reserved &+= orders[place].units
  }

  func reservedPrice(_ order: Order) -> Price {
    order.limit ?? Price(mantissa: orders[Int(order.id & OrderTable.indexMask)].price)
  }

  /// A stop that closes covers what it would close.
  private mutating func cover(_ order: Order, _ change: Int64) {
    guard order.isProtective, let trigger = order.trigger else { return }
    let index = order.instrument.index
    let notional = Int128(change) * Int128(trigger.mantissa)
    switch order.side {
    case .sell:
      rows[index].longCover.quantity &+= change
      rows[index].longCover.notional += notional
    case .buy:
      rows[index].shortCover.quantity &+= change
      rows[index].shortCover.notional += notional
    }
    touch(self.index(order.slot, order.instrument))
  }
}

extension Order {
  /// Ends a holding where the market turns against it. A take-profit does not.
  var isProtective: Bool {
    guard isReduceOnly else { return false }
    return switch type {
    case .stop, .stopLimit, .trailingStop: true
    case .market, .limit, .takeProfit, .ifTouched: false
    }
  }
}
