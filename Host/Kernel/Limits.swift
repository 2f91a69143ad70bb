/// Every bound of the kernel. Tables are sized once, from these, so that a warm kernel allocates
/// nothing and a full table is a coded refusal instead of growth.
package struct Limits: Sendable {
  /// Alpha and strategy slots together; slot 0 is the host's own.
  package var slots = 64
  package var instruments = 1_024
  package var assets = 256
  package var accounts = 64
  /// Sectors, and groups of instruments that move together; 0 of each is none.
  package var groupings = 256
  /// Orders remembered, open or not. A finished order is forgotten when its place is needed.
  package var orders = 16_384
  /// Of them open at once in one slot, so that no slot takes every place.
  package var openOrdersPerSlot = 4_096
  /// Bytes of records one slot can receive in one turn: what the market did, what became of its
  /// orders, and a word on everything it asked for in the turn before.
  package var inboxBytes = 128 * 1_024
  /// Bytes of records one turn can produce.
  package var effectBytes = 1_024 * 1_024
  /// Recent intent ids of a slot, and execution ids, kept to recognise repetition.
  package var recentIDs = 4_096

  package init() {}

  func check() {
    precondition(slots > 1 && slots <= 1 << 12, "slot numbers fit twelve bits")
    precondition(orders > 0 && orders <= 1 << Self.orderIndexBits, "order ids carry their index")
    precondition(inboxBytes % 8 == 0 && effectBytes % 8 == 0, "records are eight-aligned")
    precondition(effectBytes >= 4 * inboxBytes, "answers to a full inbox fit")
    precondition(
      recentIDs > 0 && recentIDs & (recentIDs - 1) == 0, "the table is masked by its size")
  }

  /// The low bits of an order id are its place in the table.
  static let orderIndexBits = 20
}
