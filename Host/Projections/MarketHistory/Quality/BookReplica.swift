import Market
import PluginABI
import PluginBridge

/// A book as its records tell it, kept to see what they get wrong: the rules stand in `event.h`,
/// at `keel_ev_book`. After a fault it waits for the next snapshot in silence.
struct BookReplica: Sendable {
  enum Fault: Sendable { case sequenceGap, cutShort, crossed, impossibleLevel }

  private enum Phase { case waiting, snapshot, valid }

  /// Prices, the best last; far ones are let go.
  private var bids: [Int64] = []
  private var asks: [Int64] = []
  private static let levelsMax = 4_096

  private var phase = Phase.waiting
  private var isMidMessage = false
  private var isSkipping = false
  /// No update was taken since the snapshot: older ones may still come.
  private var isFresh = false
  private var sequence: UInt64 = 0
  private var message: (sequence: UInt64, before: UInt64) = (0, 0)

  var isValid: Bool { phase == .valid }
  var bestBid: Int64? { bids.last }
  var bestAsk: Int64? { asks.last.map { -$0 } }

  /// The source missed something.
  mutating func breakOff() {
    phase = .waiting
    isMidMessage = false
  }

  /// What the record broke; nil also while the book is broken already.
  mutating func take(_ update: BookUpdate) -> Fault? {
    // One order's record is no level.
    guard update.orderID == 0 else { return nil }
    var cut: Fault?
    if update.isSnapshot, update.action == .clear {
      if isMidMessage { cut = .cutShort }
      begin(update)
    } else {
      guard phase != .waiting else { return nil }
      if let fault = isMidMessage ? faultInside(update) : enter(update) { return broken(fault) }
      if !isSkipping, !change(update) { return broken(.impossibleLevel) }
    }
    isMidMessage = !update.isLast
    guard update.isLast else { return cut }
    return complete() ?? cut
  }

  private mutating func broken(_ fault: Fault) -> Fault {
    breakOff()
    return fault
  }

  private mutating func begin(_ update: BookUpdate) {
    bids.removeAll(keepingCapacity: true)
    asks.removeAll(keepingCapacity: true)
    phase = .snapshot
    isSkipping = false
    message = (update.venueSequence, 0)
  }

  private func faultInside(_ update: BookUpdate) -> Fault? {
    guard update.venueSequence == message.sequence else { return .cutShort }
    if phase == .snapshot { return update.isSnapshot ? nil : .cutShort }
    return !update.isSnapshot && update.venueSequenceBefore == message.before ? nil : .cutShort
  }

  /// The first record of an update.
  private mutating func enter(_ update: BookUpdate) -> Fault? {
    guard !update.isSnapshot else { return .cutShort }
    message = (update.venueSequence, update.venueSequenceBefore)
    isSkipping = false
    guard message.sequence != 0, sequence != 0 else { return nil }
    if message.before != 0, message.before == sequence { return nil }
    if isFresh {
      isSkipping = message.sequence <= sequence
      return isSkipping || message.before < sequence ? nil : .sequenceGap
    }
    return message.before == 0 && message.sequence >= sequence ? nil : .sequenceGap
  }

  /// False for a level that cannot be.
  private mutating func change(_ update: BookUpdate) -> Bool {
    switch update.action {
    case .set, .delete:
      guard let side = update.side, update.price.mantissa > 0,
        update.action == .delete || update.raw.pointee.qty > 0
      else { return false }
      let isSet = update.action == .set
      switch side {
      case .buy: Self.place(update.price.mantissa, isThere: isSet, in: &bids)
      case .sell: Self.place(-update.price.mantissa, isThere: isSet, in: &asks)
      }
    case .clear:
      bids.removeAll(keepingCapacity: true)
      asks.removeAll(keepingCapacity: true)
    case .nothing: break
    case nil: return false
    }
    return true
  }

  private static func place(_ key: Int64, isThere: Bool, in side: inout [Int64]) {
    var low = 0
    var high = side.count
    while low < high {
      let middle = (low + high) / 2
      if side[middle] < key { low = middle + 1 } else { high = middle }
    }
    let isFound = low < side.count && side[low] == key
    if isFound, !isThere { side.remove(at: low) }
    if !isFound, isThere {
      side.insert(key, at: low)
      if side.count > levelsMax { side.removeFirst() }
    }
  }

  private mutating func complete() -> Fault? {
    guard !isSkipping else { return nil }
    isFresh = phase == .snapshot
    if isFresh || message.sequence != 0 { sequence = message.sequence }
    phase = .valid
    if let bestBid, let bestAsk, bestBid >= bestAsk { return broken(.crossed) }
    return nil
  }
}
