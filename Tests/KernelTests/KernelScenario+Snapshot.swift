import Testing

@testable import Kernel

/// Going on from a snapshot.
extension KernelScenario {
  var snapshotBytes: [UInt8] {
    var codec = SnapshotCodec()
    kernel.snapshot(into: &codec)
    codec.finish()
    return Array(codec.bytes)
  }

  /// Takes in the kernel's place one that knows nothing but the snapshot, and lends it the same
  /// code.
  func restore(_ limits: Limits) {
    do throws(SnapshotRefusal) {
      var next = try SnapshotTests.restore(snapshotBytes, limits: limits)
      for number in 1..<UInt32(kernel.slots.count) {
        next.attach(kernel.slots[number].live, to: number)
        if let port = kernel.slots[number].companion?.port {
          next.attach(companionPort: port, to: number)
        }
      }
      kernel = next
      restorations += 1
    } catch { Issue.record("a snapshot is refused: \(error)") }
  }
}
