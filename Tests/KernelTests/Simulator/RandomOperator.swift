import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// What people and the host's control side do to a session that trades: other limits, kill
/// switches, money in and out, other code.
struct RandomOperator {
  private var random: SeededGenerator
  private var epochs: UInt16 = 0
  /// The limits of all, as they were set.
  private(set) var limits: [LimitKey: Int64] = [:]
  private var extreme: [LimitChange] = []

  init(random: SeededGenerator) { self.random = random }

  mutating func set(_ changes: [LimitChange], into input: inout RecordBytes) {
    for change in changes where change.scope == .all { limits[change.key] = change.value }
    LimitChange.record(changes, who: "simulator", why: "chance").withUnsafeBytes {
      input.append($0)
    }
  }

  mutating func act(
    _ host: SimulatedHost, _ venue: inout TrueVenue, _ market: inout RandomMarket,
    into input: inout RecordBytes
  ) {
    switch number(0...99) {
    case 0..<6: changeLimits(into: &input)
    case 6..<8: input.append(trading(chance(2)))
    case 8..<12: move(&venue, into: &input)
    case 12..<14:
      epochs += 1
      market.newEpoch(epochs, into: &input)
    case 14: input.append(cancelAll())
    case 15..<22: swap(host, into: &input)
    case 22: input.append(start())
    default: break
    }
  }

  // MARK: limits

  private mutating func changeLimits(into input: inout RecordBytes) {
    // What stops everything does not stay.
    var changes = extreme.map { LimitChange($0.key, $0.scope, nil) }
    extreme.removeAll()
    for _ in 0..<number(1...3) { changes.append(change()) }
    set(changes, into: &input)
  }

  private mutating func change() -> LimitChange {
    let extremes: [Int64?] = [nil, nil, nil, nil, nil, 0, -1, .max, .min + 1]
    if chance(4) {
      let key = LimitKey.allCases[number(0...LimitKey.allCases.count - 1)]
      // Most say what others have said: off.
      let change = LimitChange(key, scope(), extremes[number(0...extremes.count - 1)])
      if change.value != nil { extreme.append(change) }
      return change
    }
    switch number(0...4) {
    case 0: return LimitChange(.orderWorth, scope(), worth())
    case 1: return LimitChange(.positionWorth, scope(), worth())
    case 2: return LimitChange(.priceCollar, scope(), Int64(number(5...60)) * 1_000)
    case 3: return LimitChange(.dataAge, scope(), Int64(number(10...200)))
    default: return LimitChange(.answerTime, .all, Int64(number(20...120)))
    }
  }

  /// From what stops nearly every order to what stops nearly none.
  private mutating func worth() -> Int64 {
    Int64(number(1...9)) * [1, 10, 100, 1_000, 10_000][number(0...4)] * 1_000_000
  }

  private mutating func scope() -> LimitScope {
    switch number(0...3) {
    case 0: .slot(UInt32(number(0...7)))
    case 1: .assetClass(UInt8(number(0...9)))
    default: .all
    }
  }

  // MARK: money and orders

  /// Everything is cancelled, sometimes closed too; and trading goes on.
  mutating func trading(_ kills: Bool) -> keel_rec_trading {
    let slot = UInt32(number(0...7))
    let state = chance(3) ? number(KEEL_TRADING_ACTIVE...KEEL_TRADING_HALTED) : KEEL_TRADING_ACTIVE
    var flags = kills ? KEEL_TRADING_KILL : 0
    if kills, chance(3) { flags |= KEEL_TRADING_FLATTEN }
    return Self.trading(slot, state, flags)
  }

  static func trading(_ slot: UInt32, _ state: Int, _ flags: Int) -> keel_rec_trading {
    var record = keel_rec_trading()
    record.h = keel_event(KEEL_REC_TRADING, of: keel_rec_trading.self)
    record.h.source = slot
    record.state = UInt32(state)
    record.flags = UInt32(flags)
    FixedText.write("simulator", to: &record.who)
    return record
  }

  private mutating func move(_ venue: inout TrueVenue, into input: inout RecordBytes) {
    let causes = [
      KEEL_CASH_DEPOSIT, KEEL_CASH_WITHDRAWAL, KEEL_CASH_TRANSFER, KEEL_CASH_INTEREST,
      KEEL_CASH_CORRECTION,
    ]
    let whole = Int128(number(-50_000...100_000))
    let record = Self.cash(
      UInt16(number(0...3)), UInt32(number(1...4)), whole * SimulatedInstrument.power(13),
      causes[number(0...causes.count - 1)])
    venue.change(record.account, record.asset, whole * SimulatedInstrument.power(13))
    input.append(record)
  }

  static func cash(_ account: UInt16, _ asset: UInt32, _ units: Int128, _ cause: Int)
    -> keel_rec_cash
  {
    var record = keel_rec_cash()
    record.h = keel_event(KEEL_REC_CASH, of: keel_rec_cash.self)
    record.low = UInt64(truncatingIfNeeded: units)
    record.high = Int64(truncatingIfNeeded: units >> 64)
    record.account = account
    record.asset = asset
    record.cause = UInt16(cause)
    return record
  }

  private mutating func cancelAll() -> keel_intent {
    var all = keel_intent(.cancelAll, chance(2) ? nil : SimulatedInstrument.id(number(0...6)))
    all.h.source = UInt32(number(0...4))
    return all
  }

  private mutating func start() -> keel_rec_start {
    var record = keel_rec_start()
    record.h = keel_event(KEEL_REC_START, of: keel_rec_start.self)
    record.start = UInt32(number(1...60_000))
    return record
  }

  // MARK: code

  private mutating func swap(_ host: SimulatedHost, into input: inout RecordBytes) {
    let slot = UInt32(number(1...4))
    let generation = host.kernel.slots[slot].generation
    let isParked = host.kernel.slots[slot].isParked
    let companion = host.kernel.slots[slot].companion
    let isSound = companion.map { !$0.hasFailed } ?? false
    switch number(0...5) {
    case 0 where companion != nil:
      host.retire(slot)
      input.append(Self.change(slot, KEEL_SLOT_RETIRED, 0))
    case 1 where !isParked: input.append(Self.change(slot, KEEL_SLOT_PARKED, 0))
    case 2 where isSound && !isParked: host.plugin(slot).fault()
    case 3 where isSound: host.companion(slot)?.fault()
    default:
      guard isSound, let role = companion?.role else {
        guard companion == nil else { return }
        host.lend(.candidate, author: generation + 1, to: slot)
        return input.append(Self.change(slot, KEEL_SLOT_SHADOW, generation + 1))
      }
      host.exchange(slot)
      let cause = role == .candidate ? KEEL_SLOT_SWITCHED : KEEL_SLOT_ROLLED_BACK
      input.append(Self.change(slot, cause, 0))
    }
  }

  private static func change(_ slot: UInt32, _ cause: Int, _ generation: UInt32) -> keel_rec_slot {
    var record = keel_rec_slot()
    record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    record.h.source = slot
    record.cause = UInt32(cause)
    record.generation = generation
    return record
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
  private mutating func chance(_ oneIn: Int) -> Bool { number(1...oneIn) == 1 }
}
