import Market
import PluginABI
import PluginBridge

/// Turns an approved request into an order with a name, and into a command to the venue. There is
/// one route: the venue of the instrument.
struct Router {
  /// Names this run in client order ids, so that a venue can be asked about an order after a crash.
  let session: UInt64

  /// Enters an order into the table; nil when the table, the slot's share of it, or the turn is
  /// full. An order without its command would wait for ever, so room for both records about it is
  /// asked first.
  func open(
    _ request: PlaceRequest, _ state: inout State, _ effects: borrowing Effects
  ) -> Order? {
    let records = MemoryLayout<keel_order>.size + MemoryLayout<keel_rec_decision>.size
    guard effects.hasRoom(for: records) else { return nil }
    return state.insert(slot: request.slot) { id in
      Order(
        id: id, slot: request.slot, generation: request.generation, author: request.author,
        intentID: request.intentID, instrument: request.instrument, side: request.side,
        type: request.type, timeInForce: request.timeInForce, flags: request.flags,
        limit: request.limit, trigger: request.trigger, quantity: request.quantity)
    }
  }

  func submit(_ order: Order, into effects: inout Effects) {
    effects.append(command(KEEL_CMD_SUBMIT, order), source: order.slot)
  }

  /// Asks the venue to cancel; the order stays open until the venue has said so. Asking again
  /// while a cancel is on its way is nothing.
  func cancel(_ id: UInt64, _ state: inout State, into effects: inout Effects) {
    guard let order = state.orders[id], order.isOpen, order.state != .pendingCancel else { return }
    guard effects.append(command(KEEL_CMD_CANCEL, order), source: order.slot) != nil else { return }
    state.orders.modify(id) { $0.state = .pendingCancel }
  }

  /// Cancels a slot's open orders, on one instrument or on all.
  func cancelAll(
    slot: UInt32, _ instrument: InstrumentID?, _ state: inout State, into effects: inout Effects
  ) {
    for index in 0..<state.orders.openCount {
      let order = state.orders.openOrder(at: index)
      guard order.slot == slot, instrument == nil || order.instrument == instrument else {
        continue
      }
      cancel(order.id, &state, into: &effects)
    }
  }

  private func command(_ type: Int, _ order: Order) -> keel_order {
    var command = keel_order()
    command.h = keel_event(type, of: keel_order.self, instrument: order.instrument)
    command.order_id = order.id
    command.intent_id = order.intentID
    command.limit = order.limit.abi
    command.trigger = KEEL_NULL
    command.qty = order.quantity.mantissa
    command.expires = KEEL_NULL
    command.generation = order.generation
    command.side = order.side.rawValue
    command.order_type = order.type.rawValue
    command.tif = order.timeInForce.rawValue
    command.flags = order.flags
    writeClientID(order, to: &command)
    return command
  }

  /// "k" session "-" slot "-" order, in hexadecimal; at most 36 characters.
  private func writeClientID(_ order: Order, to command: inout keel_order) {
    withUnsafeMutableBytes(of: &command.client_id) { bytes in
      var length = 0
      func put(_ byte: UInt8) {
        bytes[length] = byte
        length += 1
      }
      func put(hex value: UInt64) {
        var shift: UInt64 = 60
        while shift > 0, value >> shift == 0 { shift -= 4 }
        while true {
          let digit = UInt8(value >> shift & 15)
          put(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
          if shift == 0 { break }
          shift -= 4
        }
      }
      put(UInt8(ascii: "k"))
      put(hex: session & 0xFFFF_FFFF_FFFF)
      put(UInt8(ascii: "-"))
      put(hex: UInt64(order.slot))
      put(UInt8(ascii: "-"))
      put(hex: order.id)
    }
  }
}
