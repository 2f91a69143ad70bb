import Configuration
import JSON
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

  @Test func readsValuesAndDefaults() throws {
    let configuration = try parse()
    let session = configuration.session
    #expect(session.name == "session" && session.seed == 1 && session.directory == "dir/.keel")
    #expect(session.start == 1_704_067_200_000_000_000)
    #expect(configuration.plugins.directories == ["dir/plugins"])
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

  @Test func presetsSetLimitsAndExplicitValuesOverrideThem() throws {
    let systematic = try parse().risk
    #expect(systematic.preset == .systematic)
    #expect(systematic.orderNotionalMax == "100000" && systematic.positionNotionalMax == "100000")
    #expect(systematic.priceCollar == "0.05" && systematic.dataAgeMaxMilliseconds == 5000)
    func risk(_ text: String) throws -> RiskConfiguration {
      try parse(
        SampleConfiguration.text.dropLast(1) + ", \"risk\": \(text)}"
      ).risk
    }
    let research = try risk("{\"preset\": \"research\", \"priceCollar\": \"0.1\"}")
    #expect(research.orderNotionalMax == nil && research.positionNotionalMax == nil)
    #expect(research.dataAgeMaxMilliseconds == nil && research.priceCollar == "0.1")
    #expect(try risk("{\"orderNotionalMax\": \"5\"}").orderNotionalMax == "5")
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
