import Kernel
import Market
import PluginABI
import PluginBridge

/// Everything a kernel lets be seen, as lines that can be compared.
enum KernelText {
  static func describe(_ kernel: borrowing Kernel) -> [String] {
    let due = kernel.nextDue.map { "\($0.nanoseconds)" } ?? "nothing"
    var lines = ["sequence \(kernel.sequence) due \(due)"]
    lines.append(
      "turn \(kernel.state.turns) at \(kernel.state.now.nanoseconds) counts \(kernel.state.counts)")
    for index in 0..<kernel.state.orders.openCount {
      lines.append("\(kernel.state.orders.openOrder(at: index))")
    }
    for id in SimulatedInstrument.all.indices.map(SimulatedInstrument.id) {
      lines.append("\(id) \(String(describing: kernel.state.instrument(id)))")
      lines.append("\(id) \(String(describing: kernel.state.market(id)))")
      for slot in 0..<UInt32(SlowBook.slots) {
        for leg in [PositionSide.net, .short] {
          lines.append("slot \(slot) \(id) \(leg) \(kernel.state.positions[slot, id, leg])")
        }
      }
    }
    for account in 0..<kernel.state.cash.accounts {
      for asset in 0..<UInt32(kernel.state.cash.assets) {
        let balance = kernel.state.cash[UInt16(account), AssetID(rawValue: asset)]
        let terms = CashLedger.Term.allCases.map { "\(balance[$0])" }
        lines.append("\(account)/\(asset) \(terms) \(balance.total)")
      }
    }
    for number in 1..<UInt32(kernel.slots.count) {
      lines.append(slot(kernel, number))
    }
    for key in LimitKey.allCases {
      lines.append("\(key) \(kernel.risk.limits[key].map { "\($0)" } ?? "off")")
    }
    return lines
  }

  private static func slot(_ kernel: borrowing Kernel, _ number: UInt32) -> String {
    let companion = kernel.slots[number].companion.map {
      "\($0.role) \($0.author) \($0.hasFailed) \($0.equalTurns) \($0.differentTurns) "
        + "\($0.intents) \($0.refusals)"
    }
    return "slot \(number) generation \(kernel.slots[number].generation) "
      + "author \(kernel.slots[number].author) parked \(kernel.slots[number].isParked) "
      + "batches \(kernel.slots[number].batches) dropped \(kernel.slots[number].dropped) "
      + (companion ?? "alone")
  }
}
