import Configuration
import JSON
import Market
import Testing

/// A small complete configuration, and ways to bend it.
enum SampleConfiguration {
  static let text = """
    {
      "instruments": [
        {"symbol": "BTCUSDT", "venue": "sim", "base": "BTC", "quote": "USDT",
         "tick": "0.01", "lot": "0.00001"},
        {"symbol": "ETHUSDT", "venue": "sim", "base": "ETH", "quote": "USDT",
         "tick": "0.5", "lot": "1", "minimum": "2", "notionalMinimum": "10"}
      ],
      "venues": [{"name": "sim"}],
      "data": [{"name": "market", "plugin": "dev.keel.synthetic-market"}],
      "alphas": [{"name": "momentum", "plugin": "dev.keel.momentum"}],
      "strategies": [
        {"name": "trend", "plugin": "dev.keel.sma-crossover", "version": "1.0.0",
         "instruments": ["BTCUSDT"], "alphas": ["momentum"],
         "parameters": {"slow": 50, "fast": 10, "quantity": 0.05, "on": true, "mode": "x"},
         "config": {"deep": [1]}}
      ],
      "account": {"balances": [{"asset": "USDT", "amount": "100000"}]}
    }
    """

  /// What parsing says after `old` was replaced by `new`; nil when it is content.
  static func errors(replacing old: String, with new: String) -> [String]? {
    guard let range = text.firstRange(of: old) else { return ["nothing to replace: \(old)"] }
    var changed = text
    changed.replaceSubrange(range, with: new)
    return errors(in: changed)
  }

  static func errors(in text: String) -> [String]? {
    do throws(ConfigurationErrors) {
      _ = try Configuration.parse(text: text, file: "dir/strategies.json")
    } catch {
      return error.errors.map(\.description)
    }
    return nil
  }
}

@Suite struct ConfigurationTests {
  private func parse(_ text: String = SampleConfiguration.text) throws -> Configuration {
    try Configuration.parse(text: text, file: "dir/strategies.json")
  }

  @Test func aDirectoryOfPluginsMayHaveAPolicyOfItsOwn() throws {
    let own =
      "{ \"plugins\": {\"directories\": [\"a\", {\"path\": \"b\"}, "
      + "{\"path\": \"/c\", \"policy\": \"trusted\"}], \"trustStore\": \"keys.json\"},\n"
    let plugins = try parse(
      SampleConfiguration.text.replacing("{\n", with: own, maxReplacements: 1)
    ).plugins
    #expect(plugins.directories.map(\.path) == ["dir/a", "dir/b", "/c"])
    #expect(plugins.directories.map(\.policy) == [nil, .signed, .trusted])
    #expect(plugins.trustStore == "dir/keys.json")
    #expect(try parse().plugins.trustStore == nil)
  }

  @Test func readsValuesAndDefaults() throws {
    let configuration = try parse()
    let session = configuration.session
    #expect(session.name == "session" && session.seed == 1 && session.directory == "dir/.keel")
    #expect(session.start == 1_704_067_200_000_000_000)
    #expect(configuration.plugins.directories.map(\.path) == ["dir/plugins"])
    #expect(configuration.plugins.trust == .signed && configuration.plugins.residentMax == 64)
    let bitcoin = configuration.instruments[0]
    #expect(bitcoin.priceExponent == -2 && bitcoin.quantityExponent == -5)
    #expect(bitcoin.tickMantissa == 1 && bitcoin.minimum == "0.00001")
    let ether = configuration.instruments[1]
    #expect(ether.priceExponent == -1 && ether.quantityExponent == 0)
    #expect(ether.tickMantissa == 5 && ether.minimumMantissa == 2)
    #expect(ether.notionalMinimumMantissa == 100)
    #expect(configuration.data[0].instruments == ["BTCUSDT", "ETHUSDT"])
    let trend = configuration.strategies[0]
    #expect(trend.plugin.parameters.map(\.name) == ["slow", "fast", "quantity", "on", "mode"])
    #expect(
      trend.plugin.parameters.map(\.value) == [
        .integer(50), .integer(10), .decimal(0.05), .boolean(true), .text("x"),
      ])
    #expect(trend.config == "{\"deep\":[1]}")
  }

  private func risk(_ text: String) throws -> RiskConfiguration {
    try parse(SampleConfiguration.text.dropLast(1) + ", \"risk\": \(text)}").risk
  }

  @Test func presetsSetLimitsAndExplicitValuesOverrideThem() throws {
    let systematic = try parse().risk
    #expect(systematic.preset == .systematic && systematic.reporting == nil)
    for (name, value) in [
      (RiskLimitName.orderWorthMax, Int64(100_000_000_000)),
      (.positionWorthMax, 100_000_000_000), (.priceCollar, 50_000),
      (.dataAgeMaxMilliseconds, 5_000_000_000), (.equityShareMax, 100_000),
      (.grossExposureMax, 500_000), (.correlatedExposureMax, 300_000),
      (.sectorExposureMax, 250_000), (.tradeRiskMax, 20_000), (.openRiskMax, 60_000),
      (.dailyLossMax, 50_000), (.dailyTradesMax, 20), (.drawdownWarning, 30_000),
      (.drawdownReduce, 100_000), (.drawdownStop, 150_000), (.selfTrade, 1),
    ] {
      #expect(systematic.limits[name] == value, "\(name)")
    }
    let crypto = try #require(systematic.classes.first { $0.assetClass == .crypto })
    #expect(crypto.limits[.classExposureMax] == 200_000)
    #expect(crypto.limits[.leverageMax] == 3_000_000)
    let equity = try #require(systematic.classes.first { $0.assetClass == .equity })
    #expect(equity.limits[.classExposureMax] == 250_000)
    #expect(equity.limits[.leverageMax] == 4_000_000)
    let institutional = RiskConfiguration(preset: .institutional).limits
    #expect(institutional[.equityShareMax] == 200_000 && institutional[.drawdownStop] == 50_000)
    let trend = RiskConfiguration(preset: .trend).limits
    #expect(trend[.drawdownStop] == 200_000 && trend[.tradeRiskMax] == 30_000)
    #expect(RiskConfiguration(preset: .research).limits.isEmpty)
    let research = try risk("{\"preset\": \"research\", \"priceCollar\": \"0.1\"}")
    #expect(research.limits.all.map(\.name) == [.priceCollar] && research.classes.isEmpty)
    #expect(research.limits[.priceCollar] == 100_000)
    #expect(try risk("{\"orderWorthMax\": \"5\"}").limits[.orderWorthMax] == 5_000_000)
    let changed = try risk(
      """
      {"dailyTradesMax": "off", "dayStartMinutes": 90, "reporting": "USDT",
       "rates": {"USDC": "0.9995"}, "classes": {"crypto": {"leverageMax": "2"},
       "commodity": {"classExposureMax": "0.05"}}}
      """)
    #expect(changed.limits[.dailyTradesMax] == nil && changed.reporting == "USDT")
    #expect(changed.limits[.dayStartMinutes] == 5_400_000_000_000)
    #expect(changed.rates.map(\.asset) == ["USDC"] && changed.rates[0].mantissa == 99_950_000)
    #expect(changed.classes[0].limits[.leverageMax] == 2_000_000)
    #expect(changed.classes[0].limits[.classExposureMax] == 200_000)
    #expect(changed.classes[2].limits[.classExposureMax] == 50_000)
  }

  @Test func aSlotHasLimitsOfItsOwn() throws {
    let text = SampleConfiguration.text.replacing(
      "\"alphas\": [\"momentum\"]",
      with: "\"alphas\": [\"momentum\"], \"risk\": {\"budget\": \"500\", \"dailyTradesMax\": 3}")
    let limits = try parse(text).strategies[0].risk
    #expect(limits.all.map(\.name) == [.dailyTradesMax, .budget])
    #expect(limits[.budget] == 500_000_000)
  }

  @Test func instrumentsAndAccountsCarryWhatLimitsCount() throws {
    let text = SampleConfiguration.text
      .replacing(
        "\"tick\": \"0.5\"",
        with: "\"kind\": \"future\", \"expiry\": \"2024-03-01T00:00:00Z\", "
          + "\"multiplier\": \"0.01\", \"sector\": \"layer1\", \"group\": \"alts\", "
          + "\"initialMargin\": \"0.1\", \"maintenanceMargin\": \"0.05\", \"tick\": \"0.5\""
      )
      .replacing(
        "{\"name\": \"sim\"}",
        with: "{\"name\": \"sim\", \"account\": {\"offers\": [\"margin\", \"amend\"]}}")
    let configuration = try parse(text)
    let ether = configuration.instruments[1]
    #expect(ether.kind == .future && ether.assetClass == .crypto && ether.settlement == "USDT")
    #expect(ether.multiplierMantissa == 1 && ether.multiplierExponent == -2)
    #expect(ether.sector == "layer1" && ether.group == "alts")
    #expect(ether.initialMargin == 100_000 && ether.maintenanceMargin == 50_000)
    #expect(ether.expiry == 1_709_251_200_000_000_000)
    #expect(configuration.venues[0].account.offers == [.margin, .amend])
    #expect(configuration.venues[0].account.name == "sim")
  }

  @Test func canonicalTextIsWhatIsMeant() throws {
    let plain = try parse().canonicalText
    let spaced = SampleConfiguration.text.replacing("\"venues\"", with: "\n \"venues\" ")
    #expect(try parse(spaced).canonicalText == plain)
    let dressed = "{ \"$schema\": \"x.json\", \"session\": {\"seed\": 1},"
    #expect(try parse(dressed + SampleConfiguration.text.dropFirst()).canonicalText == plain)
    let other = "{ \"session\": {\"seed\": 2},"
    #expect(try parse(other + SampleConfiguration.text.dropFirst()).canonicalText != plain)
  }

  @Test func startIsUTC() throws {
    func start(_ text: String) -> Int64? {
      let session = "{\"session\": {\"start\": \"\(text)\"},"
      return try? parse(session + SampleConfiguration.text.dropFirst()).session.start
    }
    #expect(start("1970-01-01T00:00:00Z") == 0)
    #expect(start("2000-02-29T12:34:56.5Z") == 951_827_696_500_000_000)
    #expect(start("2023-12-31T23:59:59.000000001Z") == 1_704_067_199_000_000_001)
    for wrong in [
      "2023-02-29T00:00:00Z", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-13-01T00:00:00Z",
      "2024-01-01T24:00:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+01:00",
    ] {
      #expect(start(wrong) == nil, "\(wrong)")
    }
  }

  @Test func theSampleOfThisRepositoryIsValid() throws {
    let configuration = try Configuration.load(path: "strategies.json")
    #expect(configuration.session.name == "demo")
    #expect(configuration.strategies.map(\.name) == ["trend", "revert"])
    #expect(configuration.data.map(\.instruments) == [["BTCUSDT"], ["ETHUSDT"]])
  }
}
