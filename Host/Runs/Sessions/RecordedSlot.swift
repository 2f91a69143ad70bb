package import Market
package import PluginABI
import PluginBridge
package import PluginHost
package import Storage
import Wording

/// A slot as a journal tells of it: what other code needs to stand in its place.
package struct RecordedSlot: Sendable {
  package let number: UInt32
  package let name: String
  package let kind: PluginKind
  /// The plugin that was there first.
  package let plugin: String
  /// Of the session, in the order of their ids.
  package let instruments: [keel_ev_instrument]
  /// When it started.
  package let time: Timestamp

  package init(named wanted: String, in directory: String) throws(StorageError) {
    var reader = try JournalReader(directory: directory)
    var instruments: [keel_ev_instrument] = []
    var names: [String] = []
    var time = Timestamp(nanoseconds: 0)
    while let record = try reader.next() {
      if let turn = record.cast(to: keel_rec_turn.self)?.pointee, record.type == KEEL_REC_TURN {
        time = Timestamp(nanoseconds: turn.now)
      }
      // Data begins when every slot has started.
      if record.type < KEEL_EV_SIGNAL, record.type != KEEL_EV_INSTRUMENT { break }
      if let definition = record.cast(to: keel_ev_instrument.self)?.pointee,
        record.type == KEEL_EV_INSTRUMENT
      {
        instruments.append(definition)
      }
      guard record.type == KEEL_REC_SLOT, let raw = record.cast(to: keel_rec_slot.self)?.pointee,
        Int(raw.cause) == KEEL_SLOT_STARTED
      else { continue }
      let name = FixedText.read(raw.name)
      names.append(name)
      guard name == wanted else { continue }
      number = record.source
      self.name = name
      kind = raw.kind == 1 ? .alpha : .strategy
      plugin = FixedText.read(raw.id)
      self.instruments = instruments
      self.time = time
      return
    }
    throw StorageError(
      .missing, directory, "there is no slot '\(wanted)' in this journal",
      remedy: Suggestion.remedy(for: wanted, among: names))
  }
}
