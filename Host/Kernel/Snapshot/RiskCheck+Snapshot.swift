extension RiskCheck: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.value(&limits)
  }
}

extension RiskLimits: SnapshotValue {
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(UInt64(slots), .foreign, "the number of slots with limits")
    codec.table(&values)
  }
}

extension KillSwitch: SnapshotValue {
  mutating func code(_ codec: inout SnapshotCodec) {
    codec.table(&kills)
    codec.table(&flattens)
    codec.value(&isOn)
    codec.value(&isHeldUp)
    codec.require(isOn == kills.contains(true), "the kill switch is on where something is killed")
  }
}
