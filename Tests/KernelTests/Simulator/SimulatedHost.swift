import Market
import PluginABI
import PluginBridge
import TestSupport

@testable import Kernel

/// The kernel with code behind its ports, and a record of all that went in: it can be thrown away
/// at any turn and built again from that.
final class SimulatedHost {
  private struct Turn {
    let input: RecordBytes
    let last: UInt64
    let now: Timestamp
    let effects: UInt64
  }
  private struct Loan {
    let turn: Int
    let plugin: Int
    let role: Companion.Role
    let author: UInt32
    let slot: UInt32
  }

  private(set) var kernel: Kernel
  private var effects: Effects
  private let limits: Limits
  private var turns: [Turn] = []
  private var plugins: [SimulatedPlugin] = []
  private var loans: [Loan] = []
  /// By slot, as numbers of `plugins`.
  private var live: [Int]
  private var companions: [Int?]
  private var approved: Set<UInt64> = []
  private var submitted: Set<String> = []
  /// How many effects of each type there were, and refusals for each reason.
  private(set) var counts: [Int: Int] = [:]
  private(set) var refusals: [Int: Int] = [:]
  /// Over the effects of all turns so far.
  private(set) var hash = WordHash()

  static let session: UInt64 = 0xF00D

  init(slots: Int, limits: Limits) {
    self.limits = limits
    kernel = Kernel(session: Self.session, limits: limits)
    effects = Effects(limits: limits)
    plugins = (0..<slots).map { _ in SimulatedPlugin() }
    live = Array(0..<slots)
    companions = Array(repeating: nil, count: slots)
  }

  var turnCount: Int { turns.count }
  func plugin(_ slot: UInt32) -> SimulatedPlugin { plugins[live[Int(slot)]] }
  func companion(_ slot: UInt32) -> SimulatedPlugin? { companions[Int(slot)].map { plugins[$0] } }

  // MARK: slots

  /// Lends code that will stand beside a slot's from the next turn on.
  func lend(_ role: Companion.Role, author: UInt32, to slot: UInt32) {
    loans.append(
      Loan(turn: turns.count, plugin: plugins.count, role: role, author: author, slot: slot))
    companions[Int(slot)] = plugins.count
    plugins.append(SimulatedPlugin())
    attach(loans[loans.count - 1])
  }
  func exchange(_ slot: UInt32) {
    guard let next = companions[Int(slot)] else { return }
    companions[Int(slot)] = live[Int(slot)]
    live[Int(slot)] = next
  }
  func retire(_ slot: UInt32) { companions[Int(slot)] = nil }

  private func attach(_ loan: Loan) {
    kernel.attach(
      companion: Companion(role: loan.role, author: loan.author, port: plugins[loan.plugin].port),
      to: loan.slot)
  }

  // MARK: turns

  /// One turn: the commands that leave with it.
  func turn(_ records: RecordBytes, at now: Timestamp) throws(SimulationFailure) -> [keel_order] {
    var input = records
    var sequence = kernel.sequence
    input.forEachHeader { header in
      sequence += 1
      header.seq = sequence
      header.ts_recv = now.nanoseconds
    }
    let hash = handle(input, last: sequence, at: now)
    turns.append(Turn(input: input, last: sequence, now: now, effects: hash))
    self.hash.add(hash)
    var check = InvariantCheck()
    kernel.checkInvariants(&check)
    try require(check.broken == nil, check.broken ?? "")
    return try take(after: sequence, at: now)
  }

  private func handle(_ input: RecordBytes, last: UInt64, at now: Timestamp) -> UInt64 {
    input.withBytes { kernel.handle($0, last: last, at: now, into: &effects) }
    if kernel.state.turns == 1 {
      for slot in 1..<live.count { kernel.attach(plugins[slot].port, to: UInt32(slot)) }
    }
    var hash = WordHash()
    hash.add(effects.records.bytes)
    return hash.value
  }

  /// Looks at the shape of what came out, and picks the commands.
  private func take(after last: UInt64, at now: Timestamp) throws(SimulationFailure)
    -> [keel_order]
  {
    var commands: [keel_order] = []
    var expected = last
    var end = 0
    var reader = effects.records.records
    while let record = reader.next() {
      expected += 1
      try require(
        record.sequence == expected && record.time == now, "effects are numbered and timed")
      end = record.type
      counts[record.type, default: 0] += 1
      switch record.type {
      case KEEL_REC_DECISION:
        let decision = record.cast(to: keel_rec_decision.self)?.pointee
        guard let decision else { continue }
        if decision.approved == 1 {
          approved.insert(decision.order_id)
        } else {
          refusals[Int(decision.reason), default: 0] += 1
        }
      case KEEL_REC_SLOT:
        let cause = record.cast(to: keel_rec_slot.self)?.pointee.cause
        if cause == UInt32(KEEL_SLOT_ROLLED_BACK) { exchange(record.source) }
      case KEEL_CMD_SUBMIT, KEEL_CMD_AMEND, KEEL_CMD_CANCEL, KEEL_CMD_QUERY:
        guard let command = record.cast(to: keel_order.self)?.pointee else { continue }
        try check(command)
        commands.append(command)
      default: break
      }
    }
    try require(
      !reader.isDamaged && end == KEEL_REC_TURN_END && kernel.sequence == expected,
      "effects end with the end of the turn")
    try require(effects.dropped == 0, "every effect found room")
    if let due = kernel.nextDue { try require(due >= now, "what is due is done") }
    return commands
  }

  private func check(_ command: keel_order) throws(SimulationFailure) {
    let name = FixedText.read(command.client_id)
    if Int(command.h.type) == KEEL_CMD_SUBMIT {
      try require(approved.contains(command.order_id), "nothing is sent that is not decided")
      try require(submitted.insert(name).inserted, "an order is sent once")
    } else {
      try require(
        submitted.contains(name) || name.hasPrefix("web-"), "commands are about what was sent")
    }
  }

  func require(_ holds: Bool, _ reason: @autoclosure () -> String) throws(SimulationFailure) {
    if !holds { throw SimulationFailure(turn: turns.count, reason: reason()) }
  }

  // MARK: restarts

  /// Throws the kernel away and builds it again from what is on record.
  func restart() throws(SimulationFailure) {
    let before = KernelText.describe(kernel)
    for plugin in plugins { plugin.rewind() }
    kernel = Kernel(session: Self.session, limits: limits)
    var loan = 0
    for (number, turn) in turns.enumerated() {
      while loan < loans.count, loans[loan].turn == number {
        attach(loans[loan])
        loan += 1
      }
      let hash = handle(turn.input, last: turn.last, at: turn.now)
      try require(hash == turn.effects, "turn \(number) has other effects when it is repeated")
    }
    while loan < loans.count {
      attach(loans[loan])
      loan += 1
    }
    try require(
      plugins.allSatisfy { $0.differences == 0 && $0.isCaughtUp },
      "code is given the same batches again")
    let after = KernelText.describe(kernel)
    let difference = zip(before, after).first { $0 != $1 }
    try require(
      before.count == after.count && difference == nil,
      "state differs after a restart: \(difference.map { "\($0.0) | \($0.1)" } ?? "its length")")
  }
}
