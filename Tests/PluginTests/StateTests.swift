import PluginABI
import PluginTesting
import Testing

/// Saved state: the same again after a round trip, and refused, never believed, when it is not.
@Suite struct StateTests {
  private func recorder() throws -> FakeHost { try FakeHost(Recorder.self) }

  /// An instance that has seen two quotes and placed one order.
  private func veteran() throws -> FakeHost {
    let host = try recorder()
    try host.activate()
    host.send(.quote(10, 12), .quote(11, 13), .timer(1, due: 0))
    return host
  }

  private func saved() throws -> [UInt8] {
    let host = try veteran()
    let bytes = try host.saveState()
    #expect(try host.saveState() == bytes, "saving twice is the same bytes")
    return bytes
  }

  @Test(arguments: [1, 7, Int.max]) func roundTrip(piece: Int) throws {
    let bytes = try saved()
    let host = try recorder()
    try host.loadState(bytes, version: 3, piece: piece)
    try host.activate()
    #expect(try host.saveState() == bytes)
    host.send(.quote(12, 14), .timer(4, due: 0), .timer(1, due: 0))
    #expect(host.log == ["quote 3 none 1"])
    #expect(host.intents.map(\.intent_id) == [2, 3], "ids go on where they were")
  }

  @Test func ordersAndPositionsAreNoPartOfIt() throws {
    let host = try veteran()
    let bytes = try host.saveState()
    host.send(.order(900, for: host.intents[0], .accepted), .position(42))
    #expect(host.log.suffix(2) == ["order 900 open 1", "position 42"])
    #expect(try host.saveState() == bytes)
  }

  /// They are the host's, which tells them before anything counts.
  @Test func theHostTellsOrdersAndPositions() throws {
    let old = try veteran()
    let resting = FakeEvent.order(900, for: old.intents[0], .accepted, isInherited: true)
    let host = try recorder()
    try host.loadState(old.saveState(), version: 3)
    try host.activate()
    host.mode = .warmup
    host.send(.timer(3, due: 0))
    #expect(host.intents.isEmpty, "nothing is open before the host says so")
    host.send(FakeEvent.position(42).snapshot, resting.snapshot)
    #expect(host.log == ["position 42", "order 900 open 1"])
    host.mode = .live
    host.send(.timer(3, due: 0), .timer(3, due: 0))
    #expect(host.intents.map(\.order_id) == [900], "and asked for its end once")
    host.send(.order(900, for: old.intents[0], .cancelled, isInherited: true), .position(40))
    #expect(host.log.suffix(2) == ["order 900 open 0", "position 40"])
  }

  /// A new instance that was given no state counts from 1 again: the number alone is no name.
  @Test func anInheritedOrderIsNotTakenForAnOwnOne() throws {
    let old = try veteran()
    let host = try recorder()
    try host.activate()
    host.send(.timer(1, due: 0))
    #expect(host.intents[0].intent_id == old.intents[0].intent_id)
    host.send(FakeEvent.order(900, for: old.intents[0], .accepted, isInherited: true).snapshot)
    host.send(.order(901, for: host.intents[0], .accepted))
    #expect(host.log == ["order 900 open 2", "order 901 open 2"])
  }

  @Test func anotherWindowTakesOverWhatFits() throws {
    let host = try recorder()
    try host.set("window", 1)
    try host.loadState(saved(), version: 2)
    try host.activate()
    #expect(host.interests?.warmup_records == 1)
  }

  @Test(arguments: [UInt32(0), 1, 4, .max]) func refusesAnotherVersion(_ version: UInt32) throws {
    let host = try recorder()
    let bytes = try saved()
    let message = failure { () throws(PluginError) in try host.loadState(bytes, version: version) }
    #expect(message == "state version \(version) cannot be read, only 2 to 3")
  }

  @Test func refusesEveryTruncation() throws {
    let bytes = try saved()
    for count in 1..<bytes.count {
      let host = try recorder()
      let short = Array(bytes[..<count])
      #expect(failure { () throws(PluginError) in try host.loadState(short, version: 3) } != nil)
    }
    let host = try recorder()
    let long = bytes + [0]
    #expect(failure { () throws(PluginError) in try host.loadState(long, version: 3) } != nil)
  }

  @Test func refusesEveryFlippedBit() throws {
    let bytes = try saved()
    for index in bytes.indices {
      var flipped = bytes
      flipped[index] ^= 1 << UInt8(index % 8)
      let host = try recorder()
      #expect(failure { () throws(PluginError) in try host.loadState(flipped, version: 3) } != nil)
    }
  }

  /// Past the check, too: the readers themselves must stand any bytes.
  @Test(arguments: 1...300) func readersStandAnyBytes(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let count = Int.random(in: 0..<200, using: &random)
    // Small numbers make believable counts, which lead further in.
    let bytes = (0..<count).map { _ in
      random.unit() < 0.7 ? UInt8(random.next() % 3) : UInt8(truncatingIfNeeded: random.next())
    }
    func tries(_ body: (inout StateReader) throws(StateError) -> Void) {
      var reader = StateReader(bytes)
      do throws(StateError) {
        try body(&reader)
      } catch {
        #expect(reader.remaining >= 0)
      }
    }
    tries { (state) throws(StateError) in let _: [Int64?] = try state.read() }
    tries { (state) throws(StateError) in let _: [String] = try state.read() }
    tries { (state) throws(StateError) in let _: ExponentialMean = try state.read() }
    tries { (state) throws(StateError) in let _ = try SortedMap<InstrumentID, Int64>(from: &state) }
    tries { (state) throws(StateError) in
      var mean = RollingMean(5)
      try mean.restore(from: &state)
      for _ in 0..<20 { mean.push(1) }
    }
    tries { (state) throws(StateError) in
      var variance = RollingVariance(5)
      try variance.restore(from: &state)
      for _ in 0..<20 { variance.push(1) }
    }
  }

  @Test func averagesGoOnBitByBit() throws {
    var random = SeededRandom(seed: 11)
    var mean = RollingMean(7)
    var variance = RollingVariance(7)
    for _ in 0..<40 {
      mean.push(random.normal())
      variance.push(random.normal())
    }
    var writer = StateWriter()
    mean.write(to: &writer)
    variance.write(to: &writer)
    writer.write(random)
    var reader = StateReader(writer.bytes)
    var mean2 = RollingMean(7)
    var variance2 = RollingVariance(7)
    try mean2.restore(from: &reader)
    try variance2.restore(from: &reader)
    var random2: SeededRandom = try reader.read()
    for _ in 0..<40 {
      mean.push(random.normal())
      mean2.push(random2.normal())
      variance.push(mean.mean)
      variance2.push(mean2.mean)
      #expect(mean.mean == mean2.mean && variance.variance == variance2.variance)
    }
  }
}
