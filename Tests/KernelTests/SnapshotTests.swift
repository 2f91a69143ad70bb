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
    describe(kernel.state.instruments, "instruments", into: &lines)
    describe(kernel.state.markets, "markets", into: &lines)
    describe(kernel.state.accounts, "accounts", into: &lines)
    describe(kernel.state.orders, "orders", into: &lines)
    describe(kernel.state.positions, "positions", into: &lines)
    describe(kernel.state.cash, "cash", into: &lines)
    describe(kernel.state.books, "books", into: &lines)
    describe(kernel.state.portfolio, "portfolio", into: &lines)
    describe(kernel.state.counts, "counts", into: &lines)
    describe(kernel.risk.limits, "limits", into: &lines)
    describe(kernel.risk.trading, "trading", into: &lines)
    describe(kernel.risk.slotOrders, "slotOrders", into: &lines)
    describe(kernel.risk.refusals, "refusals", into: &lines)
    describe(kernel.risk.moves, "moves", into: &lines)
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
