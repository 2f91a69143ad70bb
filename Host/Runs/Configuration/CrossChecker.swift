import JSON
import Market
import Wording

/// What one object says of another: names that must exist, be unique, or fit together. Works on a
/// checked tree from which whatever was malformed is missing.
struct CrossChecker {
  private(set) var errors: [ConfigurationError] = []

  mutating func check(_ tree: JSONValue) {
    for (section, key) in [
      ("instruments", "symbol"), ("data", "name"), ("venues", "name"), ("alphas", "name"),
      ("strategies", "name"),
    ] {
      unique(tree[section], key, section)
    }
    unique(tree["account"]?["balances"], "asset", "account.balances")
    let venues = names(tree["venues"], "name")
    for (path, instrument) in each(tree, "instruments") {
      exists(instrument["venue"], among: venues, "venue", "\(path).venue")
      numbers(of: instrument, path)
    }
    sources(tree["data"])
    let symbols = names(tree["instruments"], "symbol")
    for section in ["data", "alphas", "strategies"] {
      for (path, value) in each(tree, section) {
        references(value["instruments"], symbols, "instrument", "\(path).instruments")
      }
    }
    let alphas = names(tree["alphas"], "name")
    for (path, strategy) in each(tree, "strategies") {
      references(strategy["alphas"], alphas, "alpha", "\(path).alphas")
    }
    for section in ["alphas", "strategies"] {
      for (path, slot) in each(tree, section) { isolation(slot, path) }
    }
    var risk = RiskChecker()
    risk.check(tree)
    errors += risk.errors
    var venue = VenueChecker()
    venue.check(tree)
    errors += venue.errors
  }

  private func each(_ tree: JSONValue, _ section: String) -> [(String, JSONValue)] {
    (tree[section]?.elements ?? []).enumerated().map { ("\(section)[\($0.offset)]", $0.element) }
  }

  private func names(_ list: JSONValue?, _ key: String) -> [String] {
    (list?.elements ?? []).compactMap { $0[key]?.string }
  }

  private mutating func unique(_ list: JSONValue?, _ key: String, _ path: String) {
    var first: [String: Int] = [:]
    for (index, element) in (list?.elements ?? []).enumerated() {
      guard let value = element[key], let name = value.string else { continue }
      if let earlier = first[name] {
        refuse(
          "\(path)[\(index)].\(key)", "\"\(name)\" is taken by \(path)[\(earlier)]",
          remedy: "give each its own \(key)", value)
      } else {
        first[name] = index
      }
    }
  }

  /// One source twice would be twice the market.
  private mutating func sources(_ list: JSONValue?) {
    var known: [[String]] = []
    for (index, source) in (list?.elements ?? []).enumerated() {
      let said = ["plugin", "version", "parameters", "instruments"].map { source[$0]?.text() ?? "" }
      if let earlier = known.firstIndex(of: said) {
        refuse(
          "data[\(index)]", "it is data[\(earlier)] by another name",
          remedy: "remove one, or give it other parameters", source)
      }
      known.append(said)
    }
  }

  /// Bounds that bind nobody would look as if they did.
  private mutating func isolation(_ slot: JSONValue, _ path: String) {
    guard let worker = slot["worker"], slot["isolation"]?.string != "process" else { return }
    refuse(
      "\(path).worker", "nothing here says that this slot has a worker",
      remedy: "add \"isolation\": \"process\", or remove it", worker)
  }

  private mutating func exists(
    _ value: JSONValue?, among known: [String], _ noun: String, _ path: String
  ) {
    guard let value, let name = value.string, !known.contains(name) else { return }
    refuse(
      path, "there is no \(noun) \"\(name)\"",
      remedy: Suggestion.remedy(for: name, among: known), value)
  }

  private mutating func references(
    _ list: JSONValue?, _ known: [String], _ noun: String, _ path: String
  ) {
    var seen: Set<String> = []
    for (index, value) in (list?.elements ?? []).enumerated() {
      exists(value, among: known, noun, "\(path)[\(index)]")
      if let name = value.string, !seen.insert(name).inserted {
        refuse("\(path)[\(index)]", "\"\(name)\" is listed twice", remedy: "remove one", value)
      }
    }
  }

  /// Prices times quantities must be exact in the ledger, and every number an Int64 mantissa.
  private mutating func numbers(of instrument: JSONValue, _ path: String) {
    if let base = instrument["base"], let name = base.string,
      name == instrument["quote"]?.string
    {
      refuse("\(path).base", "base and quote are both \"\(name)\"", remedy: "name two assets", base)
    }
    derivative(instrument, path)
    guard let tick = instrument["tick"], let tickText = tick.string,
      let lot = instrument["lot"], let lotText = lot.string
    else { return }
    let priceExponent = -DecimalRule.decimals(tickText)
    let quantityExponent = -DecimalRule.decimals(lotText)
    if priceExponent + quantityExponent < Money.exponent {
      refuse(
        "\(path).lot",
        "tick and lot have \(-priceExponent - quantityExponent) decimals together, and the ledger "
          + "keeps \(-Money.exponent)", remedy: "drop trailing zeros or coarsen one of the two", lot
      )
    }
    _ = mantissa(tick, priceExponent, "the tick", "\(path).tick")
    let step = mantissa(lot, quantityExponent, "the lot", "\(path).lot")
    if let minimum = instrument["minimum"], let step, step > 0,
      let least = mantissa(minimum, quantityExponent, "the lot", "\(path).minimum"),
      least % step != 0
    {
      refuse(
        "\(path).minimum", "\(minimum.text()) is no multiple of the lot \(lot.text())",
        remedy: "round it up to whole lots", minimum)
    }
    if let value = instrument["multiplier"], let text = value.string {
      let decimals = DecimalRule.decimals(text)
      _ = mantissa(value, -decimals, "the multiplier", "\(path).multiplier")
      if priceExponent + quantityExponent - decimals < Money.exponent,
        priceExponent + quantityExponent >= Money.exponent
      {
        refuse(
          "\(path).multiplier",
          "tick, lot and multiplier have more than the ledger's "
            + "\(-Money.exponent) decimals together", remedy: "coarsen one of the three", value)
      }
    }
    if let value = instrument["strike"] {
      _ = mantissa(value, priceExponent, "the tick", "\(path).strike")
    }
    if let value = instrument["notionalMinimum"] {
      _ = mantissa(value, priceExponent, "the tick", "\(path).notionalMinimum")
    }
  }

  /// What only some kinds have, and those must.
  private mutating func derivative(_ instrument: JSONValue, _ path: String) {
    guard let kind = instrument["kind"], let name = kind.string else { return }
    for (key, kinds) in [
      ("expiry", ["future", "option", "inverse"]), ("strike", ["option"]),
      ("optionType", ["option"]),
    ] {
      if let value = instrument[key], !kinds.contains(name) {
        refuse("\(path).\(key)", "a \(name) has none", remedy: "remove it", value)
      } else if instrument[key] == nil, name == "option" || (name == "future" && key == "expiry") {
        refuse("\(path).kind", "\"\(name)\" without \(key)", remedy: "add \(key)", kind)
      }
    }
    if let initial = instrument["initialMargin"]?.string,
      let least = instrument["maintenanceMargin"],
      let text = least.string, let high = try? DecimalText.parse(initial, exponent: -6),
      let low = try? DecimalText.parse(text, exponent: -6), low > high
    {
      refuse(
        "\(path).maintenanceMargin", "\(text) is above the initial margin \(initial)",
        remedy: "lower it", least)
    }
  }

  private mutating func mantissa(
    _ value: JSONValue, _ exponent: Int, _ source: String, _ path: String
  ) -> Int64? {
    guard let text = value.string else { return nil }
    do throws(DecimalText.Failure) {
      return try DecimalText.parse(text, exponent: exponent)
    } catch {
      let message =
        error == .tooPrecise
        ? "\"\(text)\" has more decimals than \(source), which has \(-exponent)"
        : "\"\(text)\" is too large for \(-exponent) decimals"
      refuse(path, message, remedy: "write a number that fits", value)
      return nil
    }
  }

  private mutating func refuse(
    _ path: String, _ message: String, remedy: String, _ value: JSONValue
  ) {
    errors.append(ConfigurationError(path, message, remedy: remedy, at: value.position))
  }
}
