import PluginABI
import PluginBoundary
import WorkerChannel

/// The steps from a build to an instance, which can each fail and are undone together.
struct PluginBirth {
  let build: PluginBuild
  let descriptor: PluginDescriptor
  let kind: PluginKind
  let name: String
  let boundary: OpaquePointer
  /// Behind whose functions the plugin stands; nil where it is in this process.
  let worker: WorkerProcess?
  private let entry: UnsafePointer<keel_entry>
  private(set) var plugin: UnsafeMutablePointer<keel_plugin>?

  private static let parametersMax: UInt32 = 256

  init(
    _ build: PluginBuild, _ descriptor: PluginDescriptor, _ kind: PluginKind, _ name: String,
    _ instruments: InstrumentTable, _ limits: InstanceLimits, _ placement: Placement
  ) throws(PluginHostError) {
    self.build = build
    self.descriptor = descriptor
    self.kind = kind
    self.name = name
    let worker: WorkerProcess?
    var text = plugin_text()
    switch placement {
    case .guarded:
      let library = try build.library()
      (entry, text, worker) = (library.entry, library.text, nil)
    case .worker(let options):
      worker = try Self.worker(for: build, kind, name, instruments, options)
      entry = worker_entry()
    }
    self.worker = worker
    var raw = plugin_limits()
    switch kind {
    case .strategy: raw.sink_kind = UInt32(PLUGIN_SINK_INTENTS)
    case .alpha: raw.sink_kind = UInt32(PLUGIN_SINK_SIGNALS)
    case .data, .exchange: raw.sink_kind = UInt32(PLUGIN_SINK_NONE)
    }
    raw.verify_batch = limits.verifiesBatch ? 1 : 0
    raw.sink_bytes = limits.sinkBytes
    raw.feed_bytes = kind == .data ? limits.feedBytes : 0
    raw.event_deadline = limits.eventDeadline
    raw.control_deadline = limits.controlDeadline
    guard let boundary = plugin_boundary_new(&text, &raw, instruments.table) else {
      throw PluginHostError(
        .capacity, name, "there is no memory left for its buffers", remedy: "restart the host")
    }
    self.boundary = boundary
    worker?.attach(to: boundary, descriptor, kind, limits)
  }

  private static func worker(
    for build: PluginBuild, _ kind: PluginKind, _ name: String, _ instruments: InstrumentTable,
    _ options: WorkerOptions
  ) throws(PluginHostError) -> WorkerProcess {
    guard kind == .strategy || kind == .alpha else {
      throw PluginHostError(
        .create, name, "a \(kind.rawValue) plugin has no process of its own",
        remedy: "set \"isolation\" for alphas and strategies alone")
    }
    let file = try PluginFile(path: build.storedPath, bytesMax: build.fileBytes)
    let worker = try WorkerProcess(
      library: file.bytes, path: build.storedPath, name: name, options)
    try worker.give(instruments)
    return worker
  }

  /// Leaves nothing behind but the boundary itself, which answers late calls.
  mutating func undo() {
    if let plugin, plugin.pointee.destroy != nil { _ = plugin_call_destroy(boundary, plugin) }
    plugin = nil
    worker?.kill()
    plugin_boundary_retire(boundary)
  }

  mutating func create(config: String) throws(PluginHostError) {
    var error = keel_error.empty
    var created: UnsafeMutablePointer<keel_plugin>?
    var bytes = Array(config.utf8CString)
    let status = bytes.withUnsafeMutableBufferPointer { buffer in
      let length = buffer.count - 1
      let text = keel_str(ptr: length == 0 ? nil : UnsafePointer(buffer.baseAddress!), len: length)
      return plugin_call_create(boundary, entry, descriptor.id, text, &created, &error)
    }
    try checkFault()
    guard status == KEEL_OK else {
      // What failed in a worker, it has said in whole sentences.
      let reason = BoundedText.reason(error, status: status)
      throw failure(
        .create, worker == nil ? "create failed: \(reason)" : BoundedText.shown(error.text),
        "see what the plugin's documentation says of it")
    }
    guard let created else {
      throw failure(.create, "create answered KEEL_OK and no plugin", "set *out before returning")
    }
    let size = Int(created.pointee.struct_size)
    guard size >= MemoryLayout<keel_plugin>.size else {
      throw failure(
        .create, "its keel_plugin is \(size) bytes long, not \(MemoryLayout<keel_plugin>.size)",
        "set struct_size = sizeof(keel_plugin)")
    }
    plugin = created
    var defects = SlotCheck(of: "keel_plugin")
      .with("activate", created.pointee.activate != nil)
      .with("deactivate", created.pointee.deactivate != nil)
      .with("destroy", created.pointee.destroy != nil)
      .with("extension", created.pointee.`extension` != nil).defects
    let made = created.pointee.desc?.pointee.id
      .flatMap { BoundedText.read($0, max: PluginDescriptor.idBytesMax) }
    if made != descriptor.id {
      defects.append(
        .init(
          "create(\"\(descriptor.id)\") made "
            + (made.map { "\"\($0)\"" } ?? "a plugin without desc"),
          "set desc to the descriptor of the id asked for"))
    }
    if !defects.isEmpty { throw PluginHostError(.create, name, defects) }
  }

  func findExtensions() throws(PluginHostError) -> PluginExtensions {
    var found = PluginExtensions()
    let strategy = try find(KEEL_STRATEGY, keel_strategy.self, isKind: kind == .strategy)
    let alpha = try find(KEEL_ALPHA, keel_alpha.self, isKind: kind == .alpha)
    found.data = try find(KEEL_DATA, keel_data.self, isKind: kind == .data)
    found.process = kind == .alpha ? alpha?.pointee.process : strategy?.pointee.process
    found.params = try find(KEEL_PARAMS, keel_params.self)
    found.state = try find(KEEL_STATE, keel_state.self)
    found.interests = try find(KEEL_INTERESTS, keel_interests.self)
    found.swap = try find(KEEL_SWAP, keel_swap.self)
    try checkSlots(found)
    return found
  }

  private func checkSlots(_ found: PluginExtensions) throws(PluginHostError) {
    var defects: [PluginHostError.Defect] = []
    if kind == .strategy || kind == .alpha {
      defects += SlotCheck(of: kind.abiName).with("process", found.process != nil).defects
    }
    if let data = found.data?.pointee {
      // poll may be NULL: such a provider publishes from threads of its own.
      defects +=
        SlotCheck(of: KEEL_DATA).with("attach", data.attach != nil)
        .with("subscribe", data.subscribe != nil)
        .with("unsubscribe", data.unsubscribe != nil).defects
    }
    if let params = found.params?.pointee {
      defects +=
        SlotCheck(of: KEEL_PARAMS).with("count", params.count != nil)
        .with("info", params.info != nil).with("set", params.set != nil).defects
    }
    if let state = found.state?.pointee {
      defects +=
        SlotCheck(of: KEEL_STATE).with("save", state.save != nil)
        .with("load", state.load != nil).defects
    }
    if let interests = found.interests?.pointee {
      defects += SlotCheck(of: KEEL_INTERESTS).with("get", interests.get != nil).defects
    }
    if let swap = found.swap?.pointee {
      defects +=
        SlotCheck(of: KEEL_SWAP).with("quiesce", swap.quiesce != nil)
        .with("resume", swap.resume != nil).defects
    }
    if !defects.isEmpty { throw PluginHostError(.create, name, defects) }
  }

  /// An extension whose struct is long enough. The kind asked for must be there.
  private func find<Extension>(
    _ id: String, _ type: Extension.Type, isKind: Bool = false
  ) throws(PluginHostError) -> UnsafePointer<Extension>? {
    let pointer = plugin_call_extension(boundary, plugin!, id)
    try checkFault()
    guard let pointer else {
      guard isKind else { return nil }
      throw failure(
        .create, "it describes itself as \(id), and extension(\"\(id)\") is NULL",
        "answer extension() for every kind of the descriptor")
    }
    let size = Int(pointer.load(as: UInt32.self))
    guard size >= MemoryLayout<Extension>.size else {
      throw failure(
        .create, "its \(id) is \(size) bytes long, not \(MemoryLayout<Extension>.size)",
        "set struct_size of every extension")
    }
    return pointer.assumingMemoryBound(to: Extension.self)
  }

  func declaredParameters(
    _ extensions: PluginExtensions
  ) throws(PluginHostError) -> [ParameterDeclaration] {
    guard let params = extensions.params else { return [] }
    let count = plugin_call_params_count(boundary, params, plugin!)
    try checkFault()
    guard count <= Self.parametersMax else {
      throw failure(
        .create, "it declares \(count) parameters", "declare at most \(Self.parametersMax)")
    }
    var declarations: [ParameterDeclaration] = []
    var defects: [PluginHostError.Defect] = []
    for index in 0..<count {
      var info = keel_param_info()
      info.struct_size = UInt32(MemoryLayout<keel_param_info>.size)
      let status = plugin_call_params_info(boundary, params, plugin!, index, &info)
      try checkFault()
      guard status == KEEL_OK else {
        defects.append(
          .init(
            "parameter \(index): info answers \(BoundedText.name(of: status))",
            "answer for each index < count()"))
        continue
      }
      let declaration = ParameterDeclaration(info, index: index, defects: &defects)
      if declarations.contains(where: { $0.name == declaration.name }) {
        defects.append(
          .init("parameter \"\(declaration.name)\" is declared twice", "give each its own name"))
      }
      if declarations.contains(where: { $0.id == declaration.id }) {
        defects.append(
          .init("parameter id \(declaration.id) is used twice", "give each its own id"))
      }
      declarations.append(declaration)
    }
    if !defects.isEmpty { throw PluginHostError(.create, name, defects) }
    return declarations
  }

  private func failure(
    _ code: PluginHostError.Code, _ message: String, _ remedy: String
  ) -> PluginHostError {
    PluginHostError(code, name, message, remedy: remedy)
  }

  private func checkFault() throws(PluginHostError) {
    guard let text = FaultText.of(boundary, name: descriptor.id) else { return }
    throw PluginHostError(
      .fault, name, text, remedy: "mend the plugin; this instance was not created")
  }
}
