extension CashLedger: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(UInt64(accounts), .foreign, "the number of accounts")
    codec.constant(UInt64(assets), .foreign, "the number of assets")
    codec.table(&balances)
    if codec.isReading, codec.refusal == nil { sumUp() }
  }
}

extension CashLedger.Balance: SnapshotElement {
  package static var blank: Self { Self() }

  package mutating func code(_ codec: inout SnapshotCodec) {
    for index in terms.indices { codec.amount(&terms[index]) }
    codec.amount(&total)
  }
}
