import Market
import PluginABI
import PluginBridge

/// One turn as the journal has it. Its memory is kept for the next one.
struct RecordedTurn: ~Copyable {
  typealias Code = (slot: UInt32, author: UInt32)

  private(set) var now = Timestamp(nanoseconds: 0)
  private(set) var inputCount = 0
  private(set) var lastInput: UInt64 = 0
  private(set) var fillCount = 0
  private(set) var input = RecordBuffer(capacity: 1 << 17)
  private(set) var output = RecordBuffer(capacity: 1 << 17)
  /// Code that comes with this turn: to be watched, or to decide from its first call on.
  private(set) var candidates: [Code] = []
  private(set) var restarts: [Code] = []
  private(set) var faults: [Code] = []
  /// Whose answer came with a later turn.
  private(set) var awaited: [Code] = []
  /// Some code answered something.
  private(set) var hasAnswers = false
  /// Who decides, or is watched, changes in this turn.
  private(set) var changesCode = false
  private(set) var isBegun = false
  private var expected = 0

  mutating func begin(_ record: Record) {
    let turn = record.cast(to: keel_rec_turn.self)?.pointee
    now = Timestamp(nanoseconds: turn?.now ?? .min)
    expected = Int(turn?.inputs ?? 0)
    inputCount = 0
    fillCount = 0
    lastInput = record.sequence
    input.removeAll()
    output.removeAll()
    hasAnswers = false
    isBegun = true
    guard changesCode else { return }
    changesCode = false
    candidates.removeAll(keepingCapacity: true)
    restarts.removeAll(keepingCapacity: true)
    faults.removeAll(keepingCapacity: true)
    awaited.removeAll(keepingCapacity: true)
  }

  /// True when this record ends the turn.
  mutating func take(_ record: Record) -> Bool {
    let type = record.type
    if type == KEEL_REC_SLOT { note(record) }
    if inputCount < expected {
      inputCount += 1
      lastInput = record.sequence
      if type == KEEL_EV_FILL { fillCount += 1 }
      input.add(record)
      return false
    }
    if Self.isAnswer(type) { hasAnswers = true }
    output.add(record)
    guard type == KEEL_REC_TURN_END else { return false }
    isBegun = false
    return true
  }

  static func isAnswer(_ type: Int) -> Bool {
    type == KEEL_EV_SIGNAL || type == KEEL_EV_EXPLAIN || IntentKind(rawValue: type) != nil
  }

  private mutating func note(_ record: Record) {
    changesCode = true
    guard let raw = record.cast(to: keel_rec_slot.self)?.pointee else { return }
    let code = (record.source, raw.generation)
    switch (Int(raw.cause), inputCount < expected) {
    case (KEEL_SLOT_SHADOW, true): candidates.append(code)
    case (KEEL_SLOT_STARTED, true): restarts.append(code)
    case (KEEL_SLOT_FAULT, false): faults.append(code)
    case (KEEL_SLOT_AWAITED, false): awaited.append(code)
    default: break
    }
  }
}

extension RecordBuffer {
  /// Appends, with as much memory as that takes.
  fileprivate mutating func add(_ record: Record) {
    if append(record.bytes) != nil { return }
    var larger = RecordBuffer(capacity: 2 * capacity + record.size)
    _ = larger.append(contentsOf: self)
    larger.append(record.bytes)
    self = larger
  }
}
