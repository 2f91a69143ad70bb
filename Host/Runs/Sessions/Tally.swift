import Kernel
import PluginABI
import PluginBridge

/// What a slot did so far, counted from the records.
package struct Tally: Sendable {
  package var signals = 0
  package var intents = 0
  package var orders = 0
  package var refusals = 0
  package var fills = 0
  /// Refusals by KEEL_REASON_.
  package var reasons: [Int: Int] = [:]
  /// What the venue refused, of what was sent to it; by KEEL_REASON_.
  package var rejections = 0
  package var rejectionReasons: [Int: Int] = [:]
}

extension Session {
  func tally(_ record: Record) {
    let owner: UInt32
    if record.type == KEEL_EV_FILL, let fill = Fill(record),
      Int(fill.raw.pointee.is_external) == KEEL_FILL_CLOSING
    {
      // Its parts follow from the venue's word on the whole, each of a slot.
      owner = record.source
    } else if record.type == KEEL_EV_FILL {
      guard let fill = Fill(record), let order = kernel.state.orders[fill.orderID] else { return }
      owner = order.slot
    } else if record.type == KEEL_EV_ORDER {
      guard let update = OrderUpdate(record), update.state == .rejected,
        let order = kernel.state.orders[update.orderID]
      else { return }
      owner = order.slot
    } else {
      owner = record.source
    }
    guard owner > 0, Int(owner) <= tallies.count else { return }
    let index = Int(owner) - 1
    switch record.type {
    case KEEL_EV_SIGNAL: tallies[index].signals += 1
    case KEEL_EV_FILL: tallies[index].fills += 1
    case KEEL_EV_ORDER:
      tallies[index].rejections += 1
      tallies[index].rejectionReasons[OrderUpdate(record)?.reason ?? 0, default: 0] += 1
    case KEEL_CMD_SUBMIT: tallies[index].orders += 1
    case KEEL_REC_DECISION:
      guard let decision = record.cast(to: keel_rec_decision.self)?.pointee,
        decision.approved == 0
      else { return }
      tallies[index].refusals += 1
      tallies[index].reasons[Int(decision.reason), default: 0] += 1
    default:
      if IntentKind(rawValue: record.type) != nil { tallies[index].intents += 1 }
    }
  }
}
