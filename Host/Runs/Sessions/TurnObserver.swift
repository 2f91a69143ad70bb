package import Kernel
package import Market
package import PluginBridge

/// Looks on while a session runs: what went into each turn that was more than market data, what
/// followed from it, and, at the times it asks for, how things stand. It changes nothing.
package protocol TurnObserver: AnyObject {
  /// How things stood before the first turn at or after `time`; answers when to ask again.
  func look(at state: borrowing State, before time: Timestamp) -> Timestamp
  func observe(_ input: RecordReader, _ effects: RecordReader, _ state: borrowing State)
}
