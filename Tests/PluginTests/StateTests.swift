import PluginABI
import PluginTesting
import Testing

/// Saved state: the same again after a round trip, and refused, never believed, when it is not.
@Suite struct StateTests {
  private func recorder() throws -> FakeHost { try FakeHost(Recorder.self) }

  private func saved() throws -> [UInt8] {
    let host = try recorder()
    try host.activate()
    host.send(.quote(10, 12), .quote(11, 13), .position(42), .timer(1, due: 0))
    host.send(.order(900, for: host.intents[0], .accepted))
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
    host.send(.quote(12, 14), .timer(4, due: 0), .timer(3, due: 0))
    #expect(host.log == ["quote 3 none 1"])
    // Ids go on where they were, and the order that was open can be cancelled.
    #expect(host.intents.map(\.intent_id) == [2, 3])
    #expect(host.intents[1].order_id == 900)
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
    tries { (state) throws(StateError) in let _: OpenOrders = try state.read() }
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
