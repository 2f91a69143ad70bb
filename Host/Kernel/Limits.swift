/// Every bound of the kernel. Tables are sized once, from these, so that a warm kernel allocates
/// nothing and a full table is a coded refusal instead of growth.
package struct Limits: Sendable {
  /// Alpha and strategy slots together; slot 0 is the host's own.
  package var slots = 64
  package var instruments = 1_024
  package var assets = 256
  package var accounts = 16
  /// Sectors, and groups of instruments that move together; 0 of each is none.
  package var groupings = 256
  /// Order books, one for each instrument that books are received for.
  package var books = 128
  /// Price levels a side of a book. A book costs 64 bytes a level.
  package var bookLevels = 512
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

  /// nil when the bounds contradict each other, as numbers from outside may.
  package var ifSound: Limits? { contradiction == nil ? self : nil }

  func check() {
    if let contradiction { preconditionFailure(contradiction) }
  }

  private var contradiction: String? {
    let rules: [(Bool, String)] = [
      (slots > 1 && slots <= Self.slotsMax, "slot numbers fit twelve bits"),
      (instruments > 0 && instruments <= 1 << 20, "instruments are counted"),
      (assets > 0 && assets <= 1 << 16, "assets are counted"),
      (accounts > 0 && accounts <= 1 << 10, "accounts are counted"),
      (orders > 0 && orders <= 1 << Self.orderIndexBits, "order ids carry their index"),
      (books >= 0 && books < Int(UInt16.max - 1), "a book's number fits 16 bits"),
      (bookLevels > 0 && bookLevels <= 1 << 20, "a book has levels, in bounded space"),
      (groupings > 0 && groupings <= 1 << 16, "sectors and groups are counted"),
      (openOrdersPerSlot > 0, "a slot may have an order"),
      (inboxBytes > 0 && inboxBytes % 8 == 0 && effectBytes % 8 == 0, "records are eight-aligned"),
      (inboxBytes <= 1 << 24 && effectBytes <= 1 << 28, "a turn is bounded"),
      (effectBytes >= 4 * inboxBytes, "answers to a full inbox fit"),
      (
        recentIDs > 0 && recentIDs <= 1 << 24 && recentIDs & (recentIDs - 1) == 0,
        "the table is masked by its size"
      ),
    ]
    return rules.first { !$0.0 }?.1
  }

  static let slotsMax = 1 << 12
  /// The low bits of an order id are its place in the table.
  static let orderIndexBits = 20
}
