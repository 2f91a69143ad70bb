import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// What the kernel must believe: its facts, once more and slowly, from the records it was given and
/// the commands it made, and from nothing else.
struct SlowOracle {
  private struct Sent {
    let slot: UInt32
    let instrument: UInt32
    let side: Side
    let leg: PositionSide
    /// Of a venue that tells totals: how much is booked, and its value.
    var filled: Int64 = 0
    var value: Int128 = 0
  }

  private(set) var book = SlowBook()
  private var orders: [UInt64: Sent] = [:]
  private var names: [String: UInt64] = [:]
  private var executions: Set<String> = []
  private var funded: [UInt32: Int64] = [:]
  private(set) var duplicates = 0

  mutating func see(_ command: keel_order) {
    guard Int(command.h.type) == KEEL_CMD_SUBMIT, let side = Side(rawValue: command.side),
      let leg = PositionSide(rawValue: command.position_side)
    else { return }
    orders[command.order_id] = Sent(
      slot: command.h.source, instrument: command.h.inst, side: side, leg: leg)
    names[FixedText.read(command.client_id)] = command.order_id
  }

  mutating func see(_ input: RecordBytes, at now: Int64) {
    input.withRecords { records in
      for record in records {
        switch record.type {
        case KEEL_EV_FILL: record.cast(to: keel_ev_fill.self).map { see($0.pointee) }
        case KEEL_EV_ORDER: record.cast(to: keel_ev_order.self).map { see($0.pointee) }
        case KEEL_EV_FUNDING: record.cast(to: keel_ev_funding.self).map { see($0.pointee, now) }
        case KEEL_REC_CASH:
          guard let cash = record.cast(to: keel_rec_cash.self)?.pointee else { continue }
          book.change(cash.account, cash.asset, Int128(cash.high) << 64 | Int128(cash.low))
        default: break
        }
      }
    }
  }

  private func order(_ id: UInt64, _ client: String) -> UInt64? { id != 0 ? id : names[client] }

  private mutating func see(_ fill: keel_ev_fill) {
    guard FixedText.read(fill.exec_id) != JunkReport.name else { return }
    guard executions.insert("\(fill.h.inst) \(FixedText.read(fill.exec_id))").inserted else {
      duplicates += 1
      return
    }
    let sent = order(fill.order_id, FixedText.read(fill.client_id)).flatMap { orders[$0] }
    guard let side = sent?.side ?? Side(rawValue: fill.side),
      let leg = sent?.leg ?? PositionSide(rawValue: fill.position_side)
    else { return }
    let instrument = sent?.instrument ?? fill.h.inst
    book.take(
      SlowBook.Fill(
        slot: sent?.slot ?? 0, instrument: instrument, side: side, leg: leg, quantity: fill.qty,
        value: SimulatedInstrument.of(instrument).value(price: fill.px, quantity: fill.qty),
        fee: Int128(fill.fee) * SimulatedInstrument.power(16 + Int(fill.fee_exp)),
        feeAsset: fill.fee_asset))
  }

  /// The total of an order has grown: what is new in it is a fill.
  private mutating func see(_ report: keel_ev_order) {
    guard report.is_cumulative != 0, report.average != KEEL_NULL,
      let id = order(report.order_id, FixedText.read(report.client_id)), let sent = orders[id],
      report.filled > sent.filled
    else { return }
    let whole = SimulatedInstrument.of(sent.instrument).value(
      price: report.average, quantity: report.filled)
    book.take(
      SlowBook.Fill(
        slot: sent.slot, instrument: sent.instrument, side: sent.side, leg: sent.leg,
        quantity: report.filled - sent.filled, value: whole - sent.value))
    orders[id]?.filled = report.filled
    orders[id]?.value = whole
  }

  private mutating func see(_ funding: keel_ev_funding, _ now: Int64) {
    guard funding.due <= now, funding.due > funded[funding.h.inst] ?? .min,
      !SimulatedInstrument.of(funding.h.inst).isPaidInFull
    else { return }
    funded[funding.h.inst] = funding.due
    book.fund(funding.h.inst, rate: funding.rate, mark: funding.mark)
  }
}
