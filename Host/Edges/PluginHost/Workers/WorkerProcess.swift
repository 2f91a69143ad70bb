import Glibc
import PluginABI
import PluginBoundary
import WorkerChannel

/// The host's end of one worker process, which holds one library. Ends it when nobody needs it.
final class WorkerProcess {
  let handle: OpaquePointer
  private let subject: String
  private let patience: Int64
  /// What create() answers as the plugin's descriptor: valid as long as this.
  private let descriptor: UnsafeMutablePointer<keel_descriptor>
  private let id: UnsafeMutablePointer<CChar>

  /// Starts it, and has it load the library. The bytes travel with it: it opens no path.
  init(
    library bytes: [UInt8], path: String, name: String, _ options: WorkerOptions
  ) throws(PluginHostError) {
    subject = name
    patience = options.patience
    descriptor = .allocate(capacity: 1)
    descriptor.initialize(to: keel_descriptor())
    id = .allocate(capacity: PluginDescriptor.idBytesMax + 1)
    id.initialize(repeating: 0, count: PluginDescriptor.idBytesMax + 1)
    var error: Int32 = 0
    let started = options.program.withCString { program in
      name.withCString { name in
        bytes.withUnsafeBytes { bytes in
          var raw = worker_options(
            program: program, name: name, answer_nanoseconds: options.answerDeadline,
            control_nanoseconds: options.controlDeadline, memory_bytes: Self.memory(options),
            spins: Self.spins(options), reserved: 0)
          return worker_start(&raw, bytes.baseAddress!, bytes.count, &error)
        }
      }
    }
    guard let started else {
      descriptor.deallocate()
      id.deallocate()
      throw PluginHostError(
        .capacity, name, "its worker cannot be started: \(String(cString: strerror(error)))",
        remedy: "check the limits on processes and memory, and that /proc is mounted")
    }
    handle = started
    descriptions = []
    descriptions = try load(path)
  }

  deinit {
    worker_free(handle)
    descriptor.deallocate()
    id.deallocate()
  }

  /// Of the library's plugins, as the worker told them.
  private(set) var descriptions: [worker_descriptor]

  /// What became of it; nil while it serves.
  var faultText: String? { worker_fault(handle).map { String(cString: $0) } }
  var sandbox: String { SandboxText.of(worker_sandbox(handle)) }
  var processID: Int32 { worker_process_id(handle) }
  func setPatient(_ isPatient: Bool) { worker_set_patience(handle, isPatient ? 0 : patience) }
  var hasAnswered: Bool { worker_has_answered(handle) }
  func awaitAnswer() { worker_await(handle) }
  /// Ends it at once: every later call is answered KEEL_E_FAULT.
  func kill() { worker_kill(handle) }

  /// A worker's buffers, and a state on its way.
  private static let ownBytes: UInt64 = 48 << 20
  private static func memory(_ options: WorkerOptions) -> UInt64 {
    options.memoryBytes == 0 ? 0 : options.memoryBytes + ownBytes
  }

  /// One processor has nobody to wait for who runs meanwhile.
  private static func spins(_ options: WorkerOptions) -> UInt32 {
    sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 ? options.spins : 0
  }

  // MARK: requests

  private func load(_ path: String) throws(PluginHostError) -> [worker_descriptor] {
    let answer = ask(WORKER_LOAD, Array(path.utf8))
    guard answer.status == KEEL_OK else {
      if let faultText { throw failure(.loadFailed, faultText) }
      throw WorkerRefusal.error(answer.bytes, subject: subject)
    }
    let size = MemoryLayout<worker_descriptor>.size
    guard answer.bytes.count % size == 0, answer.bytes.count / size == Int(answer.count) else {
      throw failure(.descriptor, "its worker describes it in \(answer.bytes.count) bytes")
    }
    return answer.bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: size).map {
        bytes.loadUnaligned(fromByteOffset: $0, as: worker_descriptor.self)
      }
    }
  }

  /// Before create: the session's instruments, which the plugin may look up from then on.
  func give(_ instruments: InstrumentTable) throws(PluginHostError) {
    let size = MemoryLayout<keel_ev_instrument>.size
    let perMessage = Int(WORKER_CHUNK_BYTES) / size
    for first in stride(from: 0, to: instruments.count, by: perMessage) {
      let rows = (first..<min(instruments.count, first + perMessage)).flatMap { index in
        withUnsafeBytes(of: instruments[UInt32(index)]) { Array($0) }
      }
      guard ask(WORKER_INSTRUMENTS, rows).status == KEEL_OK else {
        throw failure(.create, faultText ?? "its worker takes no instruments")
      }
    }
  }

  /// From now on this stands behind the boundary, and `create` makes this plugin.
  func attach(
    to boundary: OpaquePointer, _ plugin: PluginDescriptor, _ kind: PluginKind,
    _ limits: InstanceLimits
  ) {
    worker_attach(handle, boundary)
    for (place, byte) in plugin.id.utf8.prefix(PluginDescriptor.idBytesMax).enumerated() {
      id[place] = CChar(bitPattern: byte)
    }
    descriptor.pointee.struct_size = UInt32(MemoryLayout<keel_descriptor>.size)
    descriptor.pointee.id = UnsafePointer(id)
    var creation = worker_creation()
    creation.kind = kind == .alpha ? 2 : 1
    creation.verify_batch = limits.verifiesBatch ? 1 : 0
    creation.sink_bytes = UInt64(limits.sinkBytes)
    creation.state_bytes = UInt64(limits.stateBytesMax)
    creation.state_step = UInt64(limits.stateStep)
    creation.event_deadline = limits.eventDeadline
    creation.control_deadline = limits.controlDeadline
    worker_describe(handle, descriptor, creation)
  }

  private func ask(
    _ kind: some BinaryInteger, _ payload: [UInt8]
  ) -> (status: keel_status, bytes: [UInt8], count: UInt32) {
    var request = worker_message()
    request.kind = UInt16(kind)
    var answer: UnsafeRawPointer? = nil
    var bytes = 0
    var count: UInt32 = 0
    let status = payload.withUnsafeBytes {
      worker_ask(handle, request, $0.baseAddress, $0.count, &answer, &bytes, &count)
    }
    return (status, Array(UnsafeRawBufferPointer(start: answer, count: bytes)), count)
  }

  private func failure(_ code: PluginHostError.Code, _ text: String) -> PluginHostError {
    PluginHostError(
      code, subject, text, remedy: "mend the plugin; nothing of it ran in the host")
  }
}
