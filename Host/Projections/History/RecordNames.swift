package import Market
import PluginABI
package import PluginBridge

/// What a journal's numbers stand for, learned from its records as they pass: instruments, slots,
/// assets, and whose each order is.
package struct RecordNames {
  private var instruments: [UInt32: (symbol: String, numbers: Instrument)] = [:]
  private var slots: [UInt32: String] = [0: "host"]
  private var assets: [UInt32: String] = [:]
  /// By the place of an order in the host's table, which the low bits of its id are. A newer order
  /// takes the place of one that nobody reports on any more, so this is bounded as the table is.
  private var owners: [UInt64: (order: UInt64, slot: UInt32)] = [:]
  private static let placeMask: UInt64 = 1 << 20 - 1

  package init() {}

  /// Every record of the journal, in order, before anything is asked about it.
  package mutating func learn(_ record: Record) {
    switch record.type {
    case KEEL_EV_INSTRUMENT:
      guard let definition = InstrumentDefinition(record), let numbers = definition.instrument
      else { return }
      instruments[numbers.id.rawValue] = (definition.symbol, numbers)
    case KEEL_REC_SLOT:
      guard let raw = record.cast(to: keel_rec_slot.self)?.pointee,
        Int(raw.cause) == KEEL_SLOT_STARTED
      else { return }
      slots[record.source] = FixedText.read(raw.name)
    case KEEL_REC_ASSET:
      guard let raw = record.cast(to: keel_rec_asset.self)?.pointee else { return }
      assets[raw.asset] = FixedText.read(raw.code)
    case KEEL_CMD_SUBMIT:
      guard let order = record.cast(to: keel_order.self)?.pointee.order_id else { return }
      owners[order & Self.placeMask] = (order, record.source)
    default: break
    }
  }

  package func symbol(_ instrument: UInt32) -> String? { instruments[instrument]?.symbol }
  package func numbers(_ instrument: UInt32) -> Instrument? { instruments[instrument]?.numbers }
  package func asset(_ asset: UInt32) -> String? { assets[asset] }

  /// Its configured name, or its number where that is not known.
  package func slot(_ number: UInt32) -> String { slots[number] ?? "\(number)" }

  /// The names of the slots seen so far, in the order of their numbers.
  package var slotNames: [String] { slots.sorted { $0.key < $1.key }.map(\.value) }

  /// The slot that a record is of; nil where it is of none, or of an order nobody has submitted.
  package func owner(of record: Record) -> UInt32? {
    switch record.type {
    case KEEL_EV_FILL:
      guard let fill = record.cast(to: keel_ev_fill.self)?.pointee else { return nil }
      // The venue's word on a closing is the host's, each part of it its slot's.
      if Int(fill.is_external) == KEEL_FILL_CLOSING { return record.source }
      return owner(ofOrder: fill.order_id)
    case KEEL_EV_ORDER:
      return record.cast(to: keel_ev_order.self).flatMap { owner(ofOrder: $0.pointee.order_id) }
    case KEEL_EV_SIGNAL, KEEL_EV_TIMER, KEEL_EV_PARAM, KEEL_EV_EXPLAIN, KEEL_EV_POSITION,
      KEEL_IN_TARGET, KEEL_IN_PLACE, KEEL_IN_AMEND, KEEL_IN_CANCEL, KEEL_IN_CANCEL_ALL,
      KEEL_CMD_SUBMIT, KEEL_CMD_AMEND, KEEL_CMD_CANCEL, KEEL_REC_DECISION, KEEL_REC_SLOT,
      KEEL_REC_SWAP_STEP, KEEL_REC_TRADING:
      return record.source
    default: return nil
    }
  }

  private func owner(ofOrder id: UInt64) -> UInt32? {
    guard let known = owners[id & Self.placeMask], known.order == id else { return nil }
    return known.slot
  }
}
