import Kernel
import Market
import PluginABI
import PluginBridge

/// A small kernel with an alpha and two strategies that listen to it, and what is to happen to them
/// in the next turn.
final class KernelBench {
  static let slots: UInt32 = 3

  private var kernel: Kernel
  private var effects: Effects
  private var inventory = RecordBuffer(capacity: 1 << 16)
  private var input: [UInt8] = []
  private var now = Timestamp(nanoseconds: 1_000)
  private let ports = (0...slots).map { _ in FuzzPort() }
  /// Held as long as the kernel may call one.
  private var companions: [FuzzPort] = []
  private var orders: [UInt64] = []

  init() {
    var limits = Limits()
    limits.slots = 6
    limits.instruments = 8
    limits.assets = 8
    limits.orders = 16
    limits.openOrdersPerSlot = 12
    limits.inboxBytes = 2_048
    limits.effectBytes = 16_384
    limits.recentIDs = 16
    kernel = Kernel(session: 0xABC, limits: limits)
    effects = Effects(limits: limits)
    begin()
  }

  /// The order that was sent so many orders ago.
  func order(_ back: Int) -> UInt64? { orders.dropLast(back).last }

  func fact(_ bytes: [UInt8]) { input += bytes }
  func answer(_ bytes: [UInt8], of slot: UInt32) {
    bytes.withUnsafeBytes { ports[Int(slot)].append($0) }
    wake(slot)
  }
  func fail(_ slot: UInt32) {
    ports[Int(slot)].fail()
    wake(slot)
  }
  func detach(_ slot: UInt32) { kernel.attach(nil, to: slot) }

  func attachCompanion(to slot: UInt32, author: UInt32, isNew: Bool) {
    let companion = FuzzPort()
    companions.append(companion)
    kernel.attach(
      companion: Companion(
        role: isNew ? .candidate : .previous, author: author, port: companion.port),
      to: slot)
  }

  /// Gives the kernel what was put in, and looks at what came of it.
  func turn(after nanoseconds: Int64) {
    now = now + Nanoseconds(nanoseconds)
    input += Array(repeating: 0, count: (8 - input.count % 8) % 8)
    var words = [UInt64](repeating: 0, count: input.count / 8)
    words.withUnsafeMutableBytes { $0.copyBytes(from: input) }
    input.removeAll(keepingCapacity: true)
    var last = kernel.sequence
    words.withUnsafeMutableBytes { all in
      for record in RecordReader(UnsafeRawBufferPointer(all)) {
        last += 1
        let header = UnsafeMutablePointer(mutating: record.header)
        header.pointee.seq = last
        header.pointee.ts_recv = now.nanoseconds
      }
      kernel.handle(UnsafeRawBufferPointer(all), last: last, at: now, into: &effects)
    }
    kernel.checkInvariants()
    check(after: last)
    takeInventory()
  }

  private func check(after last: UInt64) {
    var expected = last
    var type = 0
    var reader = effects.records.records
    while let record = reader.next() {
      expected += 1
      precondition(record.sequence == expected && record.time == now, "effects are numbered")
      type = record.type
      if type == KEEL_CMD_SUBMIT, let order = record.cast(to: keel_order.self) {
        orders.append(order.pointee.order_id)
      }
    }
    precondition(!reader.isDamaged && type == KEEL_REC_TURN_END, "effects end with their turn")
    precondition(kernel.sequence == expected, "sequence numbers have no gap")
  }

  /// What a swap would tell the next generation.
  private func takeInventory() {
    for slot in 1..<UInt32(kernel.slots.count) {
      var next = 0
      inventory.removeAll()
      let isWhole = kernel.slots.inventory(
        of: slot, for: 1, kernel.state, from: &next, into: &inventory)
      precondition(isWhole, "a small kernel's inventory fits")
    }
  }

  /// An answer needs a batch to answer.
  private func wake(_ slot: UInt32) {
    var timer = keel_ev_timer()
    timer.h = keel_event(KEEL_EV_TIMER, of: keel_ev_timer.self)
    timer.h.source = slot
    append(timer)
  }

  private func append<C: BitwiseCopyable>(_ record: C) {
    withUnsafeBytes(of: record) { input += $0 }
  }

  // The first turn: what a session begins with.

  private func begin() {
    for (number, instrument) in Self.instruments.enumerated() {
      var record = instrument
      record.h = keel_event(
        KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self,
        instrument: InstrumentID(rawValue: UInt32(number)))
      append(record)
    }
    for asset in UInt32(1)...3 {
      var cash = keel_rec_cash()
      cash.h = keel_event(KEEL_REC_CASH, of: keel_rec_cash.self)
      cash.low = 1 << 63
      cash.asset = asset
      append(cash)
    }
    for slot in 1...Self.slots { start(slot) }
    turn(after: 0)
    for slot in 1...Self.slots { kernel.attach(ports[Int(slot)].port, to: slot) }
  }

  /// A perpetual, two spot pairs with an asset in common, a coarse one and a very fine one.
  private static let instruments: [keel_ev_instrument] = [
    instrument(KEEL_KIND_PERPETUAL, base: 1, quote: 2),
    instrument(KEEL_KIND_SPOT, base: 3, quote: 2), instrument(KEEL_KIND_SPOT, base: 1, quote: 3),
    instrument(KEEL_KIND_PERPETUAL, base: 1, quote: 2, step: 5, exponent: 8),
    instrument(KEEL_KIND_SPOT, base: 3, quote: 2, exponent: -9),
  ]

  private static func instrument(
    _ kind: Int, base: UInt32, quote: UInt32, step: Int64 = 1, exponent: Int8 = 0
  ) -> keel_ev_instrument {
    var record = keel_ev_instrument()
    record.px_exp = exponent
    record.qty_exp = exponent
    record.kind = UInt8(kind)
    record.tick = step
    record.lot = step
    record.multiplier = 1
    record.base = base
    record.quote = quote
    record.settle = quote
    record.expiry = KEEL_NULL
    record.strike = KEEL_NULL
    return record
  }

  /// Slot 1 is the alpha that the others listen to; all receive everything.
  private func start(_ slot: UInt32) {
    let isAlpha = slot == 1
    var listed = (0..<UInt32(Self.instruments.count)).map { $0 } + (isAlpha ? [] : [1])
    var record = keel_rec_slot()
    record.instruments = UInt32(Self.instruments.count)
    record.alphas = isAlpha ? 0 : 1
    record.kind = isAlpha ? 1 : 2
    if listed.count % 2 == 1 { listed.append(0) }
    record.h = keel_event(KEEL_REC_SLOT, of: keel_rec_slot.self)
    record.h.size += UInt32(listed.count * 4)
    record.h.source = slot
    record.cause = UInt32(KEEL_SLOT_STARTED)
    record.generation = 1
    record.types = .max
    append(record)
    listed.withUnsafeBytes { input += $0 }
  }
}
