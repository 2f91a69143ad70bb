import AllocationCounter
import JSON
import Kernel
import Market
import PluginABI
import PluginBridge
import Sessions

/// One decision of the resident risk manager with every limit on and none of them near, so that
/// every check is asked; and a market record through the whole kernel, nobody listening.
struct RiskBenchmarks {
  private static let decisions = 200_000
  private static let batch = 16

  func run() {
    let loop = RiskLoop()
    decide("risk.decision, all limits on", aim: 100, loop)
    let turns = Benchmark.time(repetitions: 500_000) { loop.turns($0) }
    Benchmark(name: "turn.quote, nobody holds it, no plugin", unit: "ns/event", aim: 30)
      .report(turns)
    loop.followIt()
    let held = Benchmark.time(repetitions: 500_000) { loop.turns($0) }
    Benchmark(name: "turn.quote, an asset is rated by it, no plugin", unit: "ns/event").report(held)
  }

  /// A clock reads coarser than a decision: each sample is the mean of a few.
  private func decide(_ name: String, aim: Double, _ loop: RiskLoop) {
    for _ in 0..<10_000 { loop.decide() }
    var samples: [Double] = []
    samples.reserveCapacity(Self.decisions)
    let before = allocation_counter_read()
    for _ in 0..<Self.decisions {
      let start = MonotonicClock.now()
      for _ in 0..<Self.batch { loop.decide() }
      samples.append(Double(MonotonicClock.now() - start) / Double(Self.batch))
    }
    let allocations =
      Double(allocation_counter_read() - before) / Double(Self.decisions * Self.batch)
    Benchmark(name: name, unit: "ns/decision", aim: aim)
      .report(samples, [("allocationsPerDecision", .double(allocations))])
  }
}

/// A kernel with every limit set, and a request that passes them all.
private final class RiskLoop {
  private var kernel = Kernel(session: 1)
  private var effects = Effects()
  private var time: Int64 = 1_000_000_000
  private var request: PlaceRequest
  private(set) var refused = 0

  init() {
    request = PlaceRequest(
      slot: 1, generation: 1, author: 1, intentID: 1, instrument: InstrumentID(rawValue: 0),
      side: .buy, type: .limit, timeInForce: .goodTillCancelled, flags: 0, limit: nil,
      quantity: Quantity(mantissa: 1_000))
    var input = RecordBuffer(capacity: 16_384)
    var instrument = Quotes.instrument()
    instrument.asset_class = UInt8(KEEL_CLASS_CRYPTO)
    (instrument.sector, instrument.group) = (1, 1)
    input.append(instrument)
    var rate = keel_rec_rate()
    rate.h = keel_event(KEEL_REC_RATE, of: keel_rec_rate.self)
    (rate.rate, rate.asset, rate.kind) = (100_000_000, instrument.settle, UInt32(KEEL_RATE_FIXED))
    input.append(rate)
    var cash = keel_rec_cash()
    cash.h = keel_event(KEEL_REC_CASH, of: keel_rec_cash.self)
    let amount = Money(
      units: 1_000_000 * 10_000_000_000_000_000, asset: AssetID(rawValue: instrument.settle))
    (cash.low, cash.high, cash.asset) = (amount.low, amount.high, amount.asset.rawValue)
    cash.cause = UInt16(KEEL_CASH_DEPOSIT)
    input.append(cash)
    LimitChange.record(Self.limits, who: "benchmark", why: "start")
      .withUnsafeBytes { _ = input.append($0) }
    kernel.handle(
      input.bytes, last: 10, at: Timestamp(nanoseconds: time), into: &effects)
    turns(2)
    let market = kernel.state.market(request.instrument)
    request.limit = market?.bid
    if let refusal = kernel.assess(request) {
      Benchmark.fail("the request passes every check, not: \(refusal)")
    }
  }

  func decide() {
    if kernel.assess(request) != nil { refused += 1 }
  }

  func turns(_ count: Int) {
    for _ in 0..<count {
      time += 1_000
      let sequence = kernel.sequence + 1
      withUnsafeBytes(of: Quotes.quote(sequence, at: time)) { input in
        kernel.handle(input, last: sequence, at: Timestamp(nanoseconds: time), into: &effects)
      }
    }
  }

  /// Makes every price of the instrument count: an asset is worth what it says.
  func followIt() {
    var rate = keel_rec_rate()
    rate.h = keel_event(
      KEEL_REC_RATE, of: keel_rec_rate.self, instrument: request.instrument)
    rate.asset = 1
    rate.kind = UInt32(KEEL_RATE_MARKET)
    let sequence = kernel.sequence + 1
    withUnsafeBytes(of: rate) { input in
      kernel.handle(input, last: sequence, at: Timestamp(nanoseconds: time), into: &effects)
    }
  }

  private static var limits: [LimitChange] {
    let values: [LimitKey: Int64] = [
      .orderWorth: 100_000_000_000, .orderLots: 1_000_000, .priceCollar: 50_000,
      .dataAge: 5_000_000_000, .rateAge: 60_000_000_000, .selfTrade: 1,
      .duplicateTime: 50_000_000, .slotOrders: 50, .accountOrders: 100, .venueOrders: 200,
      .rateTime: 1_000_000_000, .positionWorth: 100_000_000_000, .equityShare: 100_000,
      .grossExposure: 500_000, .leverage: 3_000_000, .correlated: 300_000, .sector: 250_000,
      .tradeRisk: 20_000, .openRisk: 60_000, .unprotectedLoss: 100_000, .dailyLoss: 50_000,
      .dailyTrades: 20, .drawdownWarning: 30_000, .drawdownReduce: 100_000,
      .drawdownStop: 150_000, .margin: 1_000_000, .breakerRejects: 5, .breakerMove: 900_000,
      .breakerTime: 60_000_000_000, .breakerPause: 60_000_000_000,
    ]
    let crypto = LimitScope.assetClass(UInt8(KEEL_CLASS_CRYPTO))
    let own: [LimitKey] = [
      .orderWorth, .orderLots, .priceCollar, .dataAge, .duplicateTime, .slotOrders,
      .positionWorth, .equityShare, .grossExposure, .tradeRisk, .dailyLoss, .dailyTrades,
    ]
    return LimitKey.allCases.compactMap { key in values[key].map { LimitChange(key, .all, $0) } }
      + own.map { LimitChange($0, .slot(1), values[$0]) }
      + [
        LimitChange(.budget, .slot(1), 100_000_000_000),
        LimitChange(.classExposure, crypto, 200_000), LimitChange(.leverage, crypto, 3_000_000),
      ]
  }
}
