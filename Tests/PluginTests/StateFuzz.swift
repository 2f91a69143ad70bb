import PluginABI
import PluginTesting
import TestSupport
import Testing

/// Any bytes as a saved state: refused, or taken by an instance that then works. Half of them carry
/// a good check, so that the author's own reading sees them too.
@Suite struct StateFuzz {
  private static let headerBytes = 12

  private static func saved() throws -> [UInt8] {
    let host = try FakeHost(Recorder.self)
    try host.activate()
    for price in 1...6 { host.send(.quote(Int64(price), Int64(price) + 2)) }
    return try host.saveState()
  }

  @Test func anyBytesAreTakenOrRefused() throws {
    let whole = try Self.saved()
    var taken = 0
    try FuzzRound.run("StateFuzz", usual: 600, share: 2) { round in
      var bytes = whole
      if round.chance(4) {
        bytes = (0..<round.number(0..<200)).map { _ in UInt8(round.number(0..<256)) }
      }
      round.change(&bytes, in: [Self.headerBytes..<max(Self.headerBytes, bytes.count)])
      if round.chance(8) { bytes.removeLast(round.number(0..<bytes.count + 1)) }
      if round.chance(8) { bytes += bytes.suffix(round.number(0..<40)) }
      if round.chance(2) { Self.seal(&bytes) }
      // The fake host takes no bytes for a stream to save to.
      guard !bytes.isEmpty else { return }
      let host = try FakeHost(Recorder.self)
      do throws(PluginError) {
        try host.loadState(bytes, version: round.pick([2, 3]), piece: round.pick([1, 7, .max]))
      } catch {
        #expect(!error.message.isEmpty, "\(round)")
        return
      }
      taken += 1
      try host.activate()
      host.send(.quote(10, 12), .timer(1, due: 0))
      let again = try FakeHost(Recorder.self)
      let state = try host.saveState()
      try again.loadState(state, version: 3)
      #expect(try again.saveState() == state, "\(round)")
    }
    #expect(taken > 0)
  }

  /// Magic and check as the SDK writes them: "KST1", then FNV-1a of the rest.
  private static func seal(_ bytes: inout [UInt8]) {
    guard bytes.count >= headerBytes else { return }
    bytes.replaceSubrange(0..<4, with: "KST1".utf8)
    let sum = bytes[headerBytes...].reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    for index in 0..<8 { bytes[4 + index] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * index)) }
  }
}
