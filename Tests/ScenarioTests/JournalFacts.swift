import PluginABI
import PluginBridge
import Storage
import Testing

@testable import Sessions

/// What a journal says was traded, without the ids and sequence numbers that its beginning decides.
struct JournalFacts: Equatable {
  var orders: [String] = []
  var fills: [String] = []

  init(_ path: String) throws {
    var reader = try JournalReader(directory: path)
    while let record = try reader.next() {
      if record.type == KEEL_CMD_SUBMIT, let order = record.cast(to: keel_order.self)?.pointee {
        orders.append(
          "\(order.h.ts_recv) slot \(order.h.source) inst \(order.h.inst) side \(order.side) "
            + "\(order.qty) at \(order.limit)")
      }
      if record.type == KEEL_EV_FILL, let fill = record.cast(to: keel_ev_fill.self)?.pointee {
        fills.append("\(fill.h.ts_recv) \(fill.h.inst) \(fill.qty) at \(fill.px) fee \(fill.fee)")
      }
    }
  }

  /// Replays it and expects every byte again.
  @discardableResult
  static func expectReplay(
    _ path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ReplayReport {
    let report = try JournalReplay.run(directory: path)
    #expect(report.difference == nil, sourceLocation: sourceLocation)
    #expect(report.tail == .clean, sourceLocation: sourceLocation)
    return report
  }
}
