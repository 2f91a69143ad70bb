import Configuration
import JSON
import Testing

/// The simulated venue in the file: what it is without a word, what every word makes of it, and
/// what is said of words that do not fit together.
@Suite struct VenueConfigurationTests {
  private func behaviour(_ venue: String) throws -> VenueBehaviour {
    let text = SampleConfiguration.text.replacing("{\"name\": \"sim\"}", with: venue)
    return try Configuration.parse(text: text, file: "strategies.json").venues[0].behaviour
  }

  private func errors(_ venue: String) -> [String] {
    SampleConfiguration.errors(
      replacing: "{\"name\": \"sim\"}", with: "{\"name\": \"sim\", \(venue)}") ?? []
  }

  @Test func withoutAWordItIsPlain() throws {
    let plain = try behaviour("{\"name\": \"sim\"}")
    #expect(plain.taking == .nextData && plain.barPath == .nearestFirst)
    #expect(plain.selfTrade == .ignore && plain.queue == .riskAverse)
    #expect(plain.barShare == 0 && plain.priceAgeMax == 0)
    for leg in [plain.orderLatency, plain.reportLatency, plain.feedLatency] {
      #expect(leg.model == .constant && leg.middle == 0)
    }
    #expect(plain.tiers.map(\.maker) == [0] && plain.tiers.map(\.taker) == [0])
    #expect(plain.feeCurrency == .settlement && plain.slippage == .none)
    #expect(plain.fundingInterval == 0 && plain.liquidation == .off)
    #expect(plain.rejects == 0 && plain.losses == 0 && plain.outages.isEmpty)
  }

  @Test func theShortWordsStillHold() throws {
    let short = try behaviour(
      "{\"name\": \"sim\", \"latencyMilliseconds\": 5, \"makerFee\": \"-0.0001\","
        + " \"takerFee\": \"0.0005\"}")
    #expect(short.orderLatency.middle == 5_000_000)
    #expect(short.reportLatency.middle == 0)
    #expect(short.tiers.map(\.maker) == [-100] && short.tiers.map(\.taker) == [500])
  }

  @Test func everyWordArrives() throws {
    let all = try behaviour(
      """
      {"name": "sim",
       "fills": {"taking": "standingPrices", "barPath": "pessimistic", "barVolumeShare": "0.1",
         "priceAgeMaxMilliseconds": 250, "selfTrade": "decrement"},
       "queue": {"model": "probability", "power": "2.5"},
       "latency": {
         "order": {"model": "logNormal", "microseconds": 900, "deviation": "0.25",
           "mostMicroseconds": 5000},
         "report": {"model": "normal", "microseconds": 800, "deviationMicroseconds": 90,
           "leastMicroseconds": 100, "mostMicroseconds": 2000},
         "feed": {"model": "table", "steps": [
           {"from": "1970-01-01T00:00:01Z", "microseconds": 7},
           {"from": "1970-01-01T00:00:02Z", "microseconds": 9}]}},
       "fees": {"tiers": [{"volume": "0", "maker": "0.0002", "taker": "0.0005"},
         {"volume": "1000", "maker": "-0.0001", "taker": "0.0004"}],
         "currency": "asset", "asset": "BNB", "assetRate": "600"},
       "slippage": {"model": "squareRoot", "share": "0.01", "windowSeconds": 60, "decaySeconds": 5},
       "funding": {"everyMinutes": 480, "rate": "0.0001"},
       "margin": {"liquidation": "bankruptcy", "fee": "0.005"},
       "faults": {"rejects": "0.001", "losses": "0.002", "outages": [
         {"from": "1970-01-01T00:00:01Z", "until": "1970-01-01T00:00:03Z", "commands": "loses"}]}}
      """)
    #expect(all.taking == .standingPrices && all.barPath == .pessimistic)
    #expect(all.barShare == 100_000 && all.priceAgeMax == 250_000_000)
    #expect(all.selfTrade == .decrement)
    #expect(all.queue == .probability && all.queuePower == 2.5)
    #expect(all.orderLatency.model == .logNormal && all.orderLatency.middle == 900_000)
    #expect(all.orderLatency.deviation == 250_000 && all.orderLatency.most == 5_000_000)
    #expect(all.reportLatency.deviation == 90_000 && all.reportLatency.least == 100_000)
    #expect(all.feedLatency.steps.map(\.time) == [1_000_000_000, 2_000_000_000])
    #expect(all.feedLatency.steps.map(\.delay) == [7_000, 9_000])
    #expect(all.tiers.map(\.maker) == [200, -100] && all.tiers.map(\.taker) == [500, 400])
    #expect(all.tiers[1].volume == 10_000_000_000_000_000_000)
    #expect(all.feeCurrency == .asset && all.feeAsset == "BNB")
    #expect(all.feeAssetRate == 60_000_000_000)
    #expect(all.slippage == .squareRoot && all.slippageAmount == 10_000)
    #expect(all.slippageWindow == 60_000_000_000 && all.slippageDecay == 5_000_000_000)
    #expect(all.fundingInterval == 28_800_000_000_000 && all.fundingRate == 100)
    #expect(all.liquidation == .bankruptcy && all.liquidationFee == 5_000)
    #expect(all.rejects == 1_000 && all.losses == 2_000)
    #expect(all.outages.map(\.end) == [3_000_000_000] && all.outages[0].kind == .loses)
  }

  @Test(arguments: [
    (
      "\"queue\": {\"model\": \"fronty\"}",
      "venues[0].queue.model: expected one of \"front\", \"riskAverse\", \"probability\", "
        + "\"logProbability\", got \"fronty\"; did you mean \"front\"?"
    ),
    (
      "\"slipage\": {}",
      "venues[0].slipage: unknown key; did you mean \"slippage\"?"
    ),
    (
      "\"makerFee\": \"0.1\", \"fees\": {\"tiers\": "
        + "[{\"volume\": \"0\", \"maker\": \"0\", \"taker\": \"0\"}]}",
      "venues[0].makerFee: fees.tiers say it, too; remove one of the two"
    ),
    (
      "\"fees\": {\"tiers\": [{\"volume\": \"5\", \"maker\": \"0\", \"taker\": \"0\"}]}",
      "venues[0].fees.tiers[0].volume: the first tier begins at 5; begin at \"0\""
    ),
    (
      "\"fees\": {\"currency\": \"asset\", \"asset\": \"BNB\"}",
      "venues[0].fees.currency: \"asset\" without assetRate; add assetRate"
    ),
    (
      "\"latencyMilliseconds\": 3, \"latency\": {\"order\": {\"microseconds\": 5}}",
      "venues[0].latencyMilliseconds: latency.order says it, too; remove one of the two"
    ),
    (
      "\"latency\": {\"feed\": {\"model\": \"table\"}}",
      "venues[0].latency.feed.model: \"table\" without steps; add steps"
    ),
    (
      "\"latency\": {\"order\": {\"model\": \"logNormal\"}}",
      "venues[0].latency.order.model: \"logNormal\" without a median; add microseconds"
    ),
    (
      "\"latency\": {\"order\": {\"leastMicroseconds\": 9, \"mostMicroseconds\": 5}}",
      "venues[0].latency.order.leastMicroseconds: 9 is above mostMicroseconds, 5; lower it"
    ),
    (
      "\"latency\": {\"order\": {\"model\": \"table\", \"steps\": ["
        + "{\"from\": \"1970-01-01T00:00:02Z\", \"microseconds\": 7}, "
        + "{\"from\": \"1970-01-01T00:00:01Z\", \"microseconds\": 7}]}}",
      "venues[0].latency.order.steps[1].from: it is not after the one before; put the oldest first"
    ),
    (
      "\"faults\": {\"outages\": [{\"from\": \"1970-01-01T00:00:02Z\", "
        + "\"until\": \"1970-01-01T00:00:01Z\"}]}",
      "venues[0].faults.outages[0].until: it ends before it begins; give a later time"
    ),
    (
      "\"margin\": {\"fee\": \"2\"}",
      "venues[0].margin.fee: expected a decimal string such as \"0.005\", from 0 to 1, got \"2\""
    ),
  ])
  func saysWhereWhatAndWhatToDo(_ venue: String, _ expected: String) {
    #expect(errors(venue) == [expected])
  }
}
