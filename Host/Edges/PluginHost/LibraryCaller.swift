import PluginABI
import PluginBoundary

/// Calls the functions of a library that belong to no instance, under a guard of their own.
struct LibraryCaller {
  private let boundary: OpaquePointer
  private let subject: String

  init(text: plugin_text, subject: String) throws(PluginHostError) {
    var text = text
    var limits = plugin_limits()
    limits.control_deadline = InstanceLimits.standard.controlDeadline
    guard let boundary = plugin_boundary_new(&text, &limits, nil) else {
      throw PluginHostError(
        .capacity, subject, "there is no memory left for it", remedy: "restart the host")
    }
    self.boundary = boundary
    self.subject = subject
  }

  func retire() { plugin_boundary_retire(boundary) }

  func entry(_ function: keel_entry_fn) throws(PluginHostError) -> UnsafePointer<keel_entry> {
    let entry = plugin_call_entry(boundary, function)
    try checkFault()
    guard let entry else {
      throw PluginHostError(
        .abi, subject, "its entry returns NULL",
        remedy: "return the address of a static keel_entry")
    }
    return entry
  }

  func initialize(
    _ entry: UnsafePointer<keel_entry>, path: String
  ) throws(PluginHostError) {
    // The path lives until deinit, which a host that never unmaps never calls.
    let path = StaticText.keep(path)
    let status = plugin_call_init(boundary, entry, path)
    try checkFault()
    guard status == KEEL_OK else {
      throw PluginHostError(
        .loadFailed, subject, "its init answers \(BoundedText.name(of: status))",
        remedy: "see its documentation for what it needs")
    }
  }

  func count(_ entry: UnsafePointer<keel_entry>) throws(PluginHostError) -> UInt32 {
    let count = plugin_call_count(boundary, entry)
    try checkFault()
    return count
  }

  func describe(
    _ entry: UnsafePointer<keel_entry>, _ index: UInt32
  ) throws(PluginHostError) -> UnsafePointer<keel_descriptor>? {
    let descriptor = plugin_call_describe(boundary, entry, index)
    try checkFault()
    return descriptor
  }

  private func checkFault() throws(PluginHostError) {
    guard let text = FaultText.of(boundary, name: subject) else { return }
    throw PluginHostError(
      .fault, subject, text, remedy: "mend the plugin; it was not taken in")
  }
}
