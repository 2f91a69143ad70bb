package import Market
import PluginABI
import PluginBridge

/// One instrument's book by price, as its records tell it (`keel_ev_book` in event.h). It is valid
/// from the end of a full picture on, for as long as every message after it was whole, in sequence
/// and possible; then not again before the next full picture.
package struct OrderBook: Sendable {
  /// Why a book is not valid.
  package enum Fault: UInt8, Sendable {
    /// No full picture has begun yet.
    case noSnapshot = 1
    /// One is under way.
    case unfinishedSnapshot
    /// One was cut short, or its beginning is missing.
    case damagedSnapshot
    /// A message, or the end of one, is missing.
    case sequenceGap
    /// The best bid is not below the best ask.
    case crossed
    case impossibleLevel
    /// All that was kept of a truncated side is gone, and what stands behind it is not known.
    case horizonReached
    /// Its source said that it missed something.
    case reported
  }

  /// What a record did.
  package enum Outcome: Sendable {
    /// More of its message is to come.
    case partial
    /// It is old, of another source, or came while the book waits for a full picture.
    case ignored
    case complete(bid: Price?, ask: Price?)
    /// The book has just become invalid.
    case broken
    /// The first record of an instrument that comes when every book is taken.
    case noRoom
  }

  /// What stands in the book, valid or not, in the middle of a message or not.
  package internal(set) var bids: BookSide
  package internal(set) var asks: BookSide
  package internal(set) var fault: Fault? = .noSnapshot
  /// Whether the last record was not the end of its message: until then the book is half old.
  package internal(set) var isMidMessage = false
  /// When the last message was complete.
  package internal(set) var updated: Timestamp = .distantPast
  /// Of the last complete message; 0 while none told one.
  package internal(set) var venueSequence: UInt64 = 0
  /// Times it became invalid.
  package internal(set) var breaks: UInt64 = 0
  /// Who gave the last full picture, and alone continues it.
  var source: UInt32 = 0
  /// No update was taken since the full picture: older ones may still come.
  var isFresh = false
  /// The message under way is older than the full picture.
  var isSkipping = false
  var messageSequence: UInt64 = 0
  var messageSequenceBefore: UInt64 = 0

  init(depth: Int) {
    bids = BookSide(.buy, depth: depth)
    asks = BookSide(.sell, depth: depth)
  }

  package var isValid: Bool { fault == nil }

  mutating func apply(_ update: BookUpdate) -> Outcome {
    guard update.orderID == 0 else { return .ignored }
    if update.isSnapshot, update.action == .clear {
      begin(update)
    } else {
      guard fault == nil || fault == .unfinishedSnapshot, update.raw.pointee.h.source == source
      else { return .ignored }
      if let fault = isMidMessage ? faultInMessage(update) : enter(update) {
        return invalidate(fault)
      }
      if !isSkipping, !change(update) { return invalidate(.impossibleLevel) }
    }
    guard update.isLast else {
      isMidMessage = true
      return isSkipping ? .ignored : .partial
    }
    return complete(at: update.time)
  }

  /// Its source missed something that the sequence does not show.
  mutating func applyGap(from source: UInt32) -> Outcome {
    guard fault == nil || fault == .unfinishedSnapshot, source == self.source else {
      return .ignored
    }
    return invalidate(.reported)
  }

  private mutating func begin(_ update: BookUpdate) {
    bids.removeAll()
    asks.removeAll()
    fault = .unfinishedSnapshot
    source = update.raw.pointee.h.source
    isSkipping = false
    messageSequence = update.venueSequence
  }

  /// The records of one message agree; otherwise its end is missing.
  private func faultInMessage(_ update: BookUpdate) -> Fault? {
    if fault == .unfinishedSnapshot {
      let continues = update.isSnapshot && update.venueSequence == messageSequence
      return continues ? nil : .damagedSnapshot
    }
    let continues =
      !update.isSnapshot && update.venueSequence == messageSequence
      && update.venueSequenceBefore == messageSequenceBefore
    return continues ? nil : .sequenceGap
  }

  /// The first record of a message that is no full picture's.
  private mutating func enter(_ update: BookUpdate) -> Fault? {
    guard !update.isSnapshot else { return .damagedSnapshot }
    messageSequence = update.venueSequence
    messageSequenceBefore = update.venueSequenceBefore
    isSkipping = false
    guard messageSequence != 0, venueSequence != 0 else { return nil }
    if messageSequenceBefore != 0, messageSequenceBefore == venueSequence { return nil }
    if isFresh {
      isSkipping = messageSequence <= venueSequence
      return isSkipping || messageSequenceBefore < venueSequence ? nil : .sequenceGap
    }
    return messageSequenceBefore == 0 && messageSequence >= venueSequence ? nil : .sequenceGap
  }

  /// False for a level that cannot be.
  private mutating func change(_ update: BookUpdate) -> Bool {
    switch update.action {
    case .set, .delete:
      let isSet = update.action == .set
      guard let side = update.side, update.price.mantissa > 0,
        !isSet || update.raw.pointee.qty > 0
      else { return false }
      switch (side, isSet) {
      case (.buy, true): bids.set(update.price, update.quantity)
      case (.buy, false): bids.remove(update.price)
      case (.sell, true): asks.set(update.price, update.quantity)
      case (.sell, false): asks.remove(update.price)
      }
    case .clear:
      bids.removeAll()
      asks.removeAll()
    case .nothing: break
    case nil: return false
    }
    return true
  }

  private mutating func complete(at time: Timestamp) -> Outcome {
    isMidMessage = false
    guard !isSkipping else { return .ignored }
    if fault == .unfinishedSnapshot {
      fault = nil
      isFresh = true
      venueSequence = messageSequence
    } else {
      isFresh = false
      if messageSequence != 0 { venueSequence = messageSequence }
    }
    let (bid, ask) = (bids.best, asks.best)
    if let bid, let ask, bid >= ask { return invalidate(.crossed) }
    if bid == nil && bids.isTruncated || ask == nil && asks.isTruncated {
      return invalidate(.horizonReached)
    }
    updated = time
    return .complete(bid: bid, ask: ask)
  }

  private mutating func invalidate(_ fault: Fault) -> Outcome {
    self.fault = fault
    isMidMessage = false
    breaks += 1
    return .broken
  }

  func checkInvariants(_ check: inout InvariantCheck) {
    bids.checkInvariants(&check)
    asks.checkInvariants(&check)
    guard isValid, !isMidMessage else { return }
    if let bid = bids.best, let ask = asks.best {
      check.require(bid < ask, "a valid book is not crossed")
    }
    check.require(!bids.isEmpty || !bids.isTruncated, "a valid book knows its best bid")
    check.require(!asks.isEmpty || !asks.isTruncated, "a valid book knows its best ask")
  }
}
