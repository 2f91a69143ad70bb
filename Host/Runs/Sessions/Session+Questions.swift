import Kernel
import Market

/// Small questions about a slot, asked by commands and tests.
extension Session {
  package func checkInvariants() { kernel.checkInvariants() }

  package func isSwapping(slot name: String) -> Bool {
    slots.first { $0.name == name }?.swap != nil
  }

  /// The slot's open orders in words, in the order of the book of orders.
  package func openOrderTexts(slot name: String) -> [String] {
    guard let slot = slots.first(where: { $0.name == name }) else { return [] }
    var texts: [String] = []
    kernel.state.orders.forEachOpen { order in
      guard order.slot == slot.number, let instrument = kernel.state.instrument(order.instrument)
      else { return }
      let limit = order.limit.map { " at \(instrument.text($0))" } ?? ""
      texts.append(
        "\(order.side) \(instrument.text(order.remaining)) "
          + "\(directory.symbol(order.instrument))\(limit), \(order.state), "
          + "asked for by generation \(order.generation)")
    }
    return texts
  }

  package func openOrderIDs(slot name: String) -> [UInt64] {
    guard let slot = slots.first(where: { $0.name == name }) else { return [] }
    var ids: [UInt64] = []
    kernel.state.orders.forEachOpen { if $0.slot == slot.number { ids.append($0.id) } }
    return ids.sorted()
  }
}
