package import PluginABI
import PluginBoundary

/// One created plugin, in one slot and generation. All calls go through its boundary; after a
/// fault it is quarantined: no code of it runs again, and every call says so.
///
/// Control calls: one thread at a time. `process`: one thread at a time, the kernel's.
package final class PluginInstance {
  package typealias ProcessFunction =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<keel_batch>?, UnsafeMutablePointer<UnsafeRawPointer?>,
      UnsafeMutablePointer<Int>
    ) -> keel_status
  package enum Phase: Sendable { case created, active, inactive, destroyed }

  package let build: PluginBuild
  package let descriptor: PluginDescriptor
  package let kind: PluginKind
  /// The slot's name, for logs and errors.
  package let name: String
  package let limits: InstanceLimits
  package let placement: Placement
  package private(set) var phase = Phase.created
  /// The hot path, of a strategy or an alpha model: pointers only, nothing of Swift.
  package let process: ProcessFunction = plugin_boundary_process
  package let processContext: UnsafeMutableRawPointer
  package let parameters: [ParameterDeclaration]

  let boundary: OpaquePointer
  let plugin: UnsafeMutablePointer<keel_plugin>
  let extensions: PluginExtensions
  /// Where it runs, if not in this process.
  private let worker: WorkerProcess?
  /// Outlives the boundary's last late call, as far as this object does.
  private let instruments: InstrumentTable

  /// Creates the plugin and asks for its parameters. Whatever fails, nothing is left behind.
  package init(
    build: PluginBuild, descriptor: PluginDescriptor, kind: PluginKind? = nil,
    config: String = "", name: String, instruments: InstrumentTable,
    limits: InstanceLimits = .standard, placement: Placement = .guarded, now: Int64 = 0
  ) throws(PluginHostError) {
    self.build = build
    self.descriptor = descriptor
    self.name = name
    self.limits = limits
    self.placement = placement
    self.instruments = instruments
    let kind = kind ?? descriptor.kinds[0]
    self.kind = kind
    guard descriptor.kinds.contains(kind) else {
      throw PluginHostError(
        .create, name, "\"\(descriptor.id)\" is no \(kind.rawValue)",
        remedy: "it is: \(descriptor.kinds.map(\.rawValue).joined(separator: ", "))")
    }
    guard kind != .exchange else {
      throw PluginHostError(
        .create, name, "\(KEEL_EXCHANGE) is a draft, which this host does not drive yet",
        remedy: "use the simulated venue")
    }
    var birth = try PluginBirth(
      build, descriptor, kind, name, instruments, limits, placement)
    plugin_boundary_set_time(birth.boundary, now)
    do throws(PluginHostError) {
      try birth.create(config: config)
      extensions = try birth.findExtensions()
      parameters = try birth.declaredParameters(extensions)
    } catch {
      birth.undo()
      throw error
    }
    boundary = birth.boundary
    worker = birth.worker
    plugin = birth.plugin!
    processContext = UnsafeMutableRawPointer(birth.boundary)
    if let process = extensions.process { plugin_boundary_bind(boundary, plugin, process) }
  }

  deinit { destroy() }

  // MARK: Lifecycle

  package func activate() throws(PluginHostError) {
    try require(phase == .created || phase == .inactive, .activate, "is \(phase)")
    var error = keel_error.empty
    let status = plugin_call_activate(boundary, plugin, &error)
    try check(status, .activate, "activate", error)
    phase = .active
  }

  package func deactivate() throws(PluginHostError) {
    try require(phase == .active, .activate, "is \(phase)")
    let status = plugin_call_deactivate(boundary, plugin)
    try check(status, .activate, "deactivate")
    phase = .inactive
  }

  /// Ends the plugin: it is deactivated first if need be. One that refuses, for it may still have
  /// threads, or is quarantined, is not entered again and its memory stays. Late calls of it are
  /// answered KEEL_E_STALE.
  package func destroy() {
    guard phase != .destroyed else { return }
    if phase == .active { try? deactivate() }
    if phase != .active { _ = plugin_call_destroy(boundary, plugin) }
    phase = .destroyed
    worker?.kill()
    plugin_boundary_retire(boundary)
  }

  // MARK: Where it runs

  /// What holds its worker, in words; nil for one in this process.
  package var sandbox: String? { worker?.sandbox }
  /// 0 once the worker has ended.
  package var workerID: Int32? { worker?.processID }

  /// Whether the answer to a batch is waited for to the end. Where it is not, a worker's may come
  /// later.
  package func setPatient(_ isPatient: Bool) { worker?.setPatient(isPatient) }
  /// The answer owed has come, or never will. Does not wait.
  package var hasAnswered: Bool { worker?.hasAnswered ?? true }
  /// The same, waited for.
  package func awaitAnswer() { worker?.awaitAnswer() }

  // MARK: Faults

  package var isQuarantined: Bool { plugin_boundary_is_quarantined(boundary) }
  /// The signal whose handler some plugin has replaced since this was asked last: which plugin, and
  /// whether in `process` or on a thread of its own, is not known.
  package static func takeTheft() -> String? {
    let signal = plugin_boundary_take_theft()
    return signal == 0 ? nil : FaultText.signalName(signal)
  }
  package var faultText: String? { FaultText.of(boundary, name: descriptor.id) }

  func require(
    _ condition: Bool, _ code: PluginHostError.Code, _ message: String
  ) throws(PluginHostError) {
    if condition { return }
    throw PluginHostError(
      code, name, "the plugin \(message)",
      remedy: "create -> set -> activate -> deactivate -> destroy is the order")
  }

  /// Turns a status into an error: a fault, or what the plugin said.
  func check(
    _ status: keel_status, _ code: PluginHostError.Code, _ call: String,
    _ error: keel_error = .empty
  ) throws(PluginHostError) {
    if status >= KEEL_OK { return }
    if let fault = faultText {
      throw PluginHostError(
        .fault, name, fault, remedy: "this generation is quarantined: roll back, or mend the plugin"
      )
    }
    throw PluginHostError(
      code, name,
      "\(descriptor.id) refuses \(call): \(BoundedText.reason(error, status: status))",
      remedy: "see what the plugin's documentation says of it")
  }
}

extension keel_error {
  static var empty: keel_error {
    var error = keel_error()
    error.struct_size = UInt32(MemoryLayout<keel_error>.size)
    return error
  }
}
