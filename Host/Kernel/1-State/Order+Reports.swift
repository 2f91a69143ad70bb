import Market
import PluginABI
import PluginBridge

/// What a venue's word does to an order. Reports may come twice, late, out of order, or not at all:
/// an order only goes forward, and only what is known is believed.
extension Order {
  /// Where it stands when nothing is under way.
  private var standing: OrderState { filled.isZero ? .accepted : .partiallyFilled }

  /// Takes a report; false when it says nothing new.
  mutating func take(_ report: OrderUpdate) -> Bool {
    guard isOpen, state != .held else { return false }
    let isChanged = takeShown(report)
    guard isOpen else { return true }
    reported = Swift.max(reported, crossed + Swift.min(report.filled, sentQuantity))
    let isFurther = followReported()
    if isFurther, finishIfComplete() { return true }
    switch report.state {
    case .accepted, .partiallyFilled: return stands(report, isChanged: isChanged || isFurther)
    case .cancelled, .expired, .rejected, .filled: return ends(report)
    case .unknown:
      guard state != .unknown else { return false }
      state = .unknown
      return true
    case .pending, .pendingCancel, .pendingAmend, .refused, .held: return false
    }
  }

  /// It is at the venue, and stays there.
  private mutating func stands(_ report: OrderUpdate, isChanged: Bool) -> Bool {
    let isRefused = report.reason != KEEL_REASON_NONE
    switch state {
    case .pending, .unknown:
      state = standing
    case .pendingCancel:
      // Said before the cancel arrived, unless it refuses it.
      guard isRefused else { return isChanged }
      state = standing
    case .pendingAmend:
      // What was wanted is not forgotten: the refusal may be an earlier change's.
      guard isRefused || isChanged || !isChanging else { return false }
      state = standing
    default:
      guard isChanged else { return false }
    }
    if isRefused { reason = UInt16(truncatingIfNeeded: report.reason) }
    return true
  }

  /// A venue may say so before its fills arrive. They decide: until they are here, it is open.
  private mutating func ends(_ report: OrderUpdate) -> Bool {
    if report.state == .filled {
      // All of it is filled, and the venue knows best how much all of it is.
      if !report.filled.isZero {
        quantity = Swift.min(quantity, Swift.max(filled, crossed + report.filled))
      }
      reported = quantity
    }
    _ = followReported()
    reason = UInt16(truncatingIfNeeded: report.reason)
    ending = report.state == .cancelled ? endsAs ?? .cancelled : report.state
    return finishIfComplete()
  }

  /// Ends it once everything is filled, or everything the venue has told of is here.
  private mutating func finishIfComplete() -> Bool {
    if remaining.isZero, ending != nil || !mayGrow {
      state = .filled
    } else if let ending, filled >= reported {
      state = ending == .filled ? .cancelled : ending
    } else {
      return false
    }
    return true
  }

  /// Books so much of a fill as the order can take.
  mutating func fill(_ amount: Quantity, value: Int128) {
    filled = filled + amount
    self.value += value
    guard isOpen else { return }
    if finishIfComplete() { return }
    guard !mayGrow else { return }
    if state == .pending || state == .accepted || state == .unknown { state = .partiallyFilled }
  }

  /// Came from the venue, and is no order of any slot. Some of its fills were booked before it was
  /// known, and nobody can say which: how far it is filled, the venue's reports tell alone.
  var isForeign: Bool { slot == 0 && generation == 0 }

  private mutating func followReported() -> Bool {
    guard isForeign, reported > filled else { return false }
    filled = reported
    if state == .accepted { state = .partiallyFilled }
    return true
  }

  /// A change is wanted that no report has shown to hold.
  private var isChanging: Bool {
    wantedLimit != nil || wantedTrigger != nil || wantedQuantity != nil
  }
  /// All of it may be filled and more of it wanted, and the venue's word on that is to come.
  private var mayGrow: Bool {
    guard let wantedQuantity, wantedQuantity > quantity else { return false }
    return state == .pendingAmend || state == .pendingCancel || state == .unknown
  }

  /// Takes a change over once a report shows that it holds, whatever else is under way by then.
  mutating func takeShown(_ report: OrderUpdate) -> Bool {
    guard isChanging, isAsWanted(report) else { return false }
    takeWanted()
    return true
  }

  /// More than there was to fill shows that more was granted.
  mutating func takeShown(filling amount: Quantity) {
    guard let wantedQuantity, wantedQuantity > quantity, amount > remaining else { return }
    takeWanted()
  }

  private func isAsWanted(_ report: OrderUpdate) -> Bool {
    (wantedLimit == nil || report.limit == wantedLimit)
      && (wantedTrigger == nil || report.trigger == wantedTrigger)
      && (wantedQuantity.map { $0 == crossed + report.quantity } ?? true)
  }

  /// The change that was asked for holds.
  mutating func takeWanted() {
    limit = wantedLimit ?? limit
    trigger = wantedTrigger ?? trigger
    if let wantedQuantity { quantity = Swift.max(wantedQuantity, filled) }
    forgetWanted()
    if remaining.isZero { state = .filled }
  }
  private mutating func forgetWanted() {
    wantedLimit = nil
    wantedTrigger = nil
    wantedQuantity = nil
  }

  /// Whether it waits for a word of the venue.
  var awaitsAnswer: Bool {
    switch state {
    case .pending: isSent
    case .pendingCancel, .pendingAmend, .unknown: true
    default: ending != nil
    }
  }
}
