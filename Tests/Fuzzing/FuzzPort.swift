import Kernel
import PluginABI

/// Plugin code that answers its next batch with the bytes it was given for it, or fails.
final class FuzzPort {
  private var next: [UInt8] = []
  private var fails = false
  /// What the last call answered: the kernel reads it until the following one.
  private var answered = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 16)

  deinit { answered.deallocate() }

  /// Valid as long as this object is held.
  var port: PluginPort {
    PluginPort(
      process: { context, _, records, size in
        let port = Unmanaged<FuzzPort>.fromOpaque(context!).takeUnretainedValue()
        guard let answer = port.answer() else { return keel_status(KEEL_E_FAULT) }
        records.pointee = answer.baseAddress
        size.pointee = answer.count
        return keel_status(KEEL_OK)
      },
      context: Unmanaged.passUnretained(self).toOpaque())
  }

  func fail() { fails = true }

  /// Foreign bytes need not be whole records.
  func append(_ bytes: UnsafeRawBufferPointer) { next += bytes }

  private func answer() -> UnsafeRawBufferPointer? {
    defer {
      fails = false
      next.removeAll(keepingCapacity: true)
    }
    guard !fails else { return nil }
    answered.deallocate()
    answered = .allocate(byteCount: next.count, alignment: 16)
    answered.copyBytes(from: next)
    return UnsafeRawBufferPointer(answered)
  }
}
