import History
package import JSON
import Kernel
package import Market
import PluginABI
import PluginBridge
import PluginHost
import Storage
import Wording

/// Money of one slot in one asset, exact.
package struct SlotResult: Sendable {
  package var realised: Int128 = 0
  package var unrealised: Int128 = 0
  package var fees: Int128 = 0
  package var asset: AssetID

  package var total: Int128 { realised + unrealised - fees }
}

extension Session {
  /// Profit of one slot by settlement asset, marked at the reference price.
  package func results(of number: UInt32) -> [SlotResult] {
    var results: [SlotResult] = []
    for (index, definition) in directory.instruments.enumerated() {
      let id = InstrumentID(rawValue: UInt32(index))
      guard let instrument = kernel.state.instrument(id) else { continue }
      let position = kernel.state.positions[number, id]
      let asset = AssetID(rawValue: definition.settle)
      let place = results.firstIndex { $0.asset == asset } ?? results.count
      if place == results.count { results.append(SlotResult(asset: asset)) }
      results[place].realised += position.realised
      results[place].fees += position.fees
      if position.quantity != 0, let mark = kernel.state.market(id)?.reference,
        let worth = instrument.value(mark, signed: position.quantity)
      {
        results[place].unrealised += worth.units - position.cost
      }
    }
    return results
  }

  /// Where the session stands: what `keel status` shows and the control socket answers.
  package func status() -> JSONValue {
    .object([
      ("session", .string(name)),
      ("time", .string(UTCTime.text(now))),
      ("turns", .integer(turns)),
      ("events", .integer(eventCount)),
      ("sequence", .integer(kernel.sequence)),
      ("journal", journal.map { .string($0.path) } ?? .null),
      ("trading", trading),
      ("openOrders", .integer(kernel.state.orders.openCount)),
      ("slots", .array(slots.map(status(of:)))),
      ("cash", cash()),
      ("swaps", .array(swapReports.map(\.json))),
      ("offers", .array(registry.offers.map(\.json))),
    ])
  }

  private func cash() -> JSONValue {
    .object(
      directory.assets.enumerated().dropFirst().map { index, code in
        let balance = kernel.state.cash.total(AssetID(rawValue: UInt32(index)))
        return (code, .string(balance.text))
      })
  }

  private func status(of slot: SlotRuntime) -> JSONValue {
    let tally = tallies[Int(slot.number) - 1]
    return .object([
      ("name", .string(slot.name)),
      ("kind", .string(slot.kind == .alpha ? "alpha" : "strategy")),
      ("plugin", .string(slot.live.descriptor.id)),
      ("version", .string(slot.live.descriptor.version)),
      ("hash", .string(slot.live.build.hashText)),
      ("generation", .integer(kernel.slots[slot.number].generation)),
      ("state", .string(stateText(slot))),
      ("isolation", .string(slot.live.placement.isWorker ? "process" : "guard")),
      ("sandbox", slot.live.sandbox.map(JSONValue.string) ?? .null),
      ("worker", slot.live.workerID.map { .integer($0) } ?? .null),
      ("restarts", .integer(slot.restart.count)),
      ("waitingFor", waitText(slot).map(JSONValue.string) ?? .null),
      ("lateAnswers", .integer(kernel.slots[slot.number].lateAnswers)),
      ("batches", .integer(kernel.slots[slot.number].batches)),
      ("dropped", .integer(kernel.slots[slot.number].dropped)),
      ("signals", .integer(tally.signals)),
      ("intents", .integer(tally.intents)),
      ("orders", .integer(tally.orders)),
      ("fills", .integer(tally.fills)),
      ("refusals", .integer(tally.refusals)),
      ("refusalReasons", Self.counts(tally.reasons)),
      ("rejections", .integer(tally.rejections)),
      ("rejectionReasons", Self.counts(tally.rejectionReasons)),
      ("openOrders", .integer(openOrders(slot))),
      ("positions", positions(of: slot)),
      (
        "results",
        .array(
          results(of: slot.number).map { result in
            .object([
              ("asset", .string(directory.code(result.asset))),
              ("realised", .string(text(result.realised, result.asset))),
              ("unrealised", .string(text(result.unrealised, result.asset))),
              ("fees", .string(text(result.fees, result.asset))),
              ("total", .string(text(result.total, result.asset))),
            ])
          })
      ),
    ])
  }

  private static func counts(_ reasons: [Int: Int]) -> JSONValue {
    .object(
      reasons.sorted { $0.key < $1.key }.map {
        (ReasonText.name($0.key), JSONValue.integer($0.value))
      })
  }

  private func text(_ units: Int128, _ asset: AssetID) -> String {
    Money(units: units, asset: asset).text
  }

  /// How far a swap is; a batch is one delivery to the slot.
  private func waitText(_ slot: SlotRuntime) -> String? {
    guard let swap = slot.swap else { return nil }
    let batches = kernel.slots[slot.number].batches
    func left(_ until: UInt64, of all: UInt64) -> String {
      "\(all - Swift.min(all, until - Swift.min(until, batches))) of \(all) batches"
    }
    switch swap.phase {
    case .saved: return "the new instance"
    case .shadow(let until): return "shadow: \(left(until, of: swap.options.shadowBatches))"
    case .cancelling: return "the venue to confirm the cancels"
    case .switching, .rollingBack: return "the next event"
    case .probation(let until):
      return "probation: \(left(until, of: swap.options.probationBatches))"
    }
  }

  private func stateText(_ slot: SlotRuntime) -> String {
    if kernel.slots[slot.number].isParked { return "parked" }
    switch slot.swap?.phase {
    case .saved, .shadow: return "shadowing"
    case .cancelling, .switching: return "switching"
    case .probation, .rollingBack: return "probation"
    case nil: return kernel.slots[slot.number].warmup > 0 ? "warming up" : "live"
    }
  }

  private func positions(of slot: SlotRuntime) -> JSONValue {
    var rows: [JSONValue] = []
    for (index, definition) in directory.instruments.enumerated() {
      let id = InstrumentID(rawValue: UInt32(index))
      let position = kernel.state.positions[slot.number, id]
      guard position.quantity != 0, let instrument = kernel.state.instrument(id) else { continue }
      rows.append(
        .object([
          ("instrument", .string(FixedText.read(definition.symbol))),
          (
            "quantity",
            .string(
              DecimalText.format(
                position.quantity, exponent: instrument.quantityExponent, trimming: true))
          ),
          ("average", position.average(instrument).map { .string(instrument.text($0)) } ?? .null),
        ]))
    }
    return .array(rows)
  }
}
