import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import Kernel

/// Random sessions with random limits; after every turn the portfolio is computed again from the
/// facts alone (`checkInvariants`), and random questions are asked.
@Suite struct RiskPropertyTests {
  private static func limits(_ random: inout SeededGenerator) -> [LimitChange] {
    let ranges: [(LimitKey, ClosedRange<Int64>)] = [
      (.orderWorth, 1_000_000...5_000_000_000), (.orderLots, 1...50),
      (.priceCollar, 10_000...300_000), (.positionWorth, 1_000_000...9_000_000_000),
      (.equityShare, 1_000...900_000), (.grossExposure, 1_000...2_000_000),
      (.leverage, 100_000...3_000_000), (.correlated, 1_000...900_000),
      (.sector, 1_000...900_000), (.tradeRisk, 1_000...90_000), (.openRisk, 1_000...300_000),
      (.unprotectedLoss, 10_000...500_000), (.dailyLoss, 1_000...200_000),
      (.dailyTrades, 1...60), (.drawdownReduce, 1_000...50_000),
      (.drawdownStop, 60_000...300_000), (.margin, 1_000...500_000), (.selfTrade, 1...1),
      (.duplicateTime, 1...30), (.slotOrders, 1...9), (.accountOrders, 1...9),
      (.venueOrders, 1...9), (.rateTime, 1...40), (.dataAge, 1...90), (.rateAge, 1...90),
    ]
    return ranges.compactMap { key, range in
      guard Bool.random(using: &random), Bool.random(using: &random) else { return nil }
      return LimitChange(key, .all, Int64.random(in: range, using: &random))
    }
  }

  private static func request(_ random: inout SeededGenerator) -> String {
    let letter = ["P", "S", "X", "Y", "I", "C"].randomElement(using: &random)!
    let quantity = Int.random(in: 1...60, using: &random) * (letter == "C" ? 10 : 1)
    let price = Int.random(in: 80...120, using: &random) / 5 * 5
    let limit = Bool.random(using: &random) ? "x\(price)" : ""
    let stop = Bool.random(using: &random) ? " stop=\(price - 3)" : ""
    let post = Int.random(in: 0..<9, using: &random) == 0 && !limit.isEmpty ? " post" : ""
    let side = Bool.random(using: &random) ? "buy" : "sell"
    return "\(side) \(letter) \(quantity)\(limit)\(stop)\(post) "
      + "slot=\(Int.random(in: 1...2, using: &random))"
  }

  @Test(arguments: 0..<12) func assessReviewAndSizeAgree(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let scenario = KernelScenario(
      risk: Self.limits(&random), slots: [.strategy(alphas: []), .strategy(alphas: [])])
    scenario.run("deposit 2 5000, deposit 3 30, rate 3 S, quote S 100x1|100x1")
    for letter in ["P", "X", "Y", "I", "C"] { scenario.run("quote \(letter) 100x1|100x1") }
    for step in 0..<120 {
      let asked = Self.request(&random)
      let words = asked.words.filter { !$0.hasPrefix("stop") && !$0.hasPrefix("slot") }
      scenario.run("\(asked.hasSuffix("2") ? "2." : "")\(words.joined(separator: " "))")
      let order = Swift.max(1, scenario.orderIDs.count)
      let price = Int.random(in: 85...115, using: &random) / 5 * 5
      switch Int.random(in: 0..<8, using: &random) {
      case 0...3: scenario.run("fill #\(order) \(Int.random(in: 1...20, using: &random))x\(price)")
      case 4: scenario.run("cancelled #\(order)")
      case 5: scenario.run("wait 9, quote \(asked.words[1]) \(price)x1|\(price + 5)x1")
      case 6: scenario.run("wait 3, quote S \(price)x1|\(price)x1")
      default: scenario.run("deposit 2 \(Int.random(in: -50...100, using: &random))")
      }
      if step % 20 == 19 { scenario.append(limits: Self.limits(&random)) }
      for _ in 0..<4 { ask(scenario, Self.request(&random).words) }
    }
  }

  private func ask(_ scenario: KernelScenario, _ words: [String]) {
    var request = scenario.request(words)
    let refusal = scenario.kernel.assess(request)
    let review = scenario.kernel.review(request)
    #expect(review.isApproved == (refusal == nil), "\(words)")
    #expect(review.findings.first?.reason == refusal?.reason, "\(words)")
    #expect((review.passing == request.quantity) == (refusal == nil), "\(words)")
    guard let passing = review.passing, refusal != nil else { return }
    let lot = scenario.kernel.state.instrument(request.instrument)!.lot
    request.quantity = passing
    #expect(scenario.kernel.assess(request) == nil, "\(words): \(passing) passes")
    request.quantity = passing + lot
    #expect(scenario.kernel.assess(request) != nil, "\(words): no more than \(passing) does")
  }

  /// Numbers at the ends of their types are refused or pass, and never trap.
  @Test func nothingTrapsOnExtremeNumbers() {
    let ends: [Int64] = [1, 2, .max / 2, .max - 1, .max]
    var changes = LimitKey.allCases.map { LimitChange($0, .all, 1) }
    for value in [1, 500_000, Int64.max] {
      changes = changes.map { LimitChange($0.key, .all, value) }
      let scenario = KernelScenario(slots: [.strategy(alphas: []), .strategy(alphas: [])])
      scenario.run("deposit 2 1000000000000000000, rate 3 P, deposit 3 1000000000000000000")
      for price in ends {
        scenario.append(limits: [])
        for letter in ["P", "S", "F", "I", "X"] {
          scenario.run("quote \(letter) \(price)x1|\(price)x1")
          scenario.run("buy \(letter) \(price)x1, 2.sell \(letter) \(price)x1")
        }
        scenario.append(limits: changes)
        scenario.run("wait 1")
        for letter in ["P", "S", "F", "I", "X"] {
          for quantity in ends {
            for side in ["buy", "sell"] {
              let request = scenario.request(
                [side, letter, "\(quantity)x\(price)", "stop=\(Int64.min + 1)"])
              let refusal = scenario.kernel.assess(request)
              #expect(scenario.kernel.review(request).isApproved == (refusal == nil))
            }
          }
        }
        scenario.append(limits: changes.map { LimitChange($0.key, $0.scope, nil) })
      }
    }
  }
}
