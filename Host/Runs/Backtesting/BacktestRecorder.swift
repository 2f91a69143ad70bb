package import Kernel
package import Market
import Performance
import PluginABI
package import PluginBridge
package import Sessions

/// Gathers what a report needs while a session runs: the course of equity, every fill with the
/// market's middle when its order was decided on, and, where somebody wants them, rows of orders
/// and fills.
package final class BacktestRecorder: TurnObserver {
  private let reporting: AssetID
  private let interval: Int64
  private let rows: ReportRows?
  private var ids: [InstrumentID] = []
  private(set) var ledger: TradeLedger
  private(set) var curve: EquityCurve
  /// What each instrument cost when it was first seen priced, and what the account was worth then.
  private var basePrices: [Double?] = []
  private var baseEquity: Double?
  private var nextSample = Timestamp.distantPast
  private var sampled: Timestamp?
  /// What positions had been paid of funding, by slot and instrument, when the ledger was told.
  private var funded: [Int128] = []
  /// By order: when it was sent, and the middle of the market then. Of open orders only.
  private var asked: [UInt64: (time: Timestamp, middle: Price?)] = [:]

  package init(_ session: Session, sampling: Sampling, rows: ReportRows?) {
    reporting = session.reportingAsset
    interval = sampling.interval.count
    self.rows = rows
    var options = TradeLedger.Options(reporting: session.reportingAsset)
    options.slots = session.slotCount + 1
    options.instruments = session.directory.instruments.count
    options.assets = session.directory.assets.count
    ledger = TradeLedger(options)
    curve = EquityCurve(period: sampling.period)
    for index in session.directory.instruments.indices {
      let id = InstrumentID(rawValue: UInt32(index))
      guard let instrument = session.state.instrument(id) else { continue }
      ledger.define(instrument)
      ids.append(id)
    }
    basePrices = Array(repeating: nil, count: ids.count)
    funded = Array(repeating: 0, count: 2 * ids.count * ledger.options.slots)
  }

  package func look(at state: borrowing State, before time: Timestamp) -> Timestamp {
    let isPriced = noteFirstPrices(state)
    if time >= nextSample {
      sample(state)
      nextSample = Timestamp(nanoseconds: (time.nanoseconds / interval + 1) * interval)
    }
    // What is bought and held is bought at the first price, not at the next sample's.
    return isPriced ? nextSample : time
  }

  package func observe(
    _ input: RecordReader, _ effects: RecordReader, _ state: borrowing State
  ) {
    for record in input {
      switch record.type {
      case KEEL_EV_FILL: if !isShared(record, effects) { note(fill: record, state) }
      case KEEL_EV_ORDER: finish(OrderUpdate(record)?.orderID ?? 0, record, state)
      case KEEL_EV_INSTRUMENT:
        if let instrument = state.instrument(record.instrument) { ledger.define(instrument) }
      default: break
      }
    }
    for record in effects {
      // What slots filled among each other, and their parts of what the venue closed.
      if record.type == KEEL_EV_FILL { note(fill: record, state) }
      guard record.type == KEEL_CMD_SUBMIT, let order = record.cast(to: keel_order.self) else {
        continue
      }
      asked[order.pointee.order_id] = (
        state.now, state.market(record.instrument)?.reference
      )
    }
  }

  /// What a venue closed, of which the turn tells each slot's part.
  private func isShared(_ record: Record, _ effects: RecordReader) -> Bool {
    guard let whole = Fill(record), Int(whole.raw.pointee.is_external) == KEEL_FILL_CLOSING
    else { return false }
    return effects.contains { effect in
      guard effect.type == KEEL_EV_FILL, effect.instrument == record.instrument,
        let part = Fill(effect)
      else { return false }
      return Int(part.raw.pointee.is_external) == KEEL_FILL_CLOSING
        && withUnsafeBytes(of: part.raw.pointee.exec_id) { part in
          withUnsafeBytes(of: whole.raw.pointee.exec_id) { part.elementsEqual($0) }
        }
    }
  }

  /// The run is over: how it ended, and orders that are still open.
  package func finish(_ state: borrowing State) {
    sample(state)
    guard let rows else { return }
    for index in 0..<state.orders.openCount {
      let order = state.orders.openOrder(at: index)
      rows.order(
        order.update(for: order.author, at: state.now, sequence: 0), sent: asked[order.id]?.time)
    }
  }

  // MARK: orders and fills

  private func note(fill record: Record, _ state: borrowing State) {
    guard var fill = record.cast(to: keel_ev_fill.self)?.pointee else { return }
    let order = fill.is_external == 0 ? state.orders[fill.order_id] : nil
    if Int(fill.is_external) != KEEL_FILL_CLOSING { fill.h.source = order?.slot ?? 0 }
    if let order {
      fill.h.inst = order.instrument.rawValue
      fill.side = order.side.rawValue
      fill.position_side = order.positionSide.rawValue
    }
    setRates(state)
    noteFunding(state)
    withUnsafePointer(to: fill) { fill in
      _ = ledger.add(fill, mid: asked[fill.pointee.order_id]?.middle)
      rows?.fill(fill)
    }
    finish(fill.order_id, record, state)
  }

  private func finish(_ id: UInt64, _ record: Record, _ state: borrowing State) {
    guard let order = state.orders[id], !order.isOpen, let sent = asked.removeValue(forKey: id)
    else { return }
    rows?.order(
      order.update(for: order.author, at: state.now, sequence: record.sequence), sent: sent.time)
  }

  // MARK: equity

  private func sample(_ state: borrowing State) {
    guard sampled != state.now, let equity = state.portfolio.equity else { return }
    sampled = state.now
    setRates(state)
    noteFunding(state)
    var (gross, net) = (0.0, 0.0)
    for id in ids {
      let quantity = state.portfolio.holding(id).quantity
      guard quantity != 0, let price = state.market(id)?.valuation else { continue }
      ledger.mark(id, price)
      let worth = state.portfolio.worth(id, price.mantissa, quantity.magnitude) ?? .zero
      gross += Double(worth.micros) / 1e6
      net += Double(quantity > 0 ? worth.micros : -worth.micros) / 1e6
    }
    let value = Double(equity.micros) / 1e6
    curve.add(
      EquitySample(
        time: state.now, equity: value, gross: gross, net: net,
        cash: state.cash.total(reporting).approximation, benchmark: benchmark(state, value)))
  }

  /// True once each instrument has had a price.
  private func noteFirstPrices(_ state: borrowing State) -> Bool {
    var isComplete = true
    for (index, id) in ids.enumerated() where basePrices[index] == nil {
      basePrices[index] = state.market(id)?.valuation.map { Double($0.mantissa) }
      isComplete = isComplete && basePrices[index] != nil
    }
    return isComplete
  }

  /// Funding belongs to the trade that was open when it was paid.
  private func noteFunding(_ state: borrowing State) {
    for slot in 0..<ledger.options.slots {
      for (index, id) in ids.enumerated() {
        for leg in [PositionSide.net, .short] {
          let paid = state.positions[UInt32(slot), id, leg].funding
          let place = (slot * ids.count + index) * 2 + (leg == .short ? 1 : 0)
          guard paid != funded[place], let instrument = state.instrument(id) else { continue }
          ledger.fund(
            slot: slot, id,
            Money(units: paid - funded[place], asset: instrument.settlement), leg: leg)
          funded[place] = paid
        }
      }
    }
  }

  /// What the account would be worth had it been spread evenly over the instruments and left alone.
  /// An instrument without a price yet is worth what was put into it.
  private func benchmark(_ state: borrowing State, _ equity: Double) -> Double? {
    guard !ids.isEmpty else { return nil }
    let start = baseEquity ?? equity
    baseEquity = start
    var sum = 0.0
    for (index, id) in ids.enumerated() {
      guard let price = state.market(id)?.valuation, let base = basePrices[index] else {
        sum += 1
        continue
      }
      sum += Double(price.mantissa) / base
    }
    return start * sum / Double(ids.count)
  }

  /// Fees and results in other assets count at the rates of their time.
  private func setRates(_ state: borrowing State) {
    for asset in 1..<Swift.max(1, ledger.options.assets) {
      let id = AssetID(rawValue: UInt32(asset))
      if let rate = state.portfolio.rate(of: id) { ledger.setRate(of: id, rate) }
    }
  }
}
