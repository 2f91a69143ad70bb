import PluginABI

/// A venue message whose rows are being gathered.
struct BookMessage {
  /// What rows of one message share.
  let venue: Int64
  let receive: Int64
  let update: UInt64
  let isSnapshot: Bool
  /// Where its last record begins in the output.
  var last: Int
}

/// The words in rows of books, packed once.
struct BookWords {
  private let snapshot = PackedWord.pack("snapshot")
  private let snap = PackedWord.pack("snap")
  private let yes = PackedWord.pack("true")
  private let no = PackedWord.pack("false")
  private let changes = ["delta", "set", "update", "change"].map { PackedWord.pack($0) }
  private let actions = [
    (PackedWord.pack("set"), KEEL_BOOK_SET), (PackedWord.pack("delete"), KEEL_BOOK_DELETE),
    (PackedWord.pack("clear"), KEEL_BOOK_CLEAR), (PackedWord.pack("none"), KEEL_BOOK_NONE),
  ]

  func truth(_ word: Int64) -> Bool? {
    if word == yes { return true }
    return word == no ? false : nil
  }

  func isSnapshot(_ kind: Int64) -> Bool? {
    if kind == snapshot || kind == snap { return true }
    return changes.contains(kind) ? false : nil
  }

  func action(_ word: Int64) -> Int? { actions.first { $0.0 == word }?.1 }
}

/// Levels to book messages, by the rules of `event.h`.
extension RecordMaker {
  /// One row is one level. Rows of one message follow each other, and share times and update id.
  func makeLevel() throws(RowDefect) {
    if isOwn { return try makeOwnLevel() }
    let isSnapshot = try readIsSnapshot()
    guard let side = SideWord(packed: value(.side)), side != .unknown else {
      throw RowDefect("its side is neither bid nor ask")
    }
    guard value(.quantity) != KEEL_NULL, value(.price) != KEEL_NULL else {
      throw RowDefect("a level has a price and a quantity")
    }
    if !continues(isSnapshot) { try beginMessage(isSnapshot) }
    guard var open = message else { return }
    // A full picture leaves out the levels that are not there.
    if isSnapshot, value(.quantity) == 0 { return }
    guard output.count - complete < RecordOutput.messageBytesMax else {
      throw RowDefect("its message has more levels than any venue's")
    }
    let deletes = value(.quantity) == 0
    var record = bookRecord(open, deletes ? KEEL_BOOK_DELETE : KEEL_BOOK_SET)
    record.px = value(.price)
    record.qty = value(.quantity)
    record.side = side.abi
    open.last = output.count
    output.append(record)
    message = open
  }

  private func readIsSnapshot() throws(RowDefect) -> Bool {
    let answer =
      value(.isSnapshot) != KEEL_NULL
      ? words.truth(value(.isSnapshot)) : words.isSnapshot(value(.bookKind))
    guard let answer else {
      throw RowDefect("whether it belongs to a full picture or is a change is not told")
    }
    return answer
  }

  private func continues(_ isSnapshot: Bool) -> Bool {
    guard let message, message.isSnapshot == isSnapshot, message.update == number(.updateID),
      message.venue == value(.time)
    else { return false }
    // A large picture may take its time to arrive.
    return message.receive == receiveTime || (isSnapshot && message.venue != KEEL_NULL)
  }

  private func beginMessage(_ isSnapshot: Bool) throws(RowDefect) {
    endMessage()
    let receive = receiveTime
    if receive < time, !allowsAnyOrder { throw disorder(receive) }
    reportLoss(at: receive)
    complete = output.count
    time = receive
    var open = BookMessage(
      venue: value(.time), receive: receive, update: number(.updateID), isSnapshot: isSnapshot,
      last: output.count)
    if isSnapshot { output.append(bookRecord(open, KEEL_BOOK_CLEAR)) }
    open.last = output.count - (isSnapshot ? MemoryLayout<keel_ev_book>.size : 0)
    message = open
  }

  private func bookRecord(_ message: BookMessage, _ action: Int) -> keel_ev_book {
    var record = keel_ev_book()
    record.h.size = UInt32(MemoryLayout<keel_ev_book>.size)
    record.h.type = UInt16(KEEL_EV_BOOK)
    record.h.flags = message.isSnapshot ? UInt16(KEEL_EVF_SNAPSHOT) : 0
    record.h.inst = instrument
    record.h.ts_venue = message.venue
    record.h.ts_recv = message.receive
    record.venue_seq = message.update
    record.venue_seq_prev = message.isSnapshot ? 0 : updateBefore
    record.action = UInt8(action)
    return record
  }

  /// The update before this one: told, or the one before its first; 0 where neither is known.
  private var updateBefore: UInt64 {
    let before = value(.previousUpdateID)
    if before != KEEL_NULL, before > 0 { return UInt64(before) }
    let first = number(.firstUpdateID)
    return first > 0 ? first - 1 : 0
  }

  /// Marks the last record of the message that is being gathered.
  func endMessage() {
    guard let open = message else { return }
    message = nil
    if open.last < output.count {
      let header = (output.base + open.last).assumingMemoryBound(to: keel_event.self)
      header.pointee.flags |= UInt16(KEEL_EVF_LAST)
    }
    complete = output.count
  }

  /// A book that lost a row is wrong until its next full picture.
  func reportLoss(at receive: Int64) {
    guard lost > 0, shape == .levels || shape == .books, receive != .min else { return }
    var gap = keel_ev_gap()
    gap.h.size = UInt32(MemoryLayout<keel_ev_gap>.size)
    gap.h.type = UInt16(KEEL_EV_GAP)
    gap.h.inst = instrument
    gap.h.ts_venue = KEEL_NULL
    gap.h.ts_recv = receive
    gap.missed = lost
    gap.cause = UInt32(KEEL_GAP_FEED)
    output.append(gap)
    lost = 0
  }

  /// One row is a whole book.
  func makeBook() throws(RowDefect) {
    try beginMessage(true)
    guard var open = message else { return }
    for level in 0..<ColumnRole.levelsMax {
      for side in [KEEL_BUY, KEEL_SELL] {
        let isBid = side == KEEL_BUY
        let price = value(isBid ? .bidPrice(level) : .askPrice(level))
        let size = value(isBid ? .bidSize(level) : .askSize(level))
        guard price != KEEL_NULL, size != KEEL_NULL, size > 0 else { continue }
        var record = bookRecord(open, KEEL_BOOK_SET)
        record.px = price
        record.qty = size
        record.side = UInt8(side)
        open.last = output.count
        output.append(record)
      }
    }
    message = open
    endMessage()
  }

  private func makeOwnLevel() throws(RowDefect) {
    var record = keel_ev_book()
    guard let action = words.action(value(.action)),
      let side = SideWord(packed: value(.side) == KEEL_NULL ? 0 : value(.side))
    else { throw RowDefect("its action or side is none of a book") }
    record.px = value(.price)
    record.qty = value(.quantity)
    record.order_id = number(.orderID)
    record.venue_seq = number(.updateID)
    record.venue_seq_prev = number(.previousUpdateID)
    record.action = UInt8(action)
    record.side = side.abi
    record.level = UInt16(truncatingIfNeeded: number(.level))
    record.h = try header(
      KEEL_EV_BOOK, of: keel_ev_book.self, venue: value(.time), receive: receiveTime)
    output.append(record)
    complete = output.count
  }
}
