import Configuration
import JSON
import Testing

/// Limits set while trading are held to the rules of strategies.json.
@Suite struct RiskSettingTests {
  private func settings(
    _ text: String, _ holder: RiskLimitHolder = .all
  ) throws -> [RiskLimitSetting] {
    try RiskLimitName.settings(try JSONValue.parse(text), of: holder)
  }

  @Test func valuesAreReadAsInTheFile() throws {
    let read = try settings(
      """
      {"orderWorthMax": "250.5", "dailyTradesMax": 7, "dataAgeMaxMilliseconds": 20,
       "selfTrade": "allow", "priceCollar": "off"}
      """)
    #expect(
      read.map(\.name) == [
        .orderWorthMax, .dailyTradesMax, .dataAgeMaxMilliseconds, .selfTrade, .priceCollar,
      ])
    #expect(read.map(\.value) == [250_500_000, 7, 20_000_000, 0, nil])
  }

  @Test(arguments: [
    (#"{"orderWorthMx": "5"}"#, RiskLimitHolder.all, "orderWorthMax"),
    (#"{"dailyTradesMax": 0}"#, .all, "from 1 to 1000000"),
    (#"{"dailyTradesMax": "7"}"#, .all, "from 1 to 1000000"),
    (#"{"priceCollar": "1.5"}"#, .all, "1"), (#"{"priceCollar": 0.5}"#, .all, "decimal"),
    (#"{"selfTrade": "maybe"}"#, .all, "refuse"), (#"{"budget": "5"}"#, .all, "name a slot"),
    (#"{"classExposureMax": "0.1"}"#, .all, "name an asset class"),
    (#"{"crossing": "allow"}"#, .slot, "set it for all"),
    (#"{"dailyTradesMax": 5}"#, .assetClass, "set it for all"), ("[]", .all, "an object"),
  ]) func whatTheFileWouldRefuseIsRefused(
    _ text: String, _ holder: RiskLimitHolder, _ said: String
  ) throws {
    let errors = #expect(throws: ConfigurationErrors.self) { try settings(text, holder) }
    #expect(errors?.errors.count == 1 && "\(errors!)".contains(said), "\(errors!)")
  }

  @Test func aValueTypedInAShellIsWrittenAsTheFileWouldHaveIt() {
    #expect(RiskLimitName.orderWorthMax.written("5") == .string("5"))
    #expect(RiskLimitName.dailyTradesMax.written("5") == .integer(5))
    #expect(RiskLimitName.dailyTradesMax.written("off") == .string("off"))
    #expect(RiskLimitName.selfTrade.written("allow") == .string("allow"))
  }

  @Test func relationsAreHeldWhereBothAreOn() {
    var limits = RiskLimitValues()
    func defects() -> [String] { RiskRelation.all.compactMap { $0.defect(in: limits)?.message } }
    limits[.drawdownReduce] = 100_000
    #expect(defects().isEmpty)
    limits[.drawdownStop] = 100_000
    #expect(defects() == ["drawdownReduce is 0.1, and drawdownStop is 0.1"])
    limits[.drawdownStop] = 100_001
    #expect(defects().isEmpty)
    limits[.accountOrdersMax] = 3
    #expect(defects() == ["accountOrdersMax counts in orderRateMilliseconds, which is off"])
    limits[.orderRateMilliseconds] = 1
    #expect(defects().isEmpty)
  }

  @Test func theJournalsSyncIsConfigured() throws {
    let text = SampleConfiguration.text
    let usual = try Configuration.parse(text: text, file: "a.json").session.journal
    #expect(usual.sync == .batch && usual.intervalMilliseconds == 50)
  }
}
