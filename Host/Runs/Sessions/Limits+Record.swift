import Kernel
import PluginABI

/// The kernel's bounds as the journal's first record tells them: with other tables, a replay could
/// come to other refusals.
extension Limits {
  init(_ record: keel_rec_session) {
    self.init()
    slots = Int(record.slots)
    instruments = Int(record.instruments)
    assets = Int(record.assets)
    accounts = Int(record.accounts)
    orders = Int(record.orders)
    openOrdersPerSlot = Int(record.open_orders_per_slot)
    books = Int(record.books)
    bookLevels = Int(record.book_levels)
    recentIDs = Int(record.recent_ids)
    inboxBytes = Int(record.inbox_bytes)
    effectBytes = Int(record.effect_bytes)
  }

  func write(to record: inout keel_rec_session) {
    record.slots = UInt32(slots)
    record.instruments = UInt32(instruments)
    record.assets = UInt32(assets)
    record.accounts = UInt32(accounts)
    record.orders = UInt32(orders)
    record.open_orders_per_slot = UInt32(openOrdersPerSlot)
    record.books = UInt32(books)
    record.book_levels = UInt32(bookLevels)
    record.recent_ids = UInt32(recentIDs)
    record.inbox_bytes = UInt32(inboxBytes)
    record.effect_bytes = UInt32(effectBytes)
  }
}
