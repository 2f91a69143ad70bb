package import JSON
import Kernel
import Market
import PluginBridge
import Storage
import Wording

/// What was recovered, for people and programs. Everything the host owns is in it, so that equal
/// reports are equal books.
extension Recovery {
  /// The whole report: the state, and how it was come by.
  package var report: JSONValue {
    .object([
      ("session", .string(facts.name)),
      ("starts", .integer(facts.start)),
      ("replayedTurns", .integer(turns)),
      ("records", .integer(records)),
      ("end", .string("\(end)")),
      ("cutRecords", .integer(cutRecords)),
      ("tornBytes", .integer(tornBytes)),
      ("snapshot", snapshotRow),
      ("refusedSnapshots", .array(refusedSnapshots.map(JSONValue.string))),
      ("state", state),
    ])
  }

  package var tornBytes: Int {
    if case .torn(_, let bytes) = tail { bytes } else { 0 }
  }

  private var snapshotRow: JSONValue {
    guard let snapshot else { return .null }
    return .object([
      ("position", .string("\(snapshot.position)")), ("sequence", .integer(snapshot.sequence)),
    ])
  }

  /// The state alone.
  package var state: JSONValue {
    var rows = StateRows(
      facts: facts, state: State(copying: kernel.state), limits: kernel.risk.limits,
      sequence: kernel.sequence)
    for number in 1..<UInt32(Swift.max(1, kernel.slots.count)) {
      rows.generations.append(kernel.slots[number].generation)
      rows.parked.append(kernel.slots[number].isParked)
    }
    return rows.json
  }
}

/// The state in rows.
private struct StateRows: ~Copyable {
  var facts: SessionFacts
  var state: State
  var limits: RiskLimits
  var sequence: UInt64
  /// By slot.
  var generations: [UInt32] = []
  var parked: [Bool] = []

  var json: JSONValue {
    .object([
      ("time", .string(UTCTime.text(state.now))),
      ("turns", .integer(state.turns)),
      ("sequence", .integer(sequence)),
      ("slots", .array(facts.slots.indices.map { slot($0) })),
      ("orders", .array(orders)),
      ("positions", .array(positions)),
      ("cash", .array(cash)),
      ("limits", .array(limitRows)),
    ])
  }

  private func slot(_ index: Int) -> JSONValue {
    let (fact, slot) = (facts.slots[index], UInt32(index + 1))
    return .object([
      ("name", .string(fact.name)),
      ("kind", .string(fact.isAlpha ? "alpha" : "strategy")),
      ("plugin", .string(fact.code.id)),
      ("version", .string(fact.code.version)),
      ("hash", .string(fact.code.hash)),
      ("generation", .integer(generations[index])),
      ("isParked", .bool(parked[index])),
      ("openOrders", .integer(state.orders.openCount(of: slot))),
    ])
  }

  private func owner(_ slot: UInt32) -> String {
    slot > 0 && Int(slot) <= facts.slots.count ? facts.slots[Int(slot) - 1].name : "host"
  }

  private var orders: [JSONValue] {
    var open: [Order] = []
    state.orders.forEachOpen { open.append($0) }
    return open.sorted { $0.id < $1.id }.map { order in
      let instrument = state.instrument(order.instrument)
      func price(_ price: Price?) -> JSONValue {
        price.flatMap { instrument?.text($0) }.map(JSONValue.string) ?? .null
      }
      func quantity(_ quantity: Quantity) -> JSONValue {
        .string(instrument?.text(quantity) ?? "\(quantity.mantissa)")
      }
      return .object([
        ("id", .integer(order.id)),
        ("slot", .string(owner(order.slot))),
        ("generation", .integer(order.generation)),
        ("instrument", .string(facts.directory.symbol(order.instrument))),
        ("side", .string("\(order.side)")),
        ("type", .string("\(order.type)")),
        ("limit", price(order.limit)),
        ("trigger", price(order.trigger)),
        ("quantity", quantity(order.quantity)),
        ("filled", quantity(order.filled)),
        ("state", .string("\(order.state)")),
      ])
    }
  }

  private var positions: [JSONValue] {
    var rows: [JSONValue] = []
    for case .some(let instrument) in state.instruments.elements {
      for slot in 0..<UInt32(state.positions.slots) {
        for leg in [PositionSide.net, .short] {
          let position = state.positions[slot, instrument.id, leg]
          guard position.quantity != 0 || position.realised != 0 || position.fees != 0 else {
            continue
          }
          rows.append(row(position, instrument, slot, leg))
        }
      }
    }
    return rows
  }

  private func row(
    _ position: Position, _ instrument: Instrument, _ slot: UInt32, _ leg: PositionSide
  ) -> JSONValue {
    func money(_ units: Int128) -> JSONValue {
      .string(Money(units: units, asset: instrument.settlement).text)
    }
    return .object([
      ("slot", .string(owner(slot))),
      ("instrument", .string(facts.directory.symbol(instrument.id))),
      ("side", .string(leg == .short ? "short" : "net")),
      (
        "quantity",
        .string(
          DecimalText.format(
            position.quantity, exponent: instrument.quantityExponent, trimming: true))
      ),
      ("average", position.average(instrument).map { .string(instrument.text($0)) } ?? .null),
      ("realised", money(position.realised)),
      ("fees", money(position.fees)),
      ("funding", money(position.funding)),
    ])
  }

  private var cash: [JSONValue] {
    var rows: [JSONValue] = []
    for account in 0..<state.cash.accounts {
      for (index, code) in facts.directory.assets.enumerated() where index > 0 {
        guard index < state.cash.assets else { break }
        let asset = AssetID(rawValue: UInt32(index))
        let balance = state.cash[UInt16(account), asset]
        let reserved = state.portfolio.reserved(asset)
        guard balance.total != 0 || reserved != 0 else { continue }
        rows.append(
          .object([
            ("account", .integer(account)), ("asset", .string(code)),
            ("total", .string(Money(units: balance.total, asset: asset).text)),
            ("reserved", .string(Money(units: reserved, asset: asset).text)),
          ]))
      }
    }
    return rows
  }

  private var limitRows: [JSONValue] {
    let scopes: [(LimitScope, String)] =
      [(.all, "all")]
      + facts.slots.indices.map { (.slot(UInt32($0 + 1)), facts.slots[$0].name) }
    return scopes.flatMap { scope, name in
      LimitKey.allCases.compactMap { key in
        limits[key, scope].map { value in
          .object([
            ("limit", .string("\(key)")), ("scope", .string(name)), ("value", .integer(value)),
          ])
        }
      }
    }
  }
}
