package import Kernel
import Market
package import PluginABI
import PluginBridge

/// What a session is beside its kernel: what things are called, and which code runs where. Learned
/// from the records of its turns, live and recovered alike.
package struct SessionFacts: Sendable {
  /// One plugin build, as slot records name it.
  package struct Code: Equatable, Sendable {
    package internal(set) var id = ""
    package internal(set) var version = ""
    /// SHA-256 of its file, as hexadecimal digits.
    package internal(set) var hash = ""
  }
  package struct Slot: Equatable, Sendable {
    package internal(set) var name = ""
    package internal(set) var isAlpha = false
    package internal(set) var code = Code()
    /// The one that stands beside it, and may decide next or again.
    package internal(set) var beside: Code?
  }

  package internal(set) var head = keel_rec_session()
  package internal(set) var directory = Directory()
  /// Slot n is number n - 1.
  package internal(set) var slots: [Slot] = []
  /// Which start of the host this is, counted from one.
  package internal(set) var start: UInt32 = 1
  /// Of the newest time, the records of market data that each source has given.
  package internal(set) var given: [UInt32] = []
  private var newest: Int64 = .min

  package init() {}

  package var name: String { FixedText.read(head.name) }
  package var configurationHash: UInt64 { head.config_hash }

  /// One record that went into a turn, or came out of it.
  mutating func learn(_ record: Record) {
    switch record.type {
    case KEEL_EV_QUOTE..<KEEL_EV_INSTRUMENT: count(record)
    case KEEL_REC_SESSION:
      if let raw = record.cast(to: keel_rec_session.self) { head = raw.pointee }
    case KEEL_REC_START:
      if let raw = record.cast(to: keel_rec_start.self) { start = raw.pointee.start }
    case KEEL_REC_ASSET:
      guard let raw = record.cast(to: keel_rec_asset.self)?.pointee else { return }
      directory.place(FixedText.read(raw.code), at: raw.asset)
    case KEEL_EV_INSTRUMENT:
      if let raw = record.cast(to: keel_ev_instrument.self) { directory.place(raw.pointee) }
    case KEEL_REC_SLOT: learnSlot(record)
    default: break
    }
  }

  private mutating func count(_ record: Record) {
    let time = record.time.nanoseconds
    if time != newest {
      newest = time
      for source in given.indices { given[source] = 0 }
    }
    let source = Int(record.source)
    guard source < Self.sourcesMax else { return }
    while given.count <= source { given.append(0) }
    given[source] &+= 1
  }
  private static let sourcesMax = 1_024

  private mutating func learnSlot(_ record: Record) {
    guard let raw = record.cast(to: keel_rec_slot.self)?.pointee, record.source > 0 else { return }
    let index = Int(record.source) - 1
    if Int(raw.cause) == KEEL_SLOT_STARTED {
      if index == slots.count { slots.append(Slot()) }
      guard index < slots.count else { return }
      slots[index] = Slot(
        name: FixedText.read(raw.name), isAlpha: raw.kind == 1, code: Code(raw), beside: nil)
    }
    guard index < slots.count else { return }
    switch Int(raw.cause) {
    case KEEL_SLOT_SHADOW: slots[index].beside = Code(raw)
    case KEEL_SLOT_SWITCHED, KEEL_SLOT_ROLLED_BACK:
      guard let next = slots[index].beside else { return }
      slots[index].beside = slots[index].code
      slots[index].code = next
    case KEEL_SLOT_RETIRED: slots[index].beside = nil
    default: break
    }
  }
}

extension SessionFacts.Code {
  fileprivate init(_ raw: keel_rec_slot) {
    id = FixedText.read(raw.id)
    version = FixedText.read(raw.version)
    let digits = Array("0123456789abcdef".utf8)
    hash = withUnsafeBytes(of: raw.hash) { bytes in
      String(
        decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
  }
}

extension SessionFacts: SnapshotValue {
  private static let snapshotSchema: UInt32 = 1

  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.constant(Self.snapshotSchema, .schema, "the schema of the session's snapshot")
    codec.raw(&head)
    codec.value(&start)
    codec.list(&given, limit: Self.sourcesMax)
    codec.value(&newest)
    codec.list(&slots, limit: 1 << 12)
    directory.code(&codec)
  }
}

extension SessionFacts.Code: SnapshotElement {
  package static var blank: Self { Self() }
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.text(&id)
    codec.text(&version)
    codec.text(&hash)
  }
}

extension SessionFacts.Slot: SnapshotElement {
  package static var blank: Self { Self() }
  package mutating func code(_ codec: inout SnapshotCodec) {
    codec.text(&name)
    codec.value(&isAlpha)
    codec.value(&code)
    codec.value(&beside)
  }
}
