import JSON
import Market
import Wording

/// From a checked tree to values. Everything that can be wrong was found before: a missing key
/// here is a bug in the declarations.
extension Configuration {
  init(checked tree: JSONValue, baseDirectory: String) {
    func resolved(_ path: String) -> String {
      path.hasPrefix("/") || baseDirectory.isEmpty ? path : "\(baseDirectory)/\(path)"
    }
    let symbols = tree.objects("instruments").map { $0.text("symbol") }
    session = SessionConfiguration(tree.object("session"), resolved: resolved)
    plugins = PluginsConfiguration(tree.object("plugins"), resolved: resolved)
    instruments = tree.objects("instruments").map { InstrumentConfiguration($0) }
    venues = tree.objects("venues").map { VenueConfiguration($0) }
    data = tree.objects("data").map {
      DataConfiguration(
        name: $0.text("name"), plugin: PluginConfiguration($0),
        instruments: $0["instruments"] == nil ? symbols : $0.texts("instruments"))
    }
    alphas = tree.objects("alphas").map {
      AlphaConfiguration(
        name: $0.text("name"), plugin: PluginConfiguration($0),
        instruments: $0["instruments"] == nil ? symbols : $0.texts("instruments"),
        isolation: IsolationConfiguration($0))
    }
    strategies = tree.objects("strategies").map {
      StrategyConfiguration(
        name: $0.text("name"), plugin: PluginConfiguration($0),
        instruments: $0.texts("instruments"), alphas: $0.texts("alphas"),
        config: $0.object("config").text(), risk: RiskLimitValues(written: $0.object("risk")),
        isolation: IsolationConfiguration($0))
    }
    account = AccountConfiguration(
      balances: tree.object("account").objects("balances").map { AmountConfiguration($0) })
    risk = RiskConfiguration(tree["risk"])
    canonicalText = tree.meaning.text()
  }
}

extension SessionConfiguration {
  fileprivate init(_ value: JSONValue, resolved: (String) -> String) {
    name = value.text("name")
    seed = UInt64(value.whole("seed"))
    directory = resolved(value.text("directory"))
    guard let time = UTCTime.parse(value.text("start")) else {
      preconditionFailure("the time was checked")
    }
    start = time.nanoseconds
    snapshotEveryTurns = value.whole("snapshotEveryTurns")
    let journal = value.object("journal")
    self.journal = JournalConfiguration(
      sync: journal.choice("sync"),
      intervalMilliseconds: Int(journal.whole("intervalMilliseconds")))
  }
}

extension PluginsConfiguration {
  fileprivate init(_ value: JSONValue, resolved: (String) -> String) {
    directories = (value["directories"]?.elements ?? []).map { element in
      element.members == nil
        ? Directory(path: resolved(element.string ?? ""))
        : Directory(path: resolved(element.text("path")), policy: element.choice("policy"))
    }
    trustStore = value["trustStore"]?.string.map(resolved)
    trust = value.choice("trust")
    residentMax = Int(value.whole("residentMax"))
  }
}

extension InstrumentConfiguration {
  fileprivate init(_ value: JSONValue) {
    symbol = value.text("symbol")
    venue = value.text("venue")
    kind = value.choice("kind")
    base = value.text("base")
    quote = value.text("quote")
    tick = value.text("tick")
    lot = value.text("lot")
    minimum = value["minimum"]?.string ?? lot
    notionalMinimum = value.text("notionalMinimum")
    priceExponent = -DecimalRule.decimals(tick)
    quantityExponent = -DecimalRule.decimals(lot)
    func mantissa(_ text: String, _ exponent: Int) -> Int64 {
      guard let mantissa = try? DecimalText.parse(text, exponent: exponent) else {
        preconditionFailure("the instrument's decimals were checked")
      }
      return mantissa
    }
    tickMantissa = mantissa(tick, priceExponent)
    lotMantissa = mantissa(lot, quantityExponent)
    minimumMantissa = mantissa(minimum, quantityExponent)
    notionalMinimumMantissa = mantissa(notionalMinimum, priceExponent)
    settlement = value["settlement"]?.string ?? (kind == .inverse ? base : quote)
    multiplier = value.text("multiplier")
    multiplierExponent = -DecimalRule.decimals(multiplier)
    multiplierMantissa = mantissa(multiplier, multiplierExponent)
    assetClass =
      RiskConfiguration.classNames.first { $0.0 == value["assetClass"]?.string }?.1
      ?? (kind == .equity ? .equity : .crypto)
    sector = value["sector"]?.string ?? ""
    group = value["group"]?.string ?? ""
    initialMargin = mantissa(value.text("initialMargin"), -6)
    maintenanceMargin = mantissa(
      value["maintenanceMargin"]?.string ?? value.text("initialMargin"), -6)
    expiry = value["expiry"]?.string.flatMap { UTCTime.parse($0)?.nanoseconds }
    strikeMantissa = value["strike"]?.string.map { mantissa($0, priceExponent) }
    optionType = value["optionType"]?.string.flatMap(OptionType.init)
  }
}

extension PluginConfiguration {
  fileprivate init(_ value: JSONValue) {
    id = value.text("plugin")
    version = value["version"]?.string
    parameters = (value.object("parameters").members ?? []).map { member in
      guard let parameter = ConfigurationValue(member.value) else {
        preconditionFailure("the parameter was checked")
      }
      return (member.key, parameter)
    }
  }
}

extension IsolationConfiguration {
  fileprivate init(_ slot: JSONValue) {
    placement = slot["isolation"]?.string.flatMap(Place.init)
    guard let worker = slot["worker"] else { return }
    func whole(_ key: String, _ absent: Int64) -> Int64 { worker[key]?.integer ?? absent }
    deadlineMilliseconds = whole("deadlineMilliseconds", deadlineMilliseconds)
    patienceMicroseconds = whole("patienceMicroseconds", patienceMicroseconds)
    memoryMegabytes = whole("memoryMegabytes", memoryMegabytes)
    restarts = Int(whole("restarts", Int64(restarts)))
    restartAfterMilliseconds = whole("restartAfterMilliseconds", restartAfterMilliseconds)
    stateEveryBatches = whole("stateEveryBatches", stateEveryBatches)
  }
}

extension VenueConfiguration {
  fileprivate init(_ value: JSONValue) {
    name = value.text("name")
    kind = value.choice("kind")
    behaviour = VenueBehaviour(value)
    let account = value.object("account")
    self.account = VenueAccountConfiguration(
      name: account["name"]?.string ?? name, offers: account.choices("offers"),
      orderTypes: account.choices("orderTypes"), timesInForce: account.choices("timesInForce"))
  }
}

extension AmountConfiguration {
  fileprivate init(_ value: JSONValue) {
    asset = value.text("asset")
    amount = value.text("amount")
  }
}

extension JSONValue {
  /// Without what changes nothing that a session decides: where the schema is, and where code runs.
  fileprivate var meaning: JSONValue {
    func without(_ keys: [String], _ value: JSONValue) -> JSONValue {
      JSONValue(.object((value.members ?? []).filter { !keys.contains($0.key) }))
    }
    let members = (without(["$schema"], self).members ?? []).map { member in
      guard ["alphas", "strategies"].contains(member.key) else { return member }
      let slots = (member.value.elements ?? []).map { without(["isolation", "worker"], $0) }
      return JSONMember(key: member.key, value: .array(slots))
    }
    return JSONValue(.object(members))
  }
}

/// Members of a checked object.
extension JSONValue {
  func text(_ key: String) -> String { self[key]!.string! }
  func texts(_ key: String) -> [String] { self[key]!.elements!.map { $0.string! } }
  func whole(_ key: String) -> Int64 { self[key]!.integer! }
  func object(_ key: String) -> JSONValue { self[key]! }
  func objects(_ key: String) -> [JSONValue] { self[key]!.elements! }
  func choices<T: RawRepresentable<String>>(_ key: String) -> [T] {
    texts(key).map { T(rawValue: $0)! }
  }
  func choice<T: RawRepresentable<String>>(_ key: String) -> T {
    T(rawValue: text(key))!
  }
}
