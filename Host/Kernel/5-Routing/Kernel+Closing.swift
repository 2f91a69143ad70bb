import Market
import PluginABI
import PluginBridge

/// A venue has closed positions of its own accord. The word of the venue is on record whole; behind
/// it each slot's part is, as a fill of that slot, and its code hears it with the position that is
/// left. What was to reduce what is gone ends.
extension Kernel {
  mutating func followClosing(_ record: Record, into effects: inout Effects) {
    guard let raw = record.cast(to: keel_ev_fill.self)?.pointee,
      let leg = PositionSide(rawValue: raw.position_side)
    else { return }
    for index in state.closing.indices {
      let part = state.closing[index]
      var fill = raw
      fill.h = keel_event(KEEL_EV_FILL, of: keel_ev_fill.self, instrument: record.instrument)
      fill.qty = Int64(clamping: part.change.magnitude)
      fill.side = (part.change > 0 ? Side.buy : .sell).rawValue
      fill.fee = part.fee
      (fill.order_id, fill.intent_id, fill.generation) = (0, 0, 0)
      _ = effects.append(fill, source: part.slot)
      // Told even where the turn is too full to say so.
      fill.h.ts_recv = state.now.nanoseconds
      fill.h.ts_venue = KEEL_NULL
      slots.tell(
        closing: fill, of: part.slot, sequence: effects.lastSequence, state)
      trimReductions(of: part.slot, record.instrument, leg, into: &effects)
    }
    retryTriggered(record.instrument, into: &effects)
  }
}
