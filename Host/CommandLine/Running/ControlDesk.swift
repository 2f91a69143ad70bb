import JSON
import PluginHost
import Sessions

/// Answers the commands that reach a running session over its socket.
struct ControlDesk {
  /// What a request came to. Whoever runs the session obeys `stops`.
  struct Decision {
    var reply: JSONValue
    var stops = false
  }

  let session: Session
  /// Tries a library in a child process first.
  let probe: (String) -> PluginHostError?

  func answer(_ line: String) -> Decision {
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue.parse(line) } catch {
      return Self.refuse(
        CommandError(
          .usage, subject: "request", error.message, remedy: "send one JSON object a line"))
    }
    do throws(CommandError) { return try obey(try ControlRequest(value)) } catch {
      return Self.refuse(error)
    }
  }

  private func obey(_ request: ControlRequest) throws(CommandError) -> Decision {
    do throws(SessionError) {
      switch request {
      case .status: return Decision(reply: session.status())
      case .swap(let slot, let plugin, let options):
        let number = session.swapCount
        try session.beginSwap(slot: slot, to: plugin, options: options, probe: probe)
        return Decision(reply: ["ok": true, "swap": .integer(number)])
      case .rollback(let slot):
        try session.rollback(slot: slot)
        return Decision(reply: ["ok": true])
      case .risk(let slot): return Decision(reply: try session.riskStatus(slot: slot))
      case .check(let question): return Decision(reply: try session.check(question))
      case .setLimits(let settings, let target, let note):
        let steps = try session.setLimits(settings, of: target, note)
        return Decision(reply: LimitSteps(steps).json)
      case .trade(let order, let slot, let note):
        let answer = try session.order(order, slot: slot, note)
        return Decision(reply: [
          "ok": true, "slot": .optional(slot.map { .string($0) }),
          "state": .string("\(answer.state)"), "orders": .integer(answer.orders),
          "positions": .integer(answer.positions),
        ])
      case .stop: return Decision(reply: ["ok": true], stops: true)
      }
    } catch { throw CommandError(error) }
  }

  private static func refuse(_ error: CommandError) -> Decision {
    Decision(reply: ["error": error.value])
  }
}
