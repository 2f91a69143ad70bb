import Kernel
import Market
import PluginABI
import PluginBridge

/// A few limits worked out again, from what left and from where everything stands after the turn:
/// no new order may exceed one that was on. Orders that only reduce are left out.
enum LimitWatch {
  /// What was exceeded; nil when nothing was.
  static func excess(
    of orders: [keel_order], _ state: borrowing State, _ limits: [LimitKey: Int64]
  ) -> String? {
    for (index, order) in orders.enumerated() where order.intent_id != 0 {
      guard Int(order.flags) & KEEL_INF_REDUCE_ONLY == 0,
        state.orders[order.order_id]?.isReduceOnly == false,
        let reference = state.market(InstrumentID(rawValue: order.h.inst))?.reference?.mantissa
      else { continue }
      if let share = limits[.priceCollar], order.limit != KEEL_NULL {
        let distance = Int128(order.limit) - Int128(reference)
        if (distance < 0 ? -distance : distance) * 1_000_000 > Int128(share) * Int128(reference) {
          return "an order at \(order.limit) is outside the collar around \(reference)"
        }
      }
      // Others are counted in another asset than the limits are.
      guard SimulatedInstrument.of(order.h.inst).settle == 2 else { continue }
      let price = order.limit == KEEL_NULL ? reference : max(order.limit, reference)
      let worth = worth(order.h.inst, price, order.qty)
      guard grows(order, state) else { continue }
      if let most = limits[.orderWorth], worth > Int128(most) * SimulatedInstrument.power(10) {
        return "an order worth \(worth) exceeds \(most): "
          + "\(String(describing: state.orders[order.order_id])), \(ends(order, state))"
      }
      guard let most = limits[.positionWorth],
        !orders.dropFirst(index + 1).contains(where: { isSameKind($0, order) })
      else { continue }
      if let excess = position(order, price, state, Int128(most)) { return excess }
    }
    return nil
  }

  /// The last of a slot's orders in one direction stands for all of them.
  private static func isSameKind(_ a: keel_order, _ b: keel_order) -> Bool {
    a.h.source == b.h.source && a.h.inst == b.h.inst && a.side == b.side
      && a.position_side == b.position_side
  }

  private static func position(
    _ order: keel_order, _ price: Int64, _ state: borrowing State, _ most: Int128
  ) -> String? {
    let (_, after) = ends(order, state)
    let worth = worth(order.h.inst, price, abs(after))
    guard after != 0, worth > most * SimulatedInstrument.power(10) else { return nil }
    return "a position that may be worth \(worth) exceeds \(most)"
  }

  /// What a slot holds, and where all that works in the order's direction leads it.
  private static func ends(
    _ order: keel_order, _ state: borrowing State
  ) -> (held: Int64, after: Int64) {
    let leg = PositionSide(rawValue: order.position_side) ?? .net
    let held = state.positions[order.h.source, InstrumentID(rawValue: order.h.inst), leg]
    let isBuy = Int(order.side) == KEEL_BUY
    return (held.quantity, held.quantity + (isBuy ? held.workingBuy : -held.workingSell))
  }

  /// What only makes a holding smaller is not held to its size.
  private static func grows(_ order: keel_order, _ state: borrowing State) -> Bool {
    let (held, after) = ends(order, state)
    return after != 0 && (abs(after) > abs(held) || (after > 0) != (held > 0))
  }

  private static func worth(_ instrument: UInt32, _ price: Int64, _ quantity: Int64) -> Int128 {
    let value = SimulatedInstrument.of(instrument).value(price: price, quantity: quantity)
    return value < 0 ? -value : value
  }
}
