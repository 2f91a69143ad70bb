import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport

/// A kernel that hears of nothing but books, one message a turn.
final class RecordedBooks {
  private var kernel: Kernel
  private var effects: Effects
  private var now = Timestamp(nanoseconds: 0)

  init(levels: Int) {
    var limits = Limits.scenario
    limits.books = 5
    limits.bookLevels = levels
    kernel = Kernel(session: 1, limits: limits)
    effects = Effects(limits: limits)
  }

  func book(_ instrument: Int) -> OrderBook? {
    kernel.state.book(InstrumentID(rawValue: UInt32(instrument)))
  }
  func isGapped(_ instrument: Int) -> Bool {
    kernel.state.market(InstrumentID(rawValue: UInt32(instrument)))?.isGapped == true
  }
  func checkInvariants() { kernel.checkInvariants() }

  func give(_ message: RecordedFeed.Message) {
    var bytes = RecordBytes()
    for record in message.records { bytes.append(record) }
    turn(bytes)
  }

  func giveGap(_ instrument: Int) {
    var bytes = RecordBytes()
    var gap = keel_ev_gap()
    gap.h = keel_event(
      KEEL_EV_GAP, of: keel_ev_gap.self, instrument: InstrumentID(rawValue: UInt32(instrument)))
    gap.cause = UInt32(KEEL_GAP_FEED)
    bytes.append(gap)
    turn(bytes)
  }

  private func turn(_ input: RecordBytes) {
    var input = input
    now = now + Nanoseconds(1)
    var sequence = kernel.sequence
    let time = now.nanoseconds
    input.forEachHeader { header in
      sequence += 1
      header.seq = sequence
      header.ts_recv = time
    }
    input.withBytes { kernel.handle($0, last: sequence, at: now, into: &effects) }
  }
}
