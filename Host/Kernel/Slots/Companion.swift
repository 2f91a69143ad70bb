/// A second instance beside the deciding one. It receives the same batches; its answers are
/// compared and priced, never sent.
package struct Companion: Sendable {
  package enum Role: UInt8, Sendable {
    /// Next in line: being tried before a switch.
    case candidate = 1
    /// The one that decided before: kept through probation, ready to decide again.
    case previous
  }

  package internal(set) var role: Role
  /// The generation it decided in first, or would decide in.
  package internal(set) var author: UInt32
  /// The record that announced it was part of a turn. A record that retires what stood here before
  /// may come in the same turn, and does not mean this one.
  var isOnRecord = false
  package internal(set) var hasFailed = false
  package internal(set) var equalTurns = 0
  package internal(set) var differentTurns = 0
  package internal(set) var intents = 0
  package internal(set) var refusals = 0
  var port: PluginPort?

  package init(role: Role, author: UInt32, port: PluginPort?) {
    self.role = role
    self.author = author
    self.port = port
  }
}
