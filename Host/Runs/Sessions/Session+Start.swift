import Kernel
import Market
import PluginABI
import PluginBridge
import PluginHost

extension Session {
  /// Market data of every kind: what a slot receives that declares no interests.
  static let allMarketData: UInt64 =
    (KEEL_EV_QUOTE..<KEEL_EV_SIGNAL).reduce(0) {
      $1 == KEEL_EV_INSTRUMENT ? $0 : $0 | 1 << UInt64($1)
    }

  /// Queues the record that makes the slot exist in the kernel, complete in itself; the port is
  /// lent once the kernel has it.
  func start(_ number: UInt32, instruments: [InstrumentID], alphas: [UInt32]) {
    let slot = slots[Int(number) - 1]
    slot.instruments = instruments
    var record = keel_rec_slot()
    record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    record.h.source = number
    record.generation = 1
    record.cause = UInt32(KEEL_SLOT_STARTED)
    withUnsafeMutableBytes(of: &record.hash) { $0.copyBytes(from: slot.live.build.hash) }
    FixedText.write(slot.live.descriptor.id, to: &record.id)
    FixedText.write(slot.live.descriptor.version, to: &record.version)
    FixedText.write(slot.name, to: &record.name)
    record.types = types(of: slot.liveInterests)
    record.warmup = UInt64(Swift.max(0, slot.liveInterests?.warmupRecords ?? 0))
    record.kind = slot.kind == .alpha ? 1 : 2
    record.instruments = UInt32(instruments.count)
    record.alphas = UInt32(alphas.count)
    var numbers = instruments.map(\.rawValue) + alphas
    if numbers.count % 2 == 1 { numbers.append(0) }
    record.h.size = UInt32(MemoryLayout<keel_rec_slot>.size + numbers.count * 4)
    let bytes =
      withUnsafeBytes(of: record) { Array($0) }
      + numbers.withUnsafeBytes { Array($0) }
    bytes.withUnsafeBytes { _ = pending.append($0) }
  }

  /// The longest bar any slot wants of this instrument; 0 when none wants bars.
  func barInterval(of instrument: InstrumentID) -> Int64 {
    slots.filter { $0.instruments.contains(instrument) }
      .compactMap { $0.liveInterests?.barInterval }.max() ?? 0
  }
}
