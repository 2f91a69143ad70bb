import Market
import PluginABI
import PluginBridge

/// An instrument's book as its records tell it (`keel_ev_book` in event.h). It is whole between two
/// messages while none was missing; once broken it stands still until the next full picture.
struct VenueBook: ~Copyable {
  enum Outcome { case nothing, changed, whole, broken }

  var bids = PriceLevels(.buy)
  var asks = PriceLevels(.sell)
  private(set) var isValid = false
  /// A full picture is under way.
  private var isFilling = false
  private var isInMessage = false
  /// The message under way is older than the full picture.
  private var isSkipping = false
  /// Nothing has come since the full picture: older messages may still follow it.
  private var isFresh = false
  private var source: UInt32 = 0
  private var sequence: UInt64 = 0
  private var message: UInt64 = 0
  private var messageBefore: UInt64 = 0

  init() {}

  /// Applies one record. `changed` is told for one level, whose quantity before it the caller has
  /// asked for; `whole` after the last of a message.
  mutating func apply(_ update: BookUpdate) -> Outcome {
    guard update.orderID == 0 else { return .nothing }
    if update.isSnapshot, update.action == .clear {
      begin(update)
    } else {
      guard isValid || isFilling, update.raw.pointee.h.source == source else { return .nothing }
      guard isInMessage ? continues(update) : enters(update) else { return fail() }
      guard isSkipping || change(update) else { return fail() }
    }
    isInMessage = !update.isLast
    guard update.isLast else { return isSkipping || isFilling ? .nothing : .changed }
    return finish()
  }

  /// Its source says that something is missing.
  mutating func miss(from source: UInt32) -> Bool {
    guard isValid || isFilling, source == self.source else { return false }
    _ = fail()
    return true
  }

  private mutating func begin(_ update: BookUpdate) {
    bids.removeAll()
    asks.removeAll()
    isValid = false
    isFilling = true
    isSkipping = false
    source = update.raw.pointee.h.source
    message = update.venueSequence
  }

  private func continues(_ update: BookUpdate) -> Bool {
    update.isSnapshot == isFilling && update.venueSequence == message
      && (isFilling || update.venueSequenceBefore == messageBefore)
  }

  private mutating func enters(_ update: BookUpdate) -> Bool {
    // A full picture begins with a clear, and does so in one message.
    guard !isFilling, !update.isSnapshot else { return false }
    message = update.venueSequence
    messageBefore = update.venueSequenceBefore
    isSkipping = false
    guard message != 0, sequence != 0, messageBefore != sequence || messageBefore == 0 else {
      return true
    }
    guard isFresh else { return messageBefore == 0 && message >= sequence }
    isSkipping = message <= sequence
    return isSkipping || messageBefore < sequence
  }

  private mutating func change(_ update: BookUpdate) -> Bool {
    let raw = update.raw
    switch Int(raw.pointee.action) {
    case KEEL_BOOK_SET:
      guard raw.pointee.px > 0, raw.pointee.qty > 0 else { return false }
      switch Int(raw.pointee.side) {
      case KEEL_BUY: bids.set(raw.pointee.px, raw.pointee.qty)
      case KEEL_SELL: asks.set(raw.pointee.px, raw.pointee.qty)
      default: return false
      }
    case KEEL_BOOK_DELETE:
      guard raw.pointee.px > 0 else { return false }
      switch Int(raw.pointee.side) {
      case KEEL_BUY: bids.remove(raw.pointee.px)
      case KEEL_SELL: asks.remove(raw.pointee.px)
      default: return false
      }
    case KEEL_BOOK_CLEAR:
      bids.removeAll()
      asks.removeAll()
    case KEEL_BOOK_NONE: break
    default: return false
    }
    return true
  }

  private mutating func finish() -> Outcome {
    guard !isSkipping else { return .nothing }
    isFresh = isFilling
    if isFilling || message != 0 { sequence = message }
    isFilling = false
    if bids.count > 0, asks.count > 0, bids.price(0) >= asks.price(0) { return fail() }
    isValid = true
    return .whole
  }

  private mutating func fail() -> Outcome {
    isValid = false
    isFilling = false
    isInMessage = false
    return .broken
  }
}
