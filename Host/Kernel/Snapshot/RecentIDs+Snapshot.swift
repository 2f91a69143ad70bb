extension RecentIDs: SnapshotValue {
  /// Those remembered, oldest first; read back, they are remembered again one by one.
  mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(UInt64(ring.count), .foreign, "the number of ids remembered")
    var (scopes, ids): ([UInt64], [UInt64]) = ([], [])
    for index in 0..<count {
      let entry = ring[(head - count + index) & (ring.count - 1)]
      scopes.append(entry.scope)
      ids.append(entry.id)
    }
    codec.list(&scopes, limit: ring.count)
    codec.list(&ids, limit: ring.count)
    codec.require(scopes.count == ids.count, "each id remembered has its scope")
    guard codec.isReading, codec.refusal == nil else { return }
    self = RecentIDs(capacity: ring.count)
    for (scope, id) in zip(scopes, ids) {
      let isRepeated = insert(scope: scope, id: id)
      codec.require(!isRepeated, "an id is remembered once")
    }
  }
}
