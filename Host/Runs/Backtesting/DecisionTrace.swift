package import Kernel
package import Market
import PluginABI
package import PluginBridge
import Sessions

/// What plugins decided in one run: their intents and signals, in order.
package final class DecisionTrace: TurnObserver {
  package struct Decision: Equatable, Sendable {
    package var time: Timestamp
    package var slot: UInt32
    package var instrument: InstrumentID
    package var type: Int
    package var side: Side?
    package var quantity: Int64
    package var limit: Price?
    package var score: Double?
  }

  package private(set) var decisions: [Decision] = []

  package init() {}

  package func look(at state: borrowing State, before time: Timestamp) -> Timestamp {
    .distantFuture
  }

  package func observe(
    _ input: RecordReader, _ effects: RecordReader, _ state: borrowing State
  ) {
    for record in effects {
      if let intent = IntentView(record) {
        decisions.append(
          Decision(
            time: state.now, slot: record.source, instrument: record.instrument,
            type: record.type, side: intent.side, quantity: intent.raw.pointee.qty,
            limit: intent.limit, score: nil))
      } else if record.type == KEEL_EV_SIGNAL,
        let signal = record.cast(to: keel_signal.self)?.pointee
      {
        decisions.append(
          Decision(
            time: state.now, slot: record.source, instrument: record.instrument,
            type: record.type, side: nil, quantity: 0, limit: nil, score: signal.score))
      }
    }
  }
}
