import JSON
import PluginHost
import Sessions

/// Answers the commands that reach a running session over its socket.
struct ControlDesk {
  let session: Session
  /// Tries a library in a child process first.
  let probe: (String) -> PluginHostError?

  func answer(_ line: String) -> String {
    do throws(JSONError) {
      return answer(try JSONValue.parse(line)).text()
    } catch {
      return Self.failure(.usage, "request", error.message, remedy: "send one JSON object a line")
        .text()
    }
  }

  private func answer(_ request: JSONValue) -> JSONValue {
    do throws(SessionError) {
      switch request["command"]?.string {
      case "status": return session.status()
      case "swap": return try swap(request)
      case "rollback":
        try session.rollback(slot: request["slot"]?.string ?? "")
        return ["ok": true]
      case "stop":
        ControlDesk.stopRequested = true
        return ["ok": true]
      default:
        return Self.failure(
          .usage, "request", "unknown command", remedy: "use status, swap, rollback or stop")
      }
    } catch {
      let error = CommandError(error)
      return Self.failure(error.exitCode, error.subject, error.message, remedy: error.remedy)
    }
  }

  private func swap(_ request: JSONValue) throws(SessionError) -> JSONValue {
    var options = SwapOptions()
    if let orders = request["orders"]?.string { options.orders = .init(rawValue: orders) }
    if let shadow = request["shadow"]?.integer { options.shadowBatches = UInt64(max(0, shadow)) }
    if let probation = request["probation"]?.integer {
      options.probationBatches = UInt64(max(0, probation))
    }
    options.requireEqual = request["requireEqual"]?.bool ?? false
    for member in request["parameters"]?.members ?? [] {
      guard let value = ParameterValue(member.value) else { continue }
      options.parameters.append((member.key, value))
    }
    let before = session.swapCount
    try session.beginSwap(
      slot: request["slot"]?.string ?? "",
      to: PluginReference(request["plugin"]?.string ?? ""), options: options, probe: probe)
    return ["ok": true, "swap": .integer(before)]
  }

  /// Set by the last command a host obeys. The session's thread alone touches it.
  nonisolated(unsafe) static var stopRequested = false

  static func failure(
    _ code: ExitCode, _ subject: String, _ message: String, remedy: String
  ) -> JSONValue {
    ["error": CommandError(code, subject: subject, message, remedy: remedy).value]
  }
}

extension ParameterValue {
  /// nil for what no parameter can be.
  init?(_ value: JSONValue) {
    if let bool = value.bool {
      self = .boolean(bool)
    } else if let integer = value.integer {
      self = .integer(integer)
    } else if let double = value.double {
      self = .decimal(double)
    } else if let text = value.string {
      self = .text(text)
    } else {
      return nil
    }
  }
}
