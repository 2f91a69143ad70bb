import Configuration
import Glibc
import JSON
import Testing

@Suite struct ConfigurationErrorTests {
  @Test(arguments: [
    (
      "\"tick\": \"0.01\"", "\"tick\": 3",
      "instruments[0].tick: expected a decimal string such as \"0.01\", above 0, got 3"
        + "; put the number in double quotes"
    ),
    (
      "\"tick\": \"0.01\"", "\"tick\": \"0\"",
      "instruments[0].tick: expected a decimal string such as \"0.01\", above 0, got \"0\""
    ),
    (
      "\"tick\": \"0.01\", ", "",
      "instruments[0].tick: missing; add a decimal string such as \"0.01\", above 0"
    ),
    (
      "\"tick\": \"0.01\"", "\"tick\": \"1e-2\"",
      "instruments[0].tick: expected a decimal string such as \"0.01\", above 0, got \"1e-2\""
    ),
    (
      "\"tick\": \"0.01\", \"lot\": \"0.00001\"",
      "\"tick\": \"0.0000000001\", \"lot\": \"0.0000001\"",
      "instruments[0].lot: tick and lot have 17 decimals together, and the ledger keeps 16"
        + "; drop trailing zeros or coarsen one of the two"
    ),
    (
      "\"tick\": \"0.5\"", "\"tick\": \"9223372036854775808\"",
      "instruments[1].tick: \"9223372036854775808\" is too large for 0 decimals"
        + "; write a number that fits"
    ),
    (
      "\"minimum\": \"2\"", "\"minimum\": \"1.5\"",
      "instruments[1].minimum: \"1.5\" has more decimals than the lot, which has 0"
        + "; write a number that fits"
    ),
    (
      "\"venue\": \"sim\"", "\"venue\": \"simm\"",
      "instruments[0].venue: there is no venue \"simm\"; did you mean \"sim\"?"
    ),
    (
      "[\"BTCUSDT\"]", "[\"BTCUSD\"]",
      "strategies[0].instruments[0]: there is no instrument \"BTCUSD\"; did you mean \"BTCUSDT\"?"
    ),
    (
      "[\"momentum\"]", "[\"momentun\"]",
      "strategies[0].alphas[0]: there is no alpha \"momentun\"; did you mean \"momentum\"?"
    ),
    (
      "[\"momentum\"]", "[\"momentum\", \"momentum\"]",
      "strategies[0].alphas[1]: \"momentum\" is listed twice; remove one"
    ),
    (
      "\"parameters\"", "\"paramters\"",
      "strategies[0].paramters: unknown key; did you mean \"parameters\"?"
    ),
    (
      "\"version\": \"1.0.0\"", "\"version\": 1.0",
      "strategies[0].version: expected a version such as \"1.4.2\", got 1.0"
    ),
    (
      "\"fast\": 10", "\"fast\": [10]",
      "strategies[0].parameters.fast: expected a boolean, a number or a string, got an array"
    ),
    (
      "\"fast\": 10", "\"fast\": 99999999999999999999",
      "strategies[0].parameters.fast: expected a boolean, a number or a string"
        + ", got 99999999999999999999"
        + "; a whole number has 64 bits, any other is a double"
    ),
    (
      "{\"name\": \"sim\"}", "{\"name\": \"sim\", \"kind\": \"simulatd\"}",
      "venues[0].kind: expected \"simulated\", got \"simulatd\"; did you mean \"simulated\"?"
    ),
    (
      "{\"name\": \"sim\"}", "{\"name\": \"sim\", \"takerFee\": \"1.5\"}",
      "venues[0].takerFee: expected a decimal string such as \"0.0005\", from -1 to 1, got \"1.5\""
    ),
    (
      "{\"name\": \"sim\"}", "{\"name\": \"sim\", \"latencyMilliseconds\": -1}",
      "venues[0].latencyMilliseconds: expected an integer from 0 to 60000, got -1"
    ),
    (
      "[{\"name\": \"sim\"}]", "[{\"name\": \"sim\"}, {\"name\": \"sim\"}]",
      "venues[1].name: \"sim\" is taken by venues[0]; give each its own name"
    ),
    (
      "[{\"asset\": \"USDT\", \"amount\": \"100000\"}]", "[]",
      "account.balances: expected an array of 1 to 64 elements, got 0"
    ),
    (
      "\"alphas\": [\"momentum\"]", "\"capital\": {\"asset\": \"USDT\", \"amount\": \"1\"}",
      "strategies[0].capital: unknown key; choose one of \"name\", \"plugin\", \"version\", "
        + "\"parameters\", \"instruments\", \"alphas\", \"config\", \"risk\", \"isolation\", "
        + "\"worker\""
    ),
    (
      "\"alphas\": [\"momentum\"]", "\"worker\": {\"restarts\": 1}",
      "strategies[0].worker: nothing here says that this slot has a worker; "
        + "add \"isolation\": \"process\", or remove it"
    ),
    (
      "\"alphas\": [\"momentum\"]", "\"isolation\": \"jail\"",
      "strategies[0].isolation: expected one of \"guard\", \"process\", got \"jail\""
    ),
    (
      "{\n", "{ \"plugins\": {\"trust\": \"none\"},\n",
      "plugins.trust: expected one of \"signed\", \"unsigned\", got \"none\""
    ),
    (
      "{\n", "{ \"plugins\": {\"directories\": [{\"path\": \"a\", \"policy\": \"open\"}]},\n",
      "plugins.directories[0].policy: expected one of \"trusted\", \"signed\", \"workers\", got "
        + "\"open\""
    ),
    (
      "{\n", "{ \"plugins\": {\"directories\": [7]},\n",
      "plugins.directories[0]: expected a path, or an object, got 7"
    ),
    (
      "\"base\": \"ETH\", \"quote\": \"USDT\"",
      "\"kind\": \"perpetual\", \"base\": \"ETH\", \"quote\": \"DAI\"",
      "instruments[1].quote: limits of worth are counted in USDT, and DAI has no rate into it"
        + "; add \"DAI\" to risk.rates, or a spot instrument of DAI in USDT, or set "
        + "risk.preset to \"research\""
    ),
    (
      "\"tick\": \"0.5\"", "\"kind\": \"future\", \"tick\": \"0.5\"",
      "instruments[1].kind: \"future\" without expiry; add expiry"
    ),
    (
      "\"tick\": \"0.5\"", "\"strike\": \"5\", \"tick\": \"0.5\"",
      "instruments[1].strike: a spot has none; remove it"
    ),
    (
      "\"tick\": \"0.5\"",
      "\"maintenanceMargin\": \"0.5\", \"initialMargin\": \"0.1\", \"tick\": \"0.5\"",
      "instruments[1].maintenanceMargin: 0.5 is above the initial margin 0.1; lower it"
    ),
    (
      "{\n", "{ \"risk\": {\"drawdownReduce\": \"0.2\"},\n",
      "risk.drawdownReduce: drawdownReduce is 0.2, and drawdownStop is 0.15"
        + "; make drawdownReduce the smaller one: sizes shrink before all stops"
    ),
    (
      "{\n", "{ \"risk\": {\"drawdownStop\": \"0.1\"},\n",
      "risk.drawdownStop: drawdownReduce is 0.1, and drawdownStop is 0.1"
        + "; make drawdownReduce the smaller one: sizes shrink before all stops"
    ),
    (
      "{\n", "{ \"risk\": {\"preset\": \"research\", \"slotOrdersMax\": 5},\n",
      "risk.slotOrdersMax: slotOrdersMax counts in orderRateMilliseconds, which is off"
        + "; set risk.orderRateMilliseconds"
    ),
    (
      "{\n", "{ \"risk\": {\"rates\": {\"USDC\": \"0\"}},\n",
      "risk.rates.USDC: expected a decimal string such as \"1\", above 0, got \"0\""
    ),
    (
      "{\n", "{ \"risk\": {\"equityShareMax\": 0.1},\n",
      "risk.equityShareMax: expected a decimal string such as \"0.05\", above 0 and at most 1"
        + ", got 0.1; put the number in double quotes"
    ),
    (
      "{\n", "{ \"risk\": {\"selfTrade\": \"maybe\"},\n",
      "risk.selfTrade: expected one of \"allow\", \"refuse\", got \"maybe\""
    ),
    (
      "[{\"asset\": \"USDT\", \"amount\": \"100000\"}]",
      "[{\"asset\": \"USDT\", \"amount\": \"1\"}, {\"asset\": \"DAI\", \"amount\": \"1\"}]",
      "account.balances[1].asset: limits of worth are counted in USDT, and DAI has no rate into it"
        + "; add \"DAI\" to risk.rates, or a spot instrument of DAI in USDT"
    ),
    ("\"account\"", "\"acount\"", "acount: unknown key; did you mean \"account\"?"),
  ]) func saysWhereWhatAndWhatToDo(_ old: String, _ new: String, _ expected: String) {
    let errors = SampleConfiguration.errors(replacing: old, with: new) ?? []
    #expect(errors.contains(expected), "\(errors)")
    #expect(errors.count == (expected.hasPrefix("acount") ? 2 : 1), "\(errors)")
  }

  /// Limits or none: what the account is worth must be countable.
  @Test(arguments: [
    ("{\"preset\": \"research\"}", "1", false),
    ("{\"preset\": \"research\"}", "0", true),
    ("{\"preset\": \"research\", \"rates\": {\"DAI\": \"1\"}}", "1", true),
    ("{\"preset\": \"research\", \"reporting\": \"DAI\"}", "1", false),
  ]) func aBalanceNeedsARate(_ risk: String, _ amount: String, _ isFine: Bool) {
    let text = SampleConfiguration.text.replacing(
      "\"amount\": \"100000\"}",
      with: "\"amount\": \"100000\"}, "
        + "{\"asset\": \"DAI\", \"amount\": \"\(amount)\"}")
    let errors = SampleConfiguration.errors(in: text.dropLast(1) + ", \"risk\": \(risk)}")
    #expect((errors == nil) == isFine, "\(errors ?? [])")
    if !isFine {
      #expect(errors?.first?.contains("equity is counted in") == true, "\(errors ?? [])")
    }
  }

  @Test func oneSourceUnderTwoNamesIsOne() {
    let source =
      "\"plugin\": \"dev.keel.csv-replay\", \"instruments\": [\"BTCUSDT\"], "
      + "\"parameters\": {\"path\": \"a.csv\"}}"
    func errors(_ second: String) -> [String]? {
      SampleConfiguration.errors(
        replacing: "\"data\": [",
        with: "\"data\": [{\"name\": \"a\", \(source), {\"name\": \"b\", \(second), ")
    }
    #expect(
      errors(source) == [
        "data[1]: it is data[0] by another name; remove one, or give it other parameters"
      ])
    #expect(errors(source.replacing("a.csv", with: "b.csv")) == nil)
  }

  @Test(arguments: [
    ("{\"preset\": \"research\"}", true),
    ("{\"preset\": \"research\", \"priceCollar\": \"0.1\"}", true),
    ("{\"preset\": \"research\", \"orderWorthMax\": \"5\"}", false),
    ("{\"preset\": \"research\", \"equityShareMax\": \"0.5\"}", false),
    ("{\"rates\": {\"DAI\": \"1\"}}", true), ("{\"rates\": {\"EUR\": \"1\"}}", false),
    ("{\"preset\": \"systematic\"}", false), ("{}", false),
  ]) func whatHasNoRateNeedsLimitsOff(_ risk: String, _ isFine: Bool) {
    let text = SampleConfiguration.text.replacing(
      "\"base\": \"ETH\", \"quote\": \"USDT\"",
      with: "\"kind\": \"perpetual\", "
        + "\"base\": \"ETH\", \"quote\": \"DAI\"")
    let errors = SampleConfiguration.errors(in: text.dropLast(1) + ", \"risk\": \(risk)}")
    #expect((errors == nil) == isFine, "\(errors ?? [])")
    #expect((errors ?? []).count == (isFine ? 0 : 1))
  }

  @Test func allErrorsAtOnceInTheOrderOfTheFile() {
    let text = SampleConfiguration.text
      .replacing("\"tick\": \"0.01\"", with: "\"tick\": 3")
      .replacing("[\"momentum\"]", with: "[\"none\"]")
      .replacing("\"amount\": \"100000\"", with: "\"amount\": \"-1\"")
    let errors = SampleConfiguration.errors(in: text) ?? []
    #expect(
      errors.map { String($0.prefix { $0 != ":" }) } == [
        "instruments[0].tick", "strategies[0].alphas[0]", "account.balances[0].amount",
      ])
    do throws(ConfigurationErrors) {
      _ = try Configuration.parse(text: text, file: "dir/strategies.json")
    } catch {
      let lines = error.description.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[0].hasPrefix("dir/strategies.json:4: instruments[0].tick: expected"))
    }
  }

  @Test func whatIsNoConfigurationIsSaidSo() {
    #expect(SampleConfiguration.errors(in: "[]") == ["expected an object, got an array"])
    #expect(
      SampleConfiguration.errors(in: "{\"a\": 1,\n}") == [
        "column 8: a ',' stands before '}'; remove the last comma"
      ])
    func load(_ path: String) -> String? {
      do throws(ConfigurationErrors) { _ = try Configuration.load(path: path) } catch {
        return error.description
      }
      return nil
    }
    #expect(load("/nowhere/strategies.json")?.contains("cannot be read: No such file") == true)
    #expect(load("/tmp")?.contains("not a regular file") == true)
    #expect(load("/dev/zero")?.contains("not a regular file") == true)
  }

  @Test(arguments: 0..<4) func anyMutationIsReadOrRefused(_ seed: UInt64) {
    var state = seed
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let whole = Array(SampleConfiguration.text.utf8)
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<1 + random(3) {
        let index = random(bytes.count)
        switch random(3) {
        case 0: bytes.remove(at: index)
        case 1: bytes.insert(whole[random(whole.count)], at: index)
        default: bytes[index] = whole[random(whole.count)]
        }
      }
      let errors = SampleConfiguration.errors(in: String(decoding: bytes, as: UTF8.self))
      #expect(errors?.isEmpty != true)
    }
  }
}
