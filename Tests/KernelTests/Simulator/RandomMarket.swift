import Market
import PluginABI
import PluginBridge
import TestSupport

/// Prices that wander, and everything a market says besides: trades, bars, marks, halts, gaps.
struct RandomMarket {
  private(set) var prices = SimulatedInstrument.all.map(\.start)
  private var halted: Set<Int> = []
  private(set) var ticks = SimulatedInstrument.all.map(\.tick)
  private var random: SeededGenerator

  init(random: SeededGenerator) { self.random = random }

  func price(_ instrument: UInt32) -> Int64 { prices[Int(instrument)] }

  /// A quote of each, so that all of them trade.
  mutating func open(into input: inout RecordBytes) {
    for index in prices.indices { input.append(quote(index)) }
  }

  mutating func move(at now: Int64, into input: inout RecordBytes) {
    for index in prices.indices where chance(3) {
      let step = max(1, prices[index] / 300)
      prices[index] = max(10 * step, prices[index] + Int64.random(in: -step...step, using: &random))
      say(index, at: now, into: &input)
    }
    // Nobody hears nothing for ever.
    for index in halted.sorted() where chance(6) {
      halted.remove(index)
      input.append(status(index, KEEL_TRADING))
    }
  }

  private mutating func say(_ index: Int, at now: Int64, into input: inout RecordBytes) {
    switch number(0...40) {
    case 0: input.append(gap(index))
    case 1:
      halted.insert(index)
      input.append(status(index, KEEL_HALTED))
    case 2: input.append(emptyQuote(index))
    case 3: input.append(crossedQuote(index))
    case 4...6: input.append(mark(index))
    case 7...12: input.append(trade(index))
    case 13...15: input.append(bar(index))
    default: input.append(quote(index))
    }
  }

  /// A new epoch: other steps, the same way of counting.
  mutating func newEpoch(_ epoch: UInt16, into input: inout RecordBytes) {
    let index = number(0...prices.count - 1)
    let instrument = SimulatedInstrument.all[index]
    ticks[index] = [instrument.tick, instrument.tick * 2, instrument.tick * 5].randomElement(
      using: &random)!
    let lot = chance(2) ? instrument.lot : instrument.lot * 2
    input.append(instrument.definition(index, epoch: epoch, tick: ticks[index], lot: lot))
  }

  private func quote(_ index: Int) -> keel_ev_quote {
    var record = keel_ev_quote()
    record.h = header(KEEL_EV_QUOTE, keel_ev_quote.self, index)
    let half = max(1, prices[index] / 2_000)
    (record.bid, record.ask) = (prices[index] - half, prices[index] + half)
    (record.bid_qty, record.ask_qty) = (10, 10)
    return record
  }
  private func emptyQuote(_ index: Int) -> keel_ev_quote {
    var record = quote(index)
    (record.bid, record.ask) = (KEEL_NULL, KEEL_NULL)
    return record
  }
  private func crossedQuote(_ index: Int) -> keel_ev_quote {
    var record = quote(index)
    (record.bid, record.ask) = (record.ask, record.bid)
    return record
  }
  private func trade(_ index: Int) -> keel_ev_trade {
    var record = keel_ev_trade()
    record.h = header(KEEL_EV_TRADE, keel_ev_trade.self, index)
    (record.px, record.qty) = (prices[index], 5)
    return record
  }
  private func bar(_ index: Int) -> keel_ev_bar {
    var record = keel_ev_bar()
    record.h = header(KEEL_EV_BAR, keel_ev_bar.self, index)
    let price = prices[index]
    (record.open, record.high, record.low, record.close) = (price, price + 2, price - 2, price)
    record.interval = 60
    return record
  }
  private func mark(_ index: Int) -> keel_ev_mark {
    var record = keel_ev_mark()
    record.h = header(KEEL_EV_MARK, keel_ev_mark.self, index)
    (record.mark, record.index) = (prices[index] + 1, prices[index])
    return record
  }
  private func gap(_ index: Int) -> keel_ev_gap {
    var record = keel_ev_gap()
    record.h = header(KEEL_EV_GAP, keel_ev_gap.self, index)
    record.missed = 1
    record.cause = UInt32(KEEL_GAP_FEED)
    return record
  }
  private func status(_ index: Int, _ state: Int) -> keel_ev_status {
    var record = keel_ev_status()
    record.h = header(KEEL_EV_STATUS, keel_ev_status.self, index)
    record.state = UInt8(state)
    return record
  }
  private func header<C: BitwiseCopyable>(_ type: Int, _ record: C.Type, _ index: Int)
    -> keel_event
  {
    keel_event(type, of: record, instrument: SimulatedInstrument.id(index))
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
  private mutating func chance(_ oneIn: Int) -> Bool { number(1...oneIn) == 1 }
}
