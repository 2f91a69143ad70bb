extension PositionTable: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(UInt64(slots), .foreign, "the number of slots")
    codec.constant(UInt64(instruments), .foreign, "the number of instruments")
    codec.table(&positions)
    codec.table(&totals)
  }
}

extension Position: SnapshotElement {
  package static var blank: Position { Position() }

  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&quantity)
    codec.amount(&cost)
    codec.amount(&realised)
    codec.amount(&fees)
    codec.amount(&funding)
    codec.value(&workingBuy)
    codec.value(&workingSell)
    codec.require(quantity.magnitude < 1 << 62, "a position is beyond what is traded")
    codec.require(workingBuy >= 0 && workingSell >= 0, "work is never less than none")
  }
}

extension PositionTable.Total: SnapshotElement {
  package static var blank: Self { Self() }

  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&quantity)
    codec.value(&workingBuy)
    codec.value(&workingSell)
  }
}
