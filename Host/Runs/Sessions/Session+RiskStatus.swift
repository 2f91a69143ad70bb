import Configuration
package import JSON
import Kernel
import Market
import PluginBridge
import Wording

extension Session {
  /// Every limit, on or off, and how near it is: what `keel risk show` answers. With a slot's name
  /// the limits of other slots are left out.
  package func riskStatus(slot name: String? = nil) throws(SessionError) -> JSONValue {
    let shown =
      try name.map { name throws(SessionError) in [try slot(named: name)] }
      ?? slots.filter { $0.kind == .strategy }
    let facts = RiskFacts(
      instruments: kernel.state.instruments.elements.compactMap { $0 },
      unprotectedLoss: kernel.risk.limits[.unprotectedLoss] ?? 1_000_000)
    return .object([
      ("session", .string(self.name)), ("time", .string(UTCTime.text(now))),
      ("reporting", .string(directory.code(reporting))), ("trading", trading),
      ("account", account(kernel.state.portfolio)),
      ("slots", .array(shown.map { row(of: $0, kernel.state.portfolio) })),
      ("breakers", .array(breakers(shown))),
      ("limits", .array(limits(shown, facts))),
    ])
  }

  /// Of all, and of each slot what binds it.
  var trading: JSONValue {
    .object([
      ("state", .string("\(kernel.risk.tradingState)")),
      ("killing", .bool(kernel.killFlags(of: 0) != 0)),
      (
        "slots",
        .object(slots.map { ($0.name, .string("\(kernel.risk.tradingState(of: $0.number))")) })
      ),
    ])
  }

  private func text(_ worth: Worth?) -> JSONValue {
    guard let worth else { return .null }
    return .string(DecimalText.format(worth.micros, exponent: Worth.exponent, trimming: true))
  }

  private func account(_ portfolio: borrowing Portfolio) -> JSONValue {
    let equity = portfolio.equity
    return .object([
      ("equity", text(equity)), ("equityHighest", text(portfolio.day.highest)),
      ("equityAtDayStart", text(portfolio.day.first)),
      ("drawdown", text(equity.map { portfolio.day.drawdown($0) })),
      ("dayLoss", text(equity.map { portfolio.day.loss($0) })),
      ("dayEntries", .integer(portfolio.day.entries)),
      ("grossExposure", text(portfolio.grossExposure)),
      ("marginBound", text(portfolio.marginBound)),
      (
        "sizeLeft",
        .string(
          DecimalText.format(kernel.risk.sizeLeft(portfolio), exponent: -6, trimming: true))
      ),
    ])
  }

  private func row(of slot: SlotRuntime, _ portfolio: borrowing Portfolio) -> JSONValue {
    .object([
      ("name", .string(slot.name)),
      ("trading", .string("\(kernel.risk.tradingState(of: slot.number))")),
      ("killing", .bool(kernel.killFlags(of: slot.number) != 0)),
      ("dayLoss", text(portfolio.dayLoss(slot: slot.number))),
      ("dayEntries", .integer(portfolio.day.entries(slot: slot.number))),
      ("grossExposure", text(portfolio.grossExposure(slot: slot.number))),
    ])
  }

  /// Those that are not closed.
  private func breakers(_ slots: [SlotRuntime]) -> [JSONValue] {
    let ofSlots = slots.compactMap { slot in
      breaker("slot", slot.name, kernel.risk.slotBreaker(slot.number))
    }
    let ofInstruments = directory.instruments.indices.compactMap { index -> JSONValue? in
      let id = InstrumentID(rawValue: UInt32(index))
      return breaker("instrument", directory.symbol(id), kernel.risk.instrumentBreaker(id))
    }
    return ofSlots + ofInstruments
  }

  private func breaker(
    _ kind: String, _ name: String, _ state: CircuitBreaker.State
  ) -> JSONValue? {
    switch state {
    case .closed: nil
    case .open(let until):
      [
        "of": .string(kind), "name": .string(name),
        "state": .string(now < until ? "open" : "half-open"),
        "until": .string(UTCTime.text(until)),
      ]
    case .trying:
      ["of": .string(kind), "name": .string(name), "state": "trying", "until": .null]
    }
  }

  // MARK: limits

  private func limits(_ slots: [SlotRuntime], _ facts: RiskFacts) -> [JSONValue] {
    let ofAll = RiskLimitName.names(of: .all).map { row("all", "", $0, .all, facts) }
    let ofSlots = slots.flatMap { slot in
      RiskLimitName.names(of: .slot).map {
        row("slot", slot.name, $0, .slot(slot.number), facts)
      }
    }
    let ofClasses = RiskConfiguration.classNames.flatMap { name, assetClass in
      let scope = LimitScope.assetClass(assetClass.rawValue)
      let names = RiskLimitName.names(of: .assetClass)
      let isOfInterest =
        names.contains { kernel.risk.limits[$0.key, scope] != nil }
        || facts.instruments.contains { $0.assetClass == assetClass }
      return isOfInterest ? names.map { row("class", name, $0, scope, facts) } : []
    }
    return ofAll + ofSlots + ofClasses
  }

  private func row(
    _ kind: String, _ holder: String, _ name: RiskLimitName, _ scope: LimitScope,
    _ facts: RiskFacts
  ) -> JSONValue {
    let limit = kernel.risk.limits[name.key, scope]
    let use = RiskUse(name, scope, limit, facts, kernel.state.portfolio)
    return .object([
      ("scope", .string(kind)), ("of", holder.isEmpty ? .null : .string(holder)),
      ("name", .string(name.rawValue)),
      ("value", .string(limit.map(name.text) ?? "off")), ("unit", .string(name.unitText)),
      ("used", use.map { .string(name.text($0.value)) } ?? .null),
      ("usedPercent", limit == nil ? .null : use.map { .integer($0.percent) } ?? .null),
    ])
  }
}
