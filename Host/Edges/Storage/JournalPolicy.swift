/// When the records of a journal reach the disk. Whatever it says, an appended record survives the
/// death of the process; this is about the death of the machine.
package enum JournalPolicy: Sendable, Equatable {
  /// `commit` waits until everything appended is on the disk.
  case always
  /// Whatever has come together is synced this often, and nobody waits. What is not yet on the
  /// disk is lost with the machine.
  case batch(milliseconds: Int)
  /// The kernel writes when it likes. After a power failure anything may be missing.
  case none

  package static let usual = JournalPolicy.batch(milliseconds: 50)

  var isSynced: Bool { self != .none }

  /// Milliseconds between syncs that nobody asked for.
  var interval: Int? {
    switch self {
    case .always: 50
    case .batch(let milliseconds): milliseconds
    case .none: nil
    }
  }
}
