import JSON
import PluginHost
import Sessions

/// Answers the commands that reach a running session over its socket. New code is verified and
/// tried on a thread of its own, while the session trades; its answer waits until then.
final class ControlDesk {
  /// What a request came to. Whoever runs the session obeys `stops`.
  struct Decision {
    var reply: JSONValue
    var stops = false
  }

  /// A swap that somebody waits to see begin.
  private struct Wish {
    let client: UInt64
    let slot: String
    let options: SwapOptions
    let preparation: SwapPreparation
    var work: BackgroundWork<PreparedSwap>?
    var isCalledOff = false
  }

  private let session: Session
  /// Tries a library in a child process first.
  private let probe: @Sendable (String) -> PluginHostError?
  /// One at a time: the first of them is under way.
  private var wishes: [Wish] = []

  init(session: Session, probe: @escaping @Sendable (String) -> PluginHostError?) {
    self.session = session
    self.probe = probe
  }

  /// Nil: the answer comes with `finished`.
  func answer(_ line: String, for client: UInt64) -> Decision? {
    let value: JSONValue
    do throws(JSONError) { value = try JSONValue.parse(line) } catch {
      return Self.refuse(
        CommandError(
          .usage, subject: "request", error.message, remedy: "send one JSON object a line"))
    }
    do throws(CommandError) { return try obey(try ControlRequest(value), for: client) } catch {
      return Self.refuse(error)
    }
  }

  /// What was waited for and is there, between two turns.
  func finished() -> [(client: UInt64, reply: JSONValue)] {
    guard let wish = wishes.first, let prepared = wish.work?.result else { return [] }
    wishes.removeFirst()
    if !wishes.isEmpty { begin() }
    if wish.isCalledOff { return [(wish.client, Self.calledOff(wish.slot))] }
    let number = session.swapCount
    do throws(SessionError) {
      try session.beginSwap(slot: wish.slot, to: prepared, options: wish.options)
      return [(wish.client, ["ok": true, "swap": .integer(number)])]
    } catch { return [(wish.client, Self.refuse(CommandError(error)).reply)] }
  }

  /// At the end of the session: for whoever still waits.
  func dismissed() -> [(client: UInt64, reply: JSONValue)] {
    defer { wishes = [] }
    return wishes.map { ($0.client, Self.calledOff($0.slot)) }
  }

  private static func calledOff(_ slot: String) -> JSONValue {
    refuse(
      CommandError(
        .failed, subject: slot, "the swap was called off before it began",
        remedy: "the code that decided goes on")
    ).reply
  }

  private func begin() {
    let preparation = wishes[0].preparation
    wishes[0].work = BackgroundWork { preparation.run() }
  }

  private func prepare(
    _ slot: String, _ plugin: PluginReference, _ options: SwapOptions, for client: UInt64
  ) throws(SessionError) {
    guard !wishes.contains(where: { $0.slot == slot }) else {
      throw SessionError(
        .refused, slot, "a swap of this slot is being prepared",
        remedy: "call it off first: keel rollback \(slot)")
    }
    let preparation = try session.prepareSwap(slot: slot, to: plugin, probe: probe)
    wishes.append(Wish(client: client, slot: slot, options: options, preparation: preparation))
    if wishes.count == 1 { begin() }
  }

  private func obey(
    _ request: ControlRequest, for client: UInt64
  ) throws(CommandError) -> Decision? {
    do throws(SessionError) {
      switch request {
      case .status: return Decision(reply: session.status())
      case .swap(let slot, let plugin, let options):
        try prepare(slot, plugin, options, for: client)
        return nil
      case .rollback(let slot):
        if let place = wishes.firstIndex(where: { $0.slot == slot }) {
          wishes[place].isCalledOff = true
        } else {
          try session.rollback(slot: slot)
        }
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
