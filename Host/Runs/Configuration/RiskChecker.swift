import JSON
import Market

/// What limits say of each other, and whether all that they count has a rate.
struct RiskChecker {
  private(set) var errors: [ConfigurationError] = []

  mutating func check(_ tree: JSONValue) {
    let risk = RiskConfiguration(tree["risk"])
    let written = tree["risk"]
    for relation in RiskRelation.all { hold(relation, risk, written) }
    for (index, strategy) in (tree["strategies"]?.elements ?? []).enumerated() {
      guard let limit = strategy["risk"]?["slotOrdersMax"], limit.string != "off",
        risk.limits[.orderRateMilliseconds] == nil
      else { continue }
      refuse(
        "strategies[\(index)].risk.slotOrdersMax", "orders are counted in no time",
        "set risk.orderRateMilliseconds", limit)
    }
    rates(tree, risk)
  }

  /// Told where the file says one of the two; presets agree with themselves.
  private mutating func hold(
    _ relation: RiskRelation, _ risk: RiskConfiguration, _ written: JSONValue?
  ) {
    guard let defect = relation.defect(in: risk.limits, prefix: "risk."),
      let (told, place) = relation.names.compactMap({ name in
        written?[name.rawValue].map { (name, $0) }
      }).first
    else { return }
    refuse("risk.\(told.rawValue)", defect.message, defect.remedy, place)
  }

  /// A limit of worth is a number of one asset, and says nothing of what has no rate into it.
  private mutating func rates(_ tree: JSONValue, _ risk: RiskConfiguration) {
    let instruments = tree["instruments"]?.elements ?? []
    let isLimited =
      (risk.limits.all + risk.classes.flatMap(\.limits.all)).contains { $0.name.needsRates }
      || (tree["strategies"]?.elements ?? []).contains { strategy in
        RiskLimitValues(written: strategy["risk"]).all.contains { $0.name.needsRates }
      }
    guard let reporting = risk.reporting ?? instruments.first.flatMap({ settlement($0) })?.name
    else { return }
    let fees = (tree["venues"]?.elements ?? []).compactMap { $0["fees"] }
    let rated =
      [reporting] + risk.rates.map(\.asset)
      + fees.compactMap { $0["currency"]?.string == "asset" ? $0["asset"]?.string : nil }
      + instruments.compactMap { instrument in
        guard instrument["quote"]?.string == reporting, isExchanged(instrument),
          instrument["symbol"] != nil
        else { return nil }
        return instrument["base"]?.string
      }
    var told: Set<String> = []
    func isUnrated(_ name: String?) -> String? {
      guard let name, !rated.contains(name), told.insert(name).inserted else { return nil }
      return name
    }
    for (index, instrument) in instruments.enumerated()
    where isLimited && instrument["symbol"] != nil {
      let settled = settlement(instrument)
      let held = isExchanged(instrument) ? instrument["base"] : nil
      for (key, value) in [(settled?.key, settled?.value), ("base", held)] {
        guard let key, let value, let name = isUnrated(value.string) else { continue }
        unrated(
          name, "instruments[\(index)].\(key)", "limits of worth are counted in \(reporting)",
          reporting, value)
      }
    }
    for (index, balance) in (tree["account"]?["balances"]?.elements ?? []).enumerated() {
      guard let value = balance["asset"], balance["amount"]?.string != "0",
        let name = isUnrated(value.string)
      else { continue }
      unrated(
        name, "account.balances[\(index)].asset",
        (isLimited ? "limits of worth are" : "equity is") + " counted in \(reporting)", reporting,
        value)
    }
  }

  /// What is bought is then held, and worth what its market says.
  private func isExchanged(_ instrument: JSONValue) -> Bool {
    ["spot", "equity"].contains(instrument["kind"]?.string)
  }

  private func settlement(_ value: JSONValue) -> (key: String, name: String, value: JSONValue)? {
    let key =
      value["settlement"] != nil
      ? "settlement" : value["kind"]?.string == "inverse" ? "base" : "quote"
    guard let found = value[key], let name = found.string else { return nil }
    return (key, name, found)
  }

  private mutating func unrated(
    _ name: String, _ path: String, _ why: String, _ reporting: String, _ value: JSONValue
  ) {
    let orNone =
      why.hasPrefix("limits") && path.hasPrefix("instruments")
      ? ", or set risk.preset to \"research\"" : ""
    refuse(
      path, "\(why), and \(name) has no rate into it",
      "add \"\(name)\" to risk.rates, or a spot instrument of \(name) in \(reporting)" + orNone,
      value)
  }

  private mutating func refuse(
    _ path: String, _ message: String, _ remedy: String, _ value: JSONValue
  ) {
    errors.append(ConfigurationError(path, message, remedy: remedy, at: value.position))
  }
}
