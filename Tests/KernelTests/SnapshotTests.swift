import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import Kernel

/// A snapshot is the whole kernel: what is read back goes on as the one that was written.
@Suite struct SnapshotTests {
  @Test(arguments: [1, 2] as [UInt64])
  func aRestoredKernelGoesOnToTheSameBytes(_ seed: UInt64) {
    var session = RandomSession(seed: seed)
    for _ in 0..<200 { session.step() }
    let whole = KernelScenario(replaying: session.scenario)
    #expect(whole.produced == session.scenario.produced)
    // Each turn is done by a kernel that has just been read back from the one before.
    let restored = KernelScenario(replaying: session.scenario, restoringEvery: 1)
    #expect(restored.produced == session.scenario.produced)
    #expect(restored.snapshotBytes == whole.snapshotBytes)
    #expect(restored.restorations > 200)
  }

  @Test(arguments: [5, 6] as [UInt64])
  func oneThatWasReadOnceGoesOnToTheEnd(_ seed: UInt64) {
    var session = RandomSession(seed: seed)
    for _ in 0..<300 { session.step() }
    for turn in [17, 150, 299] {
      let restored = KernelScenario(replaying: session.scenario, restoringEvery: turn)
      #expect(restored.produced == session.scenario.produced, "restored every \(turn) turns")
    }
  }

  @Test func writingTwiceGivesTheSameBytes() {
    var session = RandomSession(seed: 7)
    for _ in 0..<300 { session.step() }
    #expect(session.scenario.snapshotBytes == session.scenario.snapshotBytes)
    #expect(session.scenario.snapshotBytes.count > 10_000)
  }

  @Test func everyStoredPropertyOfTheStateComesBack() throws {
    for seed in UInt64(20)..<24 {
      var session = RandomSession(seed: seed)
      for _ in 0..<250 { session.step() }
      let bytes = session.scenario.snapshotBytes
      let kernel = try Self.restore(bytes)
      var (found, expected): ([String], [String]) = ([], [])
      Self.describe(kernel, into: &found)
      Self.describe(session.scenario.kernel, into: &expected)
      let difference = zip(found, expected).first { $0 != $1 }
      #expect(difference == nil && found.count == expected.count)
      #expect(found.count > 2_500)
    }
  }

  /// State and risk are never copied, so they are told part by part; that no part is missing from
  /// the snapshot is a rule of the tree.
  private static func describe(_ kernel: borrowing Kernel, into lines: inout [String]) {
    describe(Array(kernel.state.instruments.elements), "state.instruments", into: &lines)
    describe(Array(kernel.state.markets.elements), "state.markets", into: &lines)
    describe(Array(kernel.state.accounts.elements), "state.accounts", into: &lines)
    describe(Array(kernel.state.funded.elements), "state.funded", into: &lines)
    describe(Array(kernel.state.orders.places.elements), "state.orders.places", into: &lines)
    describe(Array(kernel.state.orders.names.elements), "state.orders.names", into: &lines)
    describe(Array(kernel.state.orders.bounds.elements), "state.orders.bounds", into: &lines)
    describe(
      Array(kernel.state.orders.reductions.elements), "state.orders.reductions", into: &lines)
    describe(Array(kernel.state.orders.isWaiting.elements), "state.orders.isWaiting", into: &lines)
    describe(
      Array(kernel.state.orders.openBySlot.elements), "state.orders.openBySlot", into: &lines)
    describe(
      Array(kernel.state.positions.positions.elements), "state.positions.positions", into: &lines)
    describe(Array(kernel.state.positions.totals.elements), "state.positions.totals", into: &lines)
    describe(Array(kernel.state.cash.balances.elements), "state.cash.balances", into: &lines)
    describe(Array(kernel.state.cash.totals.elements), "state.cash.totals", into: &lines)
    describe(Array(kernel.state.books.books.elements), "state.books.books", into: &lines)
    describe(Array(kernel.state.books.numbers.elements), "state.books.numbers", into: &lines)
    describe(Array(kernel.state.portfolio.rows.elements), "state.portfolio.rows", into: &lines)
    describe(Array(kernel.state.portfolio.cells.elements), "state.portfolio.cells", into: &lines)
    describe(Array(kernel.state.portfolio.assets.elements), "state.portfolio.assets", into: &lines)
    describe(
      Array(kernel.state.portfolio.isWatched.elements), "state.portfolio.isWatched", into: &lines)
    describe(Array(kernel.state.portfolio.orders.elements), "state.portfolio.orders", into: &lines)
    describe(
      Array(kernel.state.portfolio.accounts.elements), "state.portfolio.accounts", into: &lines)
    describe(
      Array(kernel.state.portfolio.totals.bySlot.elements), "state.portfolio.totals.bySlot",
      into: &lines)
    describe(
      Array(kernel.state.portfolio.totals.byClass.elements), "state.portfolio.totals.byClass",
      into: &lines)
    describe(
      Array(kernel.state.portfolio.totals.realisedBySlot.elements),
      "state.portfolio.totals.realisedBySlot", into: &lines)
    describe(
      Array(kernel.state.portfolio.totals.resultBySlot.elements),
      "state.portfolio.totals.resultBySlot", into: &lines)
    describe(
      Array(kernel.state.portfolio.day.entriesBySlot.elements), "state.portfolio.day.entriesBySlot",
      into: &lines)
    describe(
      Array(kernel.state.portfolio.day.resultBySlot.elements), "state.portfolio.day.resultBySlot",
      into: &lines)
    describe(Array(kernel.risk.trading.bySlot.elements), "risk.trading.bySlot", into: &lines)
    describe(Array(kernel.risk.slotOrders.elements), "risk.slotOrders", into: &lines)
    describe(Array(kernel.risk.accountOrders.elements), "risk.accountOrders", into: &lines)
    describe(Array(kernel.risk.venueOrders.elements), "risk.venueOrders", into: &lines)
    describe(Array(kernel.risk.refusals.elements), "risk.refusals", into: &lines)
    describe(Array(kernel.risk.moves.elements), "risk.moves", into: &lines)
    describe(kernel.state.counts, "state.counts", into: &lines)
    describe(kernel.risk.limits, "risk.limits", into: &lines)
    describe(kernel.state.orders.open, "state.orders.open", into: &lines)
    describe(kernel.state.portfolio.movingRates, "state.portfolio.movingRates", into: &lines)
    describe(kernel.state.portfolio.day.highest as Any, "state.portfolio.day.highest", into: &lines)
    describe(kernel.state.portfolio.day.first as Any, "state.portfolio.day.first", into: &lines)
    describe(kernel.state.portfolio.totals.gross, "state.portfolio.totals.gross", into: &lines)
    describe(kernel.state.portfolio.totals.cash, "state.portfolio.totals.cash", into: &lines)
    describe(kernel.state.portfolio.totals.flows, "state.portfolio.totals.flows", into: &lines)
    describe(
      kernel.state.portfolio.totals.revaluation, "state.portfolio.totals.revaluation", into: &lines)
    describe(
      kernel.state.portfolio.totals.unrealised, "state.portfolio.totals.unrealised", into: &lines)
    lines.append("\(kernel.state.now) \(kernel.state.turns)")
  }

  @Test func aChangedBitIsRefused() throws {
    var session = RandomSession(seed: 8)
    for _ in 0..<300 { session.step() }
    let bytes = session.scenario.snapshotBytes
    var random = SeededGenerator(seed: 8)
    for _ in 0..<300 {
      var changed = bytes
      changed[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8)
      #expect(Self.refusal(of: changed)?.code == .damaged)
    }
  }

  @Test func aSnapshotCutAnywhereIsRefused() throws {
    var session = RandomSession(seed: 9)
    for _ in 0..<100 { session.step() }
    let bytes = session.scenario.snapshotBytes
    for length in stride(from: 0, to: bytes.count, by: 611) {
      #expect(Self.refusal(of: Array(bytes[..<length])) != nil)
      #expect(Self.refusal(of: Self.sealed(Array(bytes[..<length]))) != nil)
    }
    #expect(Self.refusal(of: Self.sealed(bytes.dropLast(8) + [0, 0, 0, 0])) != nil)
    #expect(Self.refusal(of: bytes) == nil)
  }

  @Test func anotherSessionsSnapshotIsRefused() throws {
    let bytes = KernelScenario().snapshotBytes
    #expect(Self.refusal(of: bytes, session: 0xABD)?.code == .foreign)
    var limits = Limits.scenario
    limits.orders = 128
    #expect(Self.refusal(of: bytes, limits: limits)?.code == .foreign)
    limits = .scenario
    limits.slots = 7
    #expect(Self.refusal(of: bytes, limits: limits)?.code == .foreign)
    var older = Array(bytes.dropLast(8))
    older[0] += 1
    #expect(Self.refusal(of: Self.sealed(older))?.code == .schema)
  }

  // MARK: tools

  static func restore(
    _ bytes: [UInt8], session: UInt64 = 0xABC, limits: Limits = .scenario
  ) throws(SnapshotRefusal) -> Kernel {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    var codec = SnapshotCodec(reading: UnsafeRawBufferPointer(copy))
    let kernel = try Kernel(snapshot: &codec, session: session, limits: limits)
    codec.finish()
    if let refusal = codec.refusal { throw refusal }
    return kernel
  }

  static func refusal(
    of bytes: [UInt8], session: UInt64 = 0xABC, limits: Limits = .scenario
  ) -> SnapshotRefusal? {
    do throws(SnapshotRefusal) {
      let kernel = try restore(bytes, session: session, limits: limits)
      kernel.checkInvariants()
      return nil
    } catch { return error }
  }

  /// With a digest that is right for it.
  static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var codec = SnapshotCodec()
    bytes.withUnsafeBytes { bytes in
      for place in stride(from: 0, to: bytes.count & ~7, by: 8) {
        var word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        codec.value(&word)
      }
      for place in (bytes.count & ~7)..<bytes.count {
        var byte = bytes[place]
        codec.value(&byte)
      }
    }
    codec.finish()
    return Array(codec.bytes)
  }

  /// Every value in it, by the path of the properties that lead there. Tables of places whose
  /// order has no meaning are left out: what is found through them is compared by what they say.
  private static func describe(_ value: Any, _ path: String, into lines: inout [String]) {
    let mirror = Mirror(reflecting: value)
    guard !mirror.children.isEmpty else {
      lines.append("\(path) = \(value)")
      return
    }
    for (index, child) in mirror.children.enumerated() {
      let name = child.label ?? "\(index)"
      if ["free", "freeHead", "table", "ring", "head", "next", "previous"].contains(name) {
        continue
      }
      describe(child.value, "\(path).\(name)", into: &lines)
    }
  }
}
