import Glibc
import PluginABI
import PluginBoundary
import WorkerChannel

/// The whole of a worker process: loads one library, makes one plugin of it, and answers its host
/// until that ends it. It trusts the host; the host does not trust it.
package final class WorkerService {
  private let channel: UnsafeMutablePointer<worker_service>
  private var build: PluginBuild?
  private var rows: [keel_ev_instrument] = []
  private var instance: PluginInstance?
  private var limits = InstanceLimits()
  /// Bytes of the state that arrived so far, and room for one to be saved.
  private var arrived: [UInt8] = []
  private var room: [UInt8] = []

  /// Serves until the host has the plugin destroyed. Comes back only when this process was not
  /// started as a worker.
  package static func run() {
    let channel = UnsafeMutablePointer<worker_service>.allocate(capacity: 1)
    channel.initialize(to: worker_service())
    guard worker_service_begin(channel) else { return }
    WorkerService(channel).serve()
  }

  private init(_ channel: UnsafeMutablePointer<worker_service>) { self.channel = channel }

  private func serve() -> Never {
    while true {
      var request = worker_message()
      let payload = worker_service_next(channel, &request)
      let bytes = UnsafeRawBufferPointer(start: payload, count: Int(request.payload))
      if let instance { plugin_boundary_set_time(instance.boundary, request.now) }
      if Int(request.kind) == Int(WORKER_PROCESS) {
        process(request, bytes)
      } else {
        control(request, bytes)
      }
      if Int(request.kind) == Int(WORKER_DESTROY) { _exit(0) }
    }
  }

  // MARK: answers

  private func process(_ request: worker_message, _ payload: UnsafeRawBufferPointer) {
    guard let instance, payload.count >= MemoryLayout<keel_batch>.size else { _exit(1) }
    var batch = payload.loadUnaligned(as: keel_batch.self)
    let start = MemoryLayout<keel_batch>.size
    batch.events = batch.bytes == 0 ? nil : payload.baseAddress! + start
    var records: UnsafeRawPointer?
    var bytes = 0
    let status = plugin_boundary_process(instance.processContext, &batch, &records, &bytes)
    finish(request, status, UnsafeRawBufferPointer(start: records, count: bytes))
  }

  /// What the plugin asked for meanwhile, what became of it if it failed, and the answer.
  private func finish(
    _ request: worker_message, _ status: keel_status, _ answer: UnsafeRawBufferPointer,
    count: UInt32 = 0
  ) {
    var done = worker_message()
    done.kind = UInt16(WORKER_DONE)
    done.number = request.number
    done.status = status
    done.count = count
    if let instance {
      if plugin_boundary_has_requests(instance.boundary) { sendRequests(of: instance) }
      if plugin_boundary_take_wake(instance.boundary) { done.flags = UInt16(WORKER_WAKES) }
    }
    worker_service_done(channel, request.size)
    if let text = instance?.faultText {
      send(WORKER_FAULT, Array(text.utf8.prefix(Int(WORKER_TEXT_BYTES) - 1)))
    }
    worker_service_send(channel, done, answer.baseAddress, answer.count)
  }

  private func finish(
    _ request: worker_message, _ status: keel_status, _ answer: [UInt8] = [], count: UInt32 = 0
  ) {
    answer.withUnsafeBytes { finish(request, status, $0, count: count) }
  }

  private func sendRequests(of instance: PluginInstance) {
    var timer = plugin_timer()
    while plugin_boundary_take_timer(instance.boundary, &timer) {
      withUnsafeBytes(of: worker_timer(id: timer.id, due: timer.due)) {
        send(WORKER_TIMER, Array($0))
      }
    }
    var line = plugin_log_line()
    while plugin_boundary_take_log(instance.boundary, &line) {
      let text = withUnsafeBytes(of: line.text) { Array($0.prefix(Int(line.length))) }
      send(WORKER_LOG, text, status: line.level)
    }
    let dropped = plugin_boundary_take_log_dropped(instance.boundary)
    if dropped > 0 {
      send(WORKER_LOG, [], flags: UInt16(WORKER_LINES_DROPPED), count: UInt32(clamping: dropped))
    }
  }

  private func send(
    _ kind: some BinaryInteger, _ payload: [UInt8], flags: UInt16 = 0,
    status: Int32 = 0, count: UInt32 = 0
  ) {
    var message = worker_message()
    message.kind = UInt16(kind)
    message.flags = flags
    message.status = status
    message.count = count
    worker_service_send(channel, message, payload, payload.count)
  }

  // MARK: control

  private func control(_ request: worker_message, _ payload: UnsafeRawBufferPointer) {
    switch Int(request.kind) {
    case Int(WORKER_LOAD): load(request, String(decoding: payload, as: UTF8.self))
    case Int(WORKER_INSTRUMENTS):
      rows += payload.bindMemory(to: keel_ev_instrument.self)
      finish(request, keel_status(KEEL_OK))
    case Int(WORKER_CREATE): create(request, payload)
    default:
      guard let instance else { _exit(1) }
      call(instance, request, payload)
    }
  }

  private func load(_ request: worker_message, _ path: String) {
    do throws(PluginHostError) {
      let build = try PluginBuild(
        originalPath: path, storedPath: path, hash: ContentHash(of: []), fileBytes: 0,
        opening: "/proc/self/fd/\(WORKER_LIBRARY_DESCRIPTOR)")
      close(Int32(WORKER_LIBRARY_DESCRIPTOR))
      self.build = build
      var answer: [UInt8] = []
      for descriptor in build.descriptors {
        withUnsafeBytes(of: WorkerDescription.raw(descriptor)) { answer += $0 }
      }
      finish(request, keel_status(KEEL_OK), answer, count: UInt32(build.descriptors.count))
    } catch {
      finish(request, keel_status(KEEL_E_UNSUPPORTED), WorkerRefusal.bytes(error))
    }
  }

  private func create(_ request: worker_message, _ payload: UnsafeRawBufferPointer) {
    let creation = payload.loadUnaligned(as: worker_creation.self)
    var rest = payload.dropFirst(MemoryLayout<worker_creation>.size)
    let id = String(decoding: rest.prefix(Int(creation.id_length)), as: UTF8.self)
    rest = rest.dropFirst(Int(creation.id_length))
    let config = String(decoding: rest.prefix(Int(creation.config_length)), as: UTF8.self)
    limits.verifiesBatch = creation.verify_batch != 0
    limits.sinkBytes = Int(creation.sink_bytes)
    limits.stateBytesMax = Int(creation.state_bytes)
    limits.stateStep = Int(creation.state_step)
    limits.eventDeadline = creation.event_deadline
    limits.controlDeadline = creation.control_deadline
    guard let build, let descriptor = build.descriptors.first(where: { $0.id == id }) else {
      _exit(1)
    }
    do throws(PluginHostError) {
      let instance = try PluginInstance(
        build: build, descriptor: descriptor, kind: creation.kind == 2 ? .alpha : .strategy,
        config: config, name: descriptor.id, instruments: InstrumentTable(rows), limits: limits,
        now: request.now)
      self.instance = instance
      finish(request, keel_status(KEEL_OK), count: Self.offers(instance.extensions))
    } catch {
      let text = Array(error.message.utf8)
      if error.code == .fault { send(WORKER_FAULT, Array(text.prefix(Int(WORKER_TEXT_BYTES) - 1))) }
      finish(request, keel_status(KEEL_E_STATE), text)
    }
  }

  private static func offers(_ extensions: PluginExtensions) -> UInt32 {
    (extensions.params == nil ? 0 : UInt32(WORKER_HAS_PARAMS))
      | (extensions.state == nil ? 0 : UInt32(WORKER_HAS_STATE))
      | (extensions.interests == nil ? 0 : UInt32(WORKER_HAS_INTERESTS))
      | (extensions.swap == nil ? 0 : UInt32(WORKER_HAS_SWAP))
  }

  private func call(
    _ instance: PluginInstance, _ request: worker_message, _ payload: UnsafeRawBufferPointer
  ) {
    let (boundary, plugin) = (instance.boundary, instance.plugin)
    switch Int(request.kind) {
    case Int(WORKER_ACTIVATE):
      explained(request) { plugin_call_activate(boundary, plugin, &$0) }
    case Int(WORKER_DEACTIVATE): finish(request, plugin_call_deactivate(boundary, plugin))
    case Int(WORKER_DESTROY): finish(request, plugin_call_destroy(boundary, plugin))
    case Int(WORKER_SAVE): save(instance, request, payload)
    case Int(WORKER_STATE):
      arrived += payload
      finish(request, keel_status(KEEL_OK))
    case Int(WORKER_LOAD_STATE): loadState(instance, request)
    case Int(WORKER_INTERESTS):
      guard let interests = instance.extensions.interests else { _exit(1) }
      var info = keel_interests_info()
      info.struct_size = UInt32(MemoryLayout<keel_interests_info>.size)
      let status = plugin_call_interests(boundary, interests, plugin, &info)
      withUnsafeBytes(of: info) { finish(request, status, $0) }
    case Int(WORKER_QUIESCE):
      guard let swap = instance.extensions.swap else { _exit(1) }
      let deadline = payload.loadUnaligned(as: Int64.self)
      finish(request, plugin_call_quiesce(boundary, swap, plugin, deadline))
    case Int(WORKER_RESUME):
      guard let swap = instance.extensions.swap else { _exit(1) }
      finish(request, plugin_call_resume(boundary, swap, plugin))
    default: parameters(instance, request, payload)
    }
  }

  private func parameters(
    _ instance: PluginInstance, _ request: worker_message, _ payload: UnsafeRawBufferPointer
  ) {
    let (boundary, plugin) = (instance.boundary, instance.plugin)
    guard let params = instance.extensions.params else { _exit(1) }
    switch Int(request.kind) {
    case Int(WORKER_PARAMS_COUNT):
      let count = plugin_call_params_count(boundary, params, plugin)
      finish(request, keel_status(KEEL_OK), count: count)
    case Int(WORKER_PARAMS_INFO):
      var info = keel_param_info()
      info.struct_size = UInt32(MemoryLayout<keel_param_info>.size)
      let status = plugin_call_params_info(boundary, params, plugin, request.count, &info)
      withUnsafeBytes(of: info) { finish(request, status, $0) }
    case Int(WORKER_PARAMS_SET):
      let parameter = payload.loadUnaligned(as: worker_parameter.self)
      let text = payload.dropFirst(MemoryLayout<worker_parameter>.size)
      let start = UnsafeRawBufferPointer(rebasing: text).baseAddress
      let length = Int(parameter.length)
      let given = keel_str(
        ptr: length == 0 ? nil : start?.assumingMemoryBound(to: CChar.self), len: length)
      explained(request) {
        plugin_call_params_set(
          boundary, params, plugin, parameter.id, parameter.value, given, &$0)
      }
    default: _exit(1)
    }
  }

  /// A call that says in words why it refuses.
  private func explained(_ request: worker_message, _ call: (inout keel_error) -> keel_status) {
    var error = keel_error.empty
    let status = call(&error)
    finish(request, status, status < KEEL_OK ? Array(BoundedText.shown(error.text).utf8) : [])
  }

  // MARK: state

  private func save(
    _ instance: PluginInstance, _ request: worker_message, _ payload: UnsafeRawBufferPointer
  ) {
    guard let state = instance.extensions.state else { _exit(1) }
    let sequence = payload.loadUnaligned(as: UInt64.self)
    if room.isEmpty { room = [UInt8](repeating: 0, count: limits.stateBytesMax) }
    let status = room.withUnsafeMutableBufferPointer { buffer in
      var stream = plugin_bytes()
      stream.bytes = buffer.baseAddress
      stream.capacity = buffer.count
      stream.step = limits.stateStep
      let status = plugin_call_save(instance.boundary, state, instance.plugin, &stream, sequence)
      // More than fits is what the host shall see, too: it is given all that came and one more.
      let used = stream.overflowed != 0 ? buffer.count : stream.used
      let whole = UnsafeRawBufferPointer(buffer)
      for start in stride(from: 0, to: used, by: Int(WORKER_CHUNK_BYTES)) {
        let piece = whole[start..<min(used, start + Int(WORKER_CHUNK_BYTES))]
        send(WORKER_SAVED, Array(piece))
      }
      if stream.overflowed != 0 { send(WORKER_SAVED, [0]) }
      return status
    }
    finish(request, status)
  }

  private func loadState(_ instance: PluginInstance, _ request: worker_message) {
    guard let state = instance.extensions.state else { _exit(1) }
    let version = request.count
    explained(request) { error in
      arrived.withUnsafeMutableBufferPointer { buffer in
        var stream = plugin_bytes()
        stream.bytes = buffer.baseAddress
        stream.capacity = buffer.count
        stream.step = limits.stateStep
        return plugin_call_load(
          instance.boundary, state, instance.plugin, &stream, version, &error)
      }
    }
    arrived = []
  }
}
