package import Market
package import PluginBridge

/// Which records of a journal are wanted. What is nil or empty wants all.
package struct RecordFilter: Sendable {
  package var types: Set<Int> = []
  /// The first instant wanted, and the first behind it that is not.
  package var from: Timestamp?
  package var to: Timestamp?
  /// By name: the slot's own records, and what the venue said of its orders.
  package var slot: String?

  package init() {}

  package func accepts(_ record: Record, _ names: RecordNames) -> Bool {
    if !types.isEmpty, !types.contains(record.type) { return false }
    if let from, record.time < from { return false }
    if isPast(record) { return false }
    guard let slot else { return true }
    return names.owner(of: record).map { names.slot($0) == slot } ?? false
  }

  /// Whether nothing wanted can follow: time never goes back in a journal.
  package func isPast(_ record: Record) -> Bool { to.map { record.time >= $0 } ?? false }
}
