import Kernel
import Market
import PluginABI
import PluginBridge
import Wording

/// A kernel that goes through recorded turns one by one, the recorded answers in the place of
/// plugins. Replay, which compares, and recovery, which goes on from there, are both this.
struct TurnReplay: ~Copyable {
  enum Step {
    /// More of the turn is to come.
    case inside
    /// The kernel has done the turn.
    case ended
    /// No session wrote this.
    case impossible(String)
  }

  var kernel: Kernel
  private(set) var effects: Effects
  private(set) var turns = 0
  private var turn = RecordedTurn()
  private var ports: [RecordedPort] = []
  private let effectBytes: Int
  private let trial: CandidateTrial?
  /// Code may have changed since ports were lent.
  private var isLendingDue = true
  /// Ports hold answers of an earlier turn.
  private var areLoaded = true

  init(_ kernel: consuming Kernel, limits: Limits, trial: CandidateTrial? = nil) {
    self.kernel = kernel
    self.trial = trial
    effects = Effects(limits: limits)
    effectBytes = limits.effectBytes
  }

  var now: Timestamp { turn.now }
  var inputCount: Int { turn.inputCount }
  var fillCount: Int { turn.fillCount }
  /// A turn has begun and not ended: its effects were never released.
  var isInsideTurn: Bool { turn.isBegun }
  /// What the last turn put in and got out, valid until the next begins.
  var input: RecordReader { turn.input.records }
  var output: RecordReader { effects.records.records }
  var changedCode: Bool { turn.changesCode }

  mutating func take(_ record: Record) -> Step {
    if record.type == KEEL_REC_TURN {
      turn.begin(record)
      return .inside
    }
    guard turn.isBegun else { return .impossible("a record stands outside every turn") }
    guard turn.take(record) else { return .inside }
    guard turn.now >= kernel.state.now, turn.lastInput >= kernel.sequence else {
      return .impossible("turn \(turns + 1) is earlier than the one before it")
    }
    lendPorts()
    trial?.beginTurn(turns + 1)
    kernel.handle(turn.input.bytes, last: turn.lastInput, at: turn.now, into: &effects)
    turns += 1
    return .ended
  }

  /// The kernel as it is now, without the code that stood in for plugins.
  consuming func finish() -> Kernel {
    for number in 1..<UInt32(Swift.max(1, kernel.slots.count)) {
      kernel.attach(nil, to: number)
      kernel.attach(companionPort: nil, to: number)
    }
    return kernel
  }

  /// How what the kernel did in the last turn differs from the record; nil when no byte does.
  var difference: String? {
    Self.isEqual(turn.output.bytes, effects.records.bytes) ? nil : describeDifference()
  }

  /// Eight bytes at a time: records are whole words.
  private static func isEqual(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer)
    -> Bool
  {
    guard one.count == other.count else { return false }
    for place in stride(from: 0, to: one.count, by: 8)
    where one.load(fromByteOffset: place, as: UInt64.self)
      != other.load(fromByteOffset: place, as: UInt64.self)
    {
      return false
    }
    return true
  }

  /// Slots that started in an earlier turn answer from the record; so does a candidate from the
  /// turn in which it came, and so does code that a restart brought.
  private mutating func lendPorts() {
    if isLendingDue || turn.changesCode {
      let lent = ports.filter { isLent($0) }
      ports = lent
      for port in ports { port.load(turn) }
      for number in 1..<UInt32(Swift.max(1, kernel.slots.count)) { lend(number) }
      for (number, author) in turn.candidates where number < UInt32(kernel.slots.count) {
        kernel.attach(
          companion: Companion(role: .candidate, author: author, port: port(number, author)),
          to: number)
      }
      isLendingDue = turn.changesCode
    } else if turn.hasAnswers || areLoaded {
      for port in ports { port.load(turn) }
    }
    areLoaded = turn.hasAnswers || turn.changesCode
  }

  private mutating func lend(_ number: UInt32) {
    let restart = turn.restarts.last { $0.slot == number }
    let author = restart?.author ?? kernel.slots[number].author
    if !ports.contains(where: { $0.slot == number && $0.author == author }) {
      kernel.attach(port(number, author), to: number)
    }
    // One that stood beside it when a snapshot was taken.
    guard let beside = kernel.slots[number].companion, restart == nil,
      !ports.contains(where: { $0.slot == number && $0.author == beside.author })
    else { return }
    kernel.attach(companionPort: port(number, beside.author), to: number)
  }

  /// What is retired is never called again.
  private func isLent(_ port: RecordedPort) -> Bool {
    guard port.slot < UInt32(kernel.slots.count) else { return false }
    return kernel.slots[port.slot].author == port.author
      || kernel.slots[port.slot].companion?.author == port.author
  }

  private mutating func port(_ slot: UInt32, _ author: UInt32) -> PluginPort {
    let port = RecordedPort(
      slot: slot, author: author, capacity: effectBytes,
      trial: trial?.slot.number == slot ? trial : nil)
    port.load(turn)
    ports.append(port)
    return port.port
  }

  private func describeDifference() -> String {
    let place = "turn \(turns), \(UTCTime.text(turn.now))"
    var left = turn.output.records
    var right = effects.records.records
    while true {
      let (x, y) = (left.next(), right.next())
      guard let x else {
        return "\(place): the kernel also produced a record of type \(y.map(\.type) ?? 0)"
      }
      guard let y else { return "\(place): record \(x.sequence) of type \(x.type) is missing" }
      if !x.bytes.elementsEqual(y.bytes) {
        return "\(place): record \(x.sequence) has type \(x.type), the kernel's has \(y.type)"
      }
    }
  }
}
