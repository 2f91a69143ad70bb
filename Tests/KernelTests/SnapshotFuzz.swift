import PluginBridge
import TestSupport
import Testing

@testable import Kernel

/// Bytes that claim to be a snapshot, with a digest that says so: read or refused, never a trap,
/// and what is read keeps every rule of the state.
@Suite struct SnapshotFuzz {
  @Test func hostileSnapshotsAreRefusedOrSound() throws {
    let genuine = (UInt64(1)...4).map { seed in
      var session = RandomSession(seed: seed)
      for _ in 0..<Int(60 * seed) { session.step() }
      return Array(session.scenario.snapshotBytes.dropLast(8))
    }
    var (read, refused) = (0, 0)
    try FuzzRound.run("SnapshotFuzz", usual: 250, share: 20) { round in
      var bytes = round.pick(genuine)
      if round.chance(8) { bytes.removeLast(round.number(0..<bytes.count)) }
      round.change(&bytes)
      do throws(SnapshotRefusal) {
        var kernel = try SnapshotTests.restore(SnapshotTests.sealed(bytes))
        kernel.checkInvariants()
        var codec = SnapshotCodec()
        kernel.snapshot(into: &codec)
        codec.finish()
        let again = try SnapshotTests.restore(Array(codec.bytes))
        again.checkInvariants()
        read += 1
      } catch {
        refused += 1
      }
    }
    #expect(refused > 0)
    #expect(read + refused > 0)
  }
}
