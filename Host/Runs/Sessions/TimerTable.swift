import Market

/// Timers by slot and id. They belong to the slot: after a swap the new code receives them.
struct TimerTable {
  private struct Entry {
    var slot: UInt32
    var id: UInt64
    var due: Timestamp
  }
  /// Sorted by due time, then by age.
  private var entries: [Entry] = []
  /// Per slot, so that no plugin takes them all.
  static let perSlotMax = 1_024

  var nextDue: Timestamp? { entries.first?.due }

  /// nil removes. A slot's timer beyond the bound is dropped.
  mutating func set(slot: UInt32, id: UInt64, due: Timestamp?) {
    entries.removeAll { $0.slot == slot && $0.id == id }
    guard let due, entries.count(where: { $0.slot == slot }) < Self.perSlotMax else { return }
    let place = entries.firstIndex { $0.due > due } ?? entries.count
    entries.insert(Entry(slot: slot, id: id, due: due), at: place)
  }

  /// Hands over what is due; `body` answers false when it has no room, and the rest waits.
  mutating func fire(until time: Timestamp, _ body: (UInt32, UInt64, Timestamp) -> Bool) {
    while let entry = entries.first, entry.due <= time {
      guard body(entry.slot, entry.id, entry.due) else { return }
      entries.removeFirst()
    }
  }
}
