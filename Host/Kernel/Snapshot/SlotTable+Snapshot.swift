import Market

extension SlotTable: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    var total = UInt32(count)
    codec.value(&total)
    codec.require(
      total >= count && Int(total) <= limits.slots, "\(total) slots do not fit the slot table")
    for number in 0..<total where codec.refusal == nil {
      if Int(number) == count { addBlank(number) }
      codec.value(&self[number])
    }
  }

  private mutating func addBlank(_ number: UInt32) {
    add(
      Slot(
        number: number, kind: .strategy, instruments: [], types: 0, alphas: [], warmup: 0,
        limits: limits))
  }
}

extension Slot: SnapshotValue {
  /// Code is lent again after reading: ports are of one process.
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(number, .contradicts, "a slot's number")
    codec.value(&kind)
    codec.count(&generation)
    codec.count(&author)
    codec.value(&isParked)
    codec.value(&isAwaited)
    codec.value(&answersCount)
    codec.count(&lateAnswers)
    codec.count(&batches)
    codec.value(&warmup)
    codec.count(&dropped)
    codec.value(&companion)
    codec.count(&missed)
    codec.value(&refusedAuthor)
    codec.records(&inbox)
    codec.value(&intentIDs)
    codec.table(&instruments)
    codec.value(&types)
    codec.list(&alphas, limit: Limits.slotsMax)
  }
}

extension Slot.Kind: SnapshotElement { package static var blank: Self { .strategy } }

extension Companion: SnapshotElement {
  package static var blank: Companion { Companion(role: .candidate, author: 0, port: nil) }

  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&role)
    codec.count(&author)
    codec.value(&isOnRecord)
    codec.value(&hasFailed)
    codec.count(&equalTurns)
    codec.count(&differentTurns)
    codec.count(&intents)
    codec.count(&refusals)
  }
}

extension Companion.Role: SnapshotElement { package static var blank: Self { .candidate } }
