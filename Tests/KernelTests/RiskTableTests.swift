import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import Kernel

@Suite struct RiskTableTests {
  private static func scenario(_ row: RiskRow) -> KernelScenario {
    KernelScenario(
      risk: row.limits, slots: [.strategy(alphas: []), .strategy(alphas: [])])
  }

  @Test(arguments: RiskRow.all) func row(_ row: RiskRow) {
    Self.scenario(row).run(row.text)
  }

  /// Each check is left out in turn, and some row must tell.
  @Test func removingAnyCheckIsNoticed() {
    var noticed: [RiskCheck: String] = [:]
    for row in RiskRow.all {
      let scenario = Self.scenario(row)
      scenario.onQuestion = { words in
        guard let question = scenario.question(words) else { return }
        let whole = scenario.assess(question, skipping: .none)
        for check in RiskCheck.allCases {
          let without = scenario.assess(question, skipping: RiskCheckSet(check))
          if without != whole { noticed[check] = row.name }
        }
      }
      scenario.run(row.text)
    }
    for check in RiskCheck.allCases {
      #expect(noticed[check] != nil, "no row notices that \(check) is left out")
    }
  }

  /// What is written out one after the other in `assess` is what `review` walks through.
  @Test func assessAndReviewAgreeOnEveryRow() {
    for row in RiskRow.all {
      let scenario = Self.scenario(row)
      scenario.onQuestion = { words in
        guard !words.contains("gapped") else { return }
        let request = scenario.request(words)
        let refusal = scenario.kernel.assess(request)
        let review = scenario.kernel.review(request)
        #expect(review.isApproved == (refusal == nil), "\(row.name): \(words)")
        #expect(review.findings.first?.reason == refusal?.reason, "\(row.name): \(words)")
        #expect(review.findings.first?.value == refusal?.value, "\(row.name): \(words)")
      }
      scenario.run(row.text)
    }
  }

  @Test func limitsChangeAllAtOnceAndMidRun() {
    let scenario = KernelScenario()
    scenario.run("deposit 2 1000, quote P 100x5|100x5 ; may buy P 20x100 -> yes")
    scenario.append(limits: [
      LimitChange(.orderWorth, .all, 1_000_000_000), LimitChange(.equityShare, .all, 500_000),
    ])
    scenario.run(
      """
      buy P 11x100 -> refused orderNotional 1100/1000
      buy P 6x100 -> refused equityShare 600/500
      buy P 5x100 -> submit #1 buy P 5x100
      """)
    scenario.append(limits: [LimitChange(.equityShare, .all, nil)])
    scenario.run(
      """
      deposit 2 1 ; may buy P 5x100 -> yes
      may buy P 11x100 -> refused orderNotional 1100/1000
      """)
  }

  @Test func aLimitWhereItMeansNothingIsNotTaken() {
    var limits = RiskLimits(slots: 2)
    limits[.drawdownStop, .slot(1)] = 1
    limits[.orderWorth, .assetClass(1)] = 1
    limits[.budget] = 1
    limits[.orderWorth, .slot(9)] = 1
    for key in LimitKey.allCases {
      #expect(limits[key] == nil && limits[key, .slot(1)] == nil)
      #expect(limits[key, .assetClass(1)] == nil)
    }
  }

  @Test func aReviewSaysHowNearEverythingIs() {
    let scenario = KernelScenario(risk: [
      LimitChange(.orderWorth, .all, 1_000_000_000), LimitChange(.equityShare, .all, 500_000),
      LimitChange(.drawdownWarning, .all, 30_000),
    ])
    scenario.run("deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5")
    func review(_ text: String) -> RiskReview {
      scenario.kernel.review(scenario.request(text.words))
    }
    let small = review("buy P 2x100")
    #expect(small.isApproved && small.score == 40 && small.level == .low)
    #expect(small.warningBits == 0 && small.passing?.mantissa == 2)
    #expect(review("buy P 4x100").level == .medium)
    let large = review("buy P 5x100")
    #expect(large.isApproved && large.score == 100 && large.level == .high)
    #expect(large.warnings.map(\.reason).contains(KEEL_REASON_EQUITY_SHARE))
    let wrong = review("buy P 12x100")
    #expect(!wrong.isApproved && wrong.level == .critical && wrong.passing?.mantissa == 5)
    let reasons = wrong.findings.map(\.reason)
    #expect(reasons.first == KEEL_REASON_ORDER_NOTIONAL)
    #expect(reasons.contains(KEEL_REASON_EQUITY_SHARE))
    let decision = wrong.decision(scenario.request("buy P 12x100".words))
    #expect(decision.passing == 5 && decision.approved == 0 && decision.dry_run == 1)
    #expect(decision.value == 1_200_000_000 && decision.limit == 1_000_000_000)
    scenario.run("buy P 3x100 ; fill #1 3x100 ; quote P 90x5|90x5")
    let bit = UInt64(1) << UInt64(KEEL_REASON_DRAWDOWN - KEEL_REASON_HALTED)
    #expect(review("buy X 1x100").warningBits == bit)
  }

  @Test func aDryRunChangesNothing() {
    let scenario = KernelScenario(risk: [
      LimitChange(.slotOrders, .all, 1), LimitChange(.rateTime, .all, 1_000),
      LimitChange(.duplicateTime, .all, 1_000), LimitChange(.dailyTrades, .all, 1),
    ])
    scenario.run(
      """
      quote P 100x5|100x5 ; may buy P 1x100 -> yes ; may buy P 1x100 -> yes
      size buy P 1x100 -> 1 ; buy P 1x100 -> submit #1 buy P 1x100
      may buy P 1x100 -> refused rateSlot 2/1
      """)
  }
}
