package import PluginABI

/// How the kernel calls an alpha or a strategy: one C function pointer and its context. Behind it
/// stands a guarded plugin, a worker, or the recorded answers of a journal.
package struct PluginPort: @unchecked Sendable {
  /// Returns the records pushed, valid until the next call; KEEL_E_FAULT when the code behind is
  /// gone, and then no records; `later` when the answer is not there yet: the next call, without a
  /// batch, gives it.
  package typealias Process =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<keel_batch>?,
      UnsafeMutablePointer<UnsafeRawPointer?>, UnsafeMutablePointer<Int>
    ) -> keel_status

  package enum Answer {
    case records(UnsafeRawBufferPointer), later, failed
  }
  package static let later: keel_status = 1

  private let process: Process
  private let context: UnsafeMutableRawPointer?

  package init(process: Process, context: UnsafeMutableRawPointer?) {
    self.process = process
    self.context = context
  }

  /// The answer to one batch, or, without one, to the last.
  package func call(_ batch: UnsafePointer<keel_batch>?) -> Answer {
    var records: UnsafeRawPointer?
    var size = 0
    switch process(context, batch, &records, &size) {
    case keel_status(KEEL_OK):
      return .records(UnsafeRawBufferPointer(start: records, count: records == nil ? 0 : size))
    case Self.later: return .later
    default: return .failed
    }
  }
}
