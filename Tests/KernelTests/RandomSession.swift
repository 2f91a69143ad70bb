import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// A session of random facts and answers, and beside the kernel a second, simpler book: every fill
/// is a flow of cash, nothing is averaged, nothing rounded but the worth of a fill.
struct RandomSession {
  let scenario: KernelScenario
  private var random: SeededGenerator
  private var flows: [String: Int128] = [:]
  private var held: [String: Int64] = [:]
  private var cash: [UInt32: Int128] = [:]
  private var executions: [String] = []
  private var companionGeneration: UInt32 = 1

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
    scenario = KernelScenario(
      slots: [.alpha, .strategy(alphas: [1]), .strategy(alphas: [1])])
    scenario.run(
      """
      deposit 2 1000000, deposit 3 10000
      quote P 100x1|100x1, quote S 100x1|100x1, quote F 100x1|100x1
      """)
    cash = [2: 1_000_000 * Self.one, 3: 10_000 * Self.one]
  }

  private static let one: Int128 = 10_000_000_000_000_000

  mutating func step(sourceLocation: SourceLocation = #_sourceLocation) {
    let count = scenario.orderIDs.count
    let order = count == 0 ? 1 : Int.random(in: max(1, count - 30)...count, using: &random)
    let slot = Bool.random(using: &random) ? 2 : 3
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<7: fill(order)
    case 7: repeatFill(order)
    case 8...12: scenario.run("\(slot).\(place())")
    case 13: scenario.run("\(slot).target \(letter()) \(Int.random(in: -20...20, using: &random))")
    case 14: scenario.run("\(slot).cancel #\(order), 1.signal P 0.5")
    case 15: scenario.run("cancelled #\(order)")
    case 16: scenario.run("ack #\(order) ; partly #\(order) ; unknown #\(order)")
    case 17: scenario.run("wait 7, quote \(letter()) \(price())x1|\(price())x1, \(slot).\(place())")
    case 18: scenario.run("\(slot).cancelall ; rejected #\(order) ; expired #\(order)")
    default: swap()
    }
    check(sourceLocation: sourceLocation)
  }

  private mutating func letter() -> String { ["P", "S", "F"].randomElement(using: &random)! }
  private mutating func price() -> Int { Int.random(in: 90...110, using: &random) }
  private mutating func place() -> String {
    let side = Bool.random(using: &random) ? "buy" : "sell"
    return "\(side) \(letter()) \(Int.random(in: 1...30, using: &random))x\(price())"
  }

  private mutating func swap() {
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      companionGeneration += 1
      scenario.run("shadow:\(companionGeneration)")
    case 1: scenario.run("switch, 2.\(place())")
    case 2 where scenario.companions[2] != nil:
      scenario.run("c.\(place()), \(Bool.random(using: &random) ? "fault" : place())")
    default: scenario.run("retire ; shadow:\(companionGeneration + 1) ; switch")
    }
  }

  private mutating func fill(_ order: Int) {
    let execution = "e\(executions.count)"
    executions.append(execution)
    let quantity = Int.random(in: 1...12, using: &random)
    let fee = Int.random(in: -2...3, using: &random)
    book(order, quantity, fee, "fill #\(order) \(quantity)x\(price()) fee=\(fee) exec=\(execution)")
  }

  /// The same execution again, even with other numbers, changes nothing.
  private mutating func repeatFill(_ order: Int) {
    let counted = executions.filter { known.contains($0) }
    guard let execution = counted.randomElement(using: &random), let first = firstOrder[execution]
    else { return }
    scenario.run("fill #\(first) 3x\(price()) exec=\(execution)")
  }
  private var known: Set<String> = []
  private var firstOrder: [String: Int] = [:]

  private mutating func book(_ number: Int, _ quantity: Int, _ fee: Int, _ text: String) {
    let order = scenario.kernel.state.orders[scenario.orderID("#\(number)")]
    scenario.run(text)
    guard let order, let instrument = scenario.kernel.state.instrument(order.instrument),
      let priced = text.words[2].split(whereSeparator: { $0 == "x" }).last,
      let price = Int64(priced),
      let worth = instrument.notional(
        Price(mantissa: price), Quantity(mantissa: Int64(quantity)))
    else { return }
    known.insert(text.words[4].replacing("exec=", with: ""))
    firstOrder[text.words[4].replacing("exec=", with: "")] = number
    let key = "\(order.slot)/\(order.instrument.rawValue)"
    let sign = order.side.sign
    held[key, default: 0] += sign * Int64(quantity)
    flows[key, default: 0] -= Int128(sign) * worth.units
    cash[2, default: 0] -= Int128(fee) * Self.one
    if instrument.kind == .spot {
      cash[2, default: 0] -= Int128(sign) * worth.units
      cash[3, default: 0] += Int128(sign) * Int128(quantity) * Self.one
    }
  }

  /// Equity, asset by asset and exactly, is what the flows say it is.
  private func check(sourceLocation: SourceLocation) {
    var unrealised: Int128 = 0
    var expected = cash[2]!
    for id in ["P", "S", "F"].map(ScenarioInstrument.id) {
      let instrument = scenario.kernel.state.instrument(id)!
      var sum: Int64 = 0
      for slot in UInt32(2)...3 {
        let position = scenario.kernel.state.positions[slot, id]
        let key = "\(slot)/\(id.rawValue)"
        let flow = flows[key, default: 0]
        sum += position.quantity
        let agrees =
          position.quantity == held[key, default: 0] && position.realised == flow + position.cost
          && (position.quantity != 0 || position.cost == 0)
          && (position.quantity == 0 || position.cost.signum() == position.quantity.signum()
            || abs(position.cost) <= 1)
        if !agrees { Issue.record("position \(key): \(position)", sourceLocation: sourceLocation) }
        guard instrument.kind == .perpetual else { continue }
        let worth = instrument.value(Price(mantissa: 97), signed: position.quantity)!.units
        unrealised += worth - position.cost
        expected += flow + worth
      }
      if scenario.kernel.state.positions.account(id).quantity != sum {
        Issue.record("the account is not the sum of its slots", sourceLocation: sourceLocation)
      }
    }
    let balance = scenario.kernel.state.cash.total(AssetID(rawValue: 2)).units
    if balance + unrealised != expected {
      Issue.record(
        "equity \(balance + unrealised), not \(expected)", sourceLocation: sourceLocation)
    }
    if scenario.kernel.state.cash.total(AssetID(rawValue: 3)).units != cash[3]! {
      Issue.record("base balance", sourceLocation: sourceLocation)
    }
  }
}
