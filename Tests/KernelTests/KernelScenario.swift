import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// A kernel driven by words. A text is steps, one to a line or between semicolons:
/// `inputs, apart by commas -> effects, apart by commas`. A step is one turn; without an arrow its
/// effects are not looked at. `position`, `order`, `cash`, `slot`, `heard`, `depth`, `top` ask, and
/// take no turn. After every turn the kernel's invariants and the shape of its effects are checked.
///
///     quote P 99x5|101x5
///     buy P 5x101 -> submit #1 buy P 5x101
///     fill #1 2x101 ; position P -> 2 cost 202 realised 0 working 3/0
final class KernelScenario {
  enum SlotWish {
    case alpha
    case strategy(alphas: [UInt32])
  }
  struct Turn {
    let input: RecordBytes
    let last: UInt64
    let now: Timestamp
  }

  var kernel: Kernel
  /// How often the kernel was replaced by one read back.
  var restorations = 0
  private var effects: Effects
  /// By slot number; the first is nobody.
  var live: [ScriptedPort]
  var companions: [ScriptedPort?]
  /// Every script ever lent to the kernel stays alive.
  private var scripts: [ScriptedPort] = []
  let firstStrategy: UInt32
  /// Companions and the turn before which they were lent.
  private var lent: [(turn: Int, script: Int, role: Companion.Role, author: UInt32, slot: UInt32)] =
    []
  private(set) var turns: [Turn] = []
  private(set) var produced: [RecordBytes] = []
  /// Order #1 is the first one submitted.
  private(set) var orderIDs: [UInt64] = []
  /// The intent of each order that was ever allowed.
  private var approved: [UInt64: UInt64] = [:]
  var now = Timestamp(nanoseconds: 1_000)
  private var intentCounter: UInt64 = 0
  private var executionCounter = 0
  private var input = RecordBytes()
  /// Hears the words of every `may`, before it is answered.
  var onQuestion: ([String]) -> Void = { _ in }

  init(
    risk: [LimitChange] = [], limits: Limits = .scenario,
    slots: [SlotWish] = [.strategy(alphas: [])], warmup: UInt64 = 0
  ) {
    kernel = Kernel(session: 0xABC, limits: limits)
    effects = Effects(limits: limits)
    live = [ScriptedPort()] + slots.map { _ in ScriptedPort() }
    companions = live.map { _ in nil }
    scripts = live
    firstStrategy =
      UInt32(
        slots.firstIndex {
          if case .strategy = $0 { true } else { false }
        } ?? 0) + 1
    // A turn of facts: nobody is there yet to answer it.
    append(limits: risk)
    append(Self.rate(["2", "1"]))
    for instrument in ScenarioInstrument.all { input.append(instrument.definition) }
    for (index, wish) in slots.enumerated() {
      append(Self.started(UInt32(index + 1), wish, warmup: warmup))
    }
    turn()
  }

  /// The same session again, its code replaced by what it answered; and the kernel, every so many
  /// turns, by one read back from its snapshot.
  init(
    replaying other: KernelScenario, limits: Limits = .scenario, restoringEvery period: Int? = nil
  ) {
    kernel = Kernel(session: 0xABC, limits: limits)
    effects = Effects(limits: limits)
    firstStrategy = other.firstStrategy
    scripts = other.scripts.map { ScriptedPort(replaying: $0.answered) }
    live = Array(scripts.prefix(other.live.count))
    companions = live.map { _ in nil }
    for (number, turn) in other.turns.enumerated() {
      for lent in other.lent where lent.turn == number {
        kernel.attach(
          companion: Companion(
            role: lent.role, author: lent.author, port: scripts[lent.script].port), to: lent.slot)
      }
      if let period, number > 0, number % period == 0 { restore(limits) }
      replay(turn)
    }
  }

  func run(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    for step in text.split(whereSeparator: { $0 == "\n" || $0 == ";" }) {
      let sides = step.parts(around: "->")
      let wish = sides[0].words
      guard let first = wish.first else { continue }
      let got: String
      if let answer = ask(first, Array(wish.dropFirst())) {
        got = answer
      } else {
        for item in sides[0].split(whereSeparator: { $0 == "," }) { add(item.words) }
        got = turn(sourceLocation: sourceLocation)
      }
      guard sides.count > 1 else { continue }
      #expect(
        got == sides[1].words.joined(separator: " "), "\(step)", sourceLocation: sourceLocation)
    }
  }

  func append<C: BitwiseCopyable>(_ record: C) { input.append(record) }
  func append(limits changes: [LimitChange]) {
    LimitChange.record(changes, who: "test", why: "scenario").withUnsafeBytes { input.append($0) }
  }
  func append(_ bytes: RecordBytes) { bytes.withBytes { input.append($0) } }

  func nextIntentID() -> UInt64 {
    intentCounter += 1
    return intentCounter
  }
  func nextExecution() -> String {
    executionCounter += 1
    return "x\(executionCounter)"
  }

  func attachCompanion(_ role: Companion.Role, author: UInt32, to slot: UInt32) {
    let script = ScriptedPort()
    lent.append((turns.count, scripts.count, role, author, slot))
    scripts.append(script)
    companions[Int(slot)] = script
    kernel.attach(
      companion: Companion(role: role, author: author, port: script.port), to: slot)
  }
  func exchange(_ slot: UInt32) {
    guard let next = companions[Int(slot)] else { return }
    companions[Int(slot)] = live[Int(slot)]
    live[Int(slot)] = next
  }

  /// Gives the kernel what was added, at `now`, and returns what came of it in words.
  @discardableResult
  func turn(sourceLocation: SourceLocation = #_sourceLocation) -> String {
    var sequence = kernel.sequence
    let time = now.nanoseconds
    input.forEachHeader { header in
      sequence += 1
      header.seq = sequence
      header.ts_recv = time
    }
    let turn = Turn(input: input, last: sequence, now: now)
    input = RecordBytes()
    return replay(turn, sourceLocation: sourceLocation)
  }

  @discardableResult
  func replay(_ turn: Turn, sourceLocation: SourceLocation = #_sourceLocation) -> String {
    turn.input.withBytes { kernel.handle($0, last: turn.last, at: turn.now, into: &effects) }
    kernel.checkInvariants()
    if turns.isEmpty {
      for number in 1..<live.count { kernel.attach(live[number].port, to: UInt32(number)) }
    }
    turns.append(turn)
    produced.append(RecordBytes(effects.records.bytes))
    checkShape(after: turn, sourceLocation: sourceLocation)
    var words: [String] = []
    for record in effects.records.records {
      // Numbered as they are allowed: what is held is sent much later, or never.
      if record.type == KEEL_REC_DECISION,
        let raw = record.cast(to: keel_rec_decision.self)?.pointee, raw.approved == 1,
        !orderIDs.contains(raw.order_id)
      {
        orderIDs.append(raw.order_id)
      }
      if let raw = record.cast(to: keel_rec_slot.self), record.type == KEEL_REC_SLOT,
        Int(raw.pointee.cause) == KEEL_SLOT_ROLLED_BACK
      {
        exchange(record.source)
      }
      if let word = EffectWords(scenario: self).describe(record) { words.append(word) }
    }
    return words.isEmpty ? "nothing" : words.joined(separator: ", ")
  }

  var effectsDropped: Int { effects.dropped }

  private func checkShape(after turn: Turn, sourceLocation: SourceLocation) {
    var expected = turn.last
    var lastType = 0
    var asked: Set<UInt64> = []
    var reader = effects.records.records
    while let record = reader.next() {
      expected += 1
      if record.sequence != expected || record.time != turn.now {
        Issue.record("effects are numbered and timed", sourceLocation: sourceLocation)
      }
      lastType = record.type
      // What is sent stands behind its decision, and that behind the intent.
      if let intent = IntentView(record) {
        asked.insert(intent.intentID)
      } else if record.type == KEEL_REC_DECISION,
        let decision = record.cast(to: keel_rec_decision.self)?.pointee, decision.approved == 1
      {
        approved[decision.order_id] = decision.intent_id
        if decision.intent_id != 0, orderIDs.firstIndex(of: decision.order_id) == nil,
          !asked.contains(decision.intent_id)
        {
          Issue.record("nothing is allowed that was not asked", sourceLocation: sourceLocation)
        }
      } else if record.type == KEEL_CMD_SUBMIT,
        let order = record.cast(to: keel_order.self)?.pointee,
        approved[order.order_id] != order.intent_id
      {
        Issue.record(
          "nothing is sent that is not decided on record", sourceLocation: sourceLocation)
      }
    }
    if reader.isDamaged || lastType != KEEL_REC_TURN_END || kernel.sequence != expected {
      Issue.record("effects end with the end of the turn", sourceLocation: sourceLocation)
    }
  }
}

extension Limits {
  /// Small enough to check everything after every turn.
  static var scenario: Limits {
    var limits = Limits()
    limits.slots = 6
    limits.instruments = 12
    limits.accounts = 2
    limits.assets = 8
    limits.orders = 64
    limits.books = 3
    limits.bookLevels = 4
    limits.inboxBytes = 4_096
    limits.effectBytes = 65_536
    limits.recentIDs = 4_096
    return limits
  }
}

extension StringProtocol {
  var words: [String] {
    let parts: [SubSequence] = split(separator: " ")
    return parts.map { String($0) }
  }

  /// The parts around the first `mark`; the whole when there is none.
  func parts(around mark: String) -> [String] {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(mark) {
        return [String(self[..<index]), String(self[index...].dropFirst(mark.count))]
      }
      index = self.index(after: index)
    }
    return [String(self)]
  }
}
