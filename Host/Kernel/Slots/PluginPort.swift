package import PluginABI

/// How the kernel calls an alpha or a strategy: one C function pointer and its context. Behind it
/// stands a guarded plugin, a worker, or the recorded answers of a journal.
package struct PluginPort: @unchecked Sendable {
  /// Returns the records pushed, valid until the next call; KEEL_E_FAULT when the code behind is
  /// gone, and then no records.
  package typealias Process =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<keel_batch>,
      UnsafeMutablePointer<UnsafeRawPointer?>, UnsafeMutablePointer<Int>
    ) -> keel_status

  private let process: Process
  private let context: UnsafeMutableRawPointer?

  package init(process: Process, context: UnsafeMutableRawPointer?) {
    self.process = process
    self.context = context
  }

  /// The answers to one batch; nil when the generation behind this port has failed.
  package func call(_ batch: UnsafePointer<keel_batch>) -> UnsafeRawBufferPointer? {
    var records: UnsafeRawPointer?
    var size = 0
    guard process(context, batch, &records, &size) == keel_status(KEEL_OK) else { return nil }
    return UnsafeRawBufferPointer(start: records, count: records == nil ? 0 : size)
  }
}
