import Market

/// Between two turns everything the kernel knows is in its tables: nothing is on its way.
extension Kernel {
  /// Counts up with every change of what a snapshot holds.
  private static let snapshotSchema: UInt32 = 2

  /// Writes the whole kernel behind what the codec holds. Changes nothing, and allocates only
  /// where the codec's memory is not large enough yet.
  package mutating func snapshot(into codec: inout SnapshotCodec) {
    precondition(!codec.isReading, "a snapshot is written into a codec that writes")
    code(&codec)
  }

  /// The kernel that a snapshot tells of. Its slots have no code yet: ports are lent again.
  package init(
    snapshot codec: inout SnapshotCodec, session: UInt64, limits: Limits
  ) throws(SnapshotRefusal) {
    self.init(session: session, limits: limits)
    if codec.refusal == nil { code(&codec) }
    if let refusal = codec.refusal { throw refusal }
    var check = InvariantCheck()
    checkInvariants(&check)
    if let broken = check.broken { throw SnapshotRefusal(.contradicts, broken) }
  }

  private mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(Self.snapshotSchema, .schema, "the schema of the kernel's snapshot")
    codec.value(&state)
    codec.value(&slots)
    codec.value(&risk)
    codec.value(&killSwitch)
    codec.value(&isHeldUp)
    codec.value(&isBehind)
    codec.count(&sequence)
  }
}
