import Market

extension BookTable: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(UInt64(books.count), .foreign, "the number of books")
    codec.table(&numbers)
    codec.count(&count)
    codec.count(&refused)
    codec.require(count <= books.count, "more books are taken than there are")
    guard codec.refusal == nil else { return }
    for index in 0..<count { codec.value(&books[index]) }
  }
}

extension OrderBook: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&bids)
    codec.value(&asks)
    codec.value(&fault)
    codec.value(&isMidMessage)
    codec.value(&updated)
    codec.value(&venueSequence)
    codec.count(&breaks)
    codec.value(&source)
    codec.value(&isFresh)
    codec.value(&isSkipping)
    codec.value(&messageSequence)
    codec.value(&messageSequenceBefore)
  }
}

extension OrderBook.Fault: SnapshotElement { package static var blank: Self { .noSnapshot } }

extension BookSide: SnapshotValue {
  /// The levels, worst first. Where in their storage they stand has no meaning.
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(sign, .contradicts, "the side of a book")
    codec.constant(UInt64(depth), .foreign, "the depth of a book")
    codec.value(&floor)
    codec.count(&dropped)
    var levels = Array(entries[start..<start + count])
    codec.list(&levels, limit: depth)
    guard codec.isReading, codec.refusal == nil else { return }
    count = levels.count
    start = (entries.count - count) / 2
    for (index, level) in levels.enumerated() { entries[start + index] = level }
  }
}

extension BookSide.Entry: SnapshotElement {
  static var blank: Self { Self(key: 0, quantity: 0) }

  mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&key)
    codec.value(&quantity)
    codec.require(key > .min, "a price is beyond what can be negated")
  }
}
