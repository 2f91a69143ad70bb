@testable import Backtesting
import Configuration
import Market
import Performance
import Simulation
import Testing

/// The small languages of `keel backtest`: parameters, scenarios, periods, cuts.
@Suite struct BacktestOptionTests {
  @Test(arguments: [
    ("trend.fast=20", "trend", "fast", ConfigurationValue.integer(20)),
    ("trend.quantity=0.5", "trend", "quantity", .decimal(0.5)),
    ("trend.isQuiet=true", "trend", "isQuiet", .boolean(true)),
    ("tape.path=a.b=c", "tape", "path", .text("a.b=c")),
  ])
  func anOverrideIsRead(
    text: String, slot: String, parameter: String, value: ConfigurationValue
  ) throws {
    let override = try #require(ConfigurationOverride(text))
    #expect(override.slot == slot && override.parameter == parameter && override.value == value)
  }

  @Test(arguments: ["", "trend", "trend.fast", "trend=1", ".fast=1", "trend.=1", "trend.fast="])
  func whatIsNoOverrideIsNone(text: String) { #expect(ConfigurationOverride(text) == nil) }

  @Test func aScenarioIsReadWithItsTimes() throws {
    let crash = try Scenario("crash:at=2024-01-01T09:30:00Z,size=0.4,length=2h,recovery=1d")
    #expect(crash.kind == .crash && crash.size == 0.4 && crash.length == .seconds(7_200))
    #expect(crash.recovery == .seconds(86_400) && crash.at != nil)
    let shock = try Scenario("gap").shock(
      from: Timestamp(nanoseconds: 0), span: .seconds(100))
    #expect(shock.start == Timestamp(nanoseconds: 50_000_000_000) && shock.size == -100_000)
  }

  @Test(arguments: [
    ("crsh", "crash"), ("crash:size", "name=value"), ("crash:size=2", "-0.99"),
    ("crash:length=1", "1h"), ("crash:at=noon", "2024"), ("crash:depth=1", "size"),
    ("crash:size=-0.1", "between 0"), ("gap:recovery=1h", "no 'recovery'"),
    ("outage:size=0.1", "no 'size'"), ("illiquidity:recovery=1h", "no 'recovery'"),
  ])
  func aScenarioThatIsNoneSaysWhatToWrite(text: String, hint: String) {
    let defect = #expect(throws: Scenario.Defect.self) { _ = try Scenario(text) }
    let said = (defect?.message ?? "") + (defect?.remedy ?? "")
    #expect(said.contains(hint), "\(said)")
  }

  @Test(arguments: [
    (600, 1, 60), (40_000, 5, 900), (10 * 86_400, 60, 3_600), (700 * 86_400, 3_600, 86_400),
  ])
  func samplingFitsTheLengthOfTheData(seconds: Int64, interval: Int64, period: Int64) {
    let sampling = Sampling(span: .seconds(seconds))
    #expect(sampling.interval == .seconds(interval))
    #expect(sampling.period == .every(.seconds(period)))
  }

  // MARK: look ahead

  private func decision(_ seconds: Int64, _ quantity: Int64) -> DecisionTrace.Decision {
    DecisionTrace.Decision(
      time: Timestamp(nanoseconds: seconds * 1_000_000_000), slot: 1,
      instrument: InstrumentID(rawValue: 0), type: 65, side: .buy, quantity: quantity, limit: nil,
      score: nil)
  }

  @Test func theFirstDecisionThatDiffersIsNamed() {
    let whole = [decision(1, 1), decision(2, 1), decision(3, 1), decision(9, 1)]
    let check = LookaheadCheck(whole: whole)
    let cut = Timestamp(nanoseconds: 5_000_000_000)
    #expect(check.compare(Array(whole.prefix(3)), cut: cut) == nil)
    let other = check.compare([decision(1, 1), decision(2, 7), decision(3, 1)], cut: cut)
    #expect(other?.index == 1 && other?.truncated?.quantity == 7 && other?.whole?.quantity == 1)
    let missing = check.compare(Array(whole.prefix(2)), cut: cut)
    #expect(missing?.index == 2 && missing?.truncated == nil)
    let more = check.compare(Array(whole.prefix(3)) + [decision(4, 1)], cut: cut)
    #expect(more?.index == 3 && more?.whole == nil)
  }

  @Test func dataIsCutEvenly() {
    let cuts = LookaheadCheck.cuts(
      3, from: Timestamp(nanoseconds: 100), to: Timestamp(nanoseconds: 500))
    #expect(cuts.map(\.nanoseconds) == [200, 300, 400])
    #expect(LookaheadCheck.cuts(3, from: .distantPast, to: .distantPast).isEmpty)
  }
}
