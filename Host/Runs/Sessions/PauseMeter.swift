import Kernel
import PluginABI

/// Measures how long a slot had input and nobody to give it to: from the last return of the old
/// code to the first call of the new. It stands in the new code's port for that one call.
final class PauseMeter {
  private let process: PluginPort.Process
  private let context: UnsafeMutableRawPointer?
  private var oldReturned: Int64
  private var newCalled: Int64?

  init(_ process: @escaping PluginPort.Process, _ context: UnsafeMutableRawPointer?, from: Int64) {
    self.process = process
    self.context = context
    oldReturned = from
  }

  /// The host waited for input until now: that is no pause.
  func noteInput() { oldReturned = MonotonicClock.now() }

  var nanoseconds: Int64? { newCalled.map { $0 - oldReturned } }

  /// Valid while this object lives.
  var port: PluginPort {
    PluginPort(
      process: { meter, batch, records, bytes in
        let meter = Unmanaged<PauseMeter>.fromOpaque(meter!).takeUnretainedValue()
        if batch?.pointee.mode == UInt32(KEEL_LIVE), meter.newCalled == nil {
          meter.newCalled = MonotonicClock.now()
        }
        return meter.process(meter.context, batch, records, bytes)
      },
      context: Unmanaged.passUnretained(self).toOpaque())
  }
}
