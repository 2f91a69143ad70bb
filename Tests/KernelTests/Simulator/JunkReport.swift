import Market
import PluginABI
import PluginBridge
import TestSupport

/// What no venue should say: reports about nothing, of nothing, and in numbers nothing can hold.
/// Each leaves every fact as it was; the worst of them makes the host ask again.
enum JunkReport {
  static let name = "junk"

  static func make(
    about order: UInt64?, _ random: inout SeededGenerator, into input: inout RecordBytes
  ) {
    let extremes: [Int64] = [.max, .min, 0, -1, 1 << 62]
    let number = extremes.randomElement(using: &random)!
    let instrument = InstrumentID(rawValue: UInt32.random(in: 0...40, using: &random))
    if Bool.random(using: &random) {
      var fill = keel_ev_fill()
      fill.h = keel_event(KEEL_EV_FILL, of: keel_ev_fill.self, instrument: instrument)
      (fill.px, fill.qty) = (.max, number == 1 << 62 ? .max : number)
      fill.side = UInt8(KEEL_BUY)
      fill.fee_exp = Int8.random(in: .min ... .max, using: &random)
      fill.fee = number
      fill.is_external = 1
      FixedText.write(name, to: &fill.exec_id)
      return input.append(fill)
    }
    var report = keel_ev_order()
    report.h = keel_event(KEEL_EV_ORDER, of: keel_ev_order.self, instrument: instrument)
    report.limit = number
    report.state = UInt8.random(in: 13 ... .max, using: &random)
    report.is_cumulative = Bool.random(using: &random) ? 1 : 0
    if let order, Bool.random(using: &random) {
      report.order_id = order
    } else {
      report.order_id = UInt64(bitPattern: number)
      report.qty = number
      report.state = OrderState.accepted.rawValue
      report.side = UInt8.random(in: 3 ... .max, using: &random)
    }
    input.append(report)
  }
}
