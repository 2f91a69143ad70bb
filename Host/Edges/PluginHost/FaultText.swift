import Glibc
import PluginABI
import PluginBoundary

/// A boundary's fault in words.
struct FaultText {
  /// Nil when nothing happened.
  static func of(_ boundary: OpaquePointer, name: String) -> String? {
    guard plugin_boundary_is_quarantined(boundary) else { return nil }
    let fault = plugin_boundary_fault(boundary)
    let call = fault.call.map { String(cString: $0) } ?? "a call"
    let place = "offset 0x\(String(fault.pc_offset, radix: 16)) in \(name)"
    switch Int(fault.kind) {
    case Int(PLUGIN_FAULT_SIGNAL):
      let address = "0x\(String(fault.address, radix: 16))"
      return "\(signalName(fault.signal)) at \(address) in \(call) (\(place))"
    case Int(PLUGIN_FAULT_DEADLINE):
      return "deadline of \(fault.deadline / 1_000_000) ms overrun in \(call) (\(place))"
    case Int(PLUGIN_FAULT_BATCH_WRITTEN):
      return "\(call) wrote into its input batch"
    case Int(PLUGIN_FAULT_HANDLER):
      return "\(call) replaced the host's handler of \(signalName(fault.signal)), which is put back"
    case Int(PLUGIN_FAULT_WORKER):
      return fault.text.map { String(cString: $0) } ?? "its worker has ended"
    default:
      return "\(call) answered \(BoundedText.name(of: fault.status))"
    }
  }

  static func signalName(_ signal: Int32) -> String {
    switch signal {
    case SIGSEGV: "SIGSEGV"
    case SIGBUS: "SIGBUS"
    case SIGFPE: "SIGFPE"
    case SIGILL: "SIGILL"
    case SIGTRAP: "SIGTRAP"
    case SIGABRT: "SIGABRT"
    case SIGKILL: "SIGKILL"
    case SIGSYS: "SIGSYS"
    case SIGTERM: "SIGTERM"
    case SIGURG: "SIGURG"
    default: "signal \(signal)"
    }
  }
}

/// C text that outlives everything: one per loaded library or created instance, never freed,
/// because a plugin may hold the pointer as long as it is mapped.
struct StaticText {
  static func keep(_ text: String) -> UnsafePointer<CChar> {
    let bytes = Array(text.utf8)
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
    for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
    copy[bytes.count] = 0
    return UnsafePointer(copy)
  }
}
