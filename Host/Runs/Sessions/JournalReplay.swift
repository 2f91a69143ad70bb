import Kernel
package import Market
import PluginABI
import PluginBridge
package import Storage
import Wording

/// What a replay found.
package struct ReplayReport: Sendable {
  package var turns = 0
  package var inputs = 0
  package var outputs = 0
  package var orders = 0
  package var fills = 0
  package var firstTime: Timestamp?
  package var lastTime: Timestamp?
  package var openOrders = 0
  /// Where the output first differed; nil when every byte was the same.
  package var difference: String?
  package var tail: JournalReader.Tail = .clean
  /// FNV-1a over all output, to compare two runs by one number.
  package var outputHash: UInt64 { output.value }
  var output = FNV1a()
}

/// Runs a journal through a fresh kernel with no plugin loaded: the recorded answers stand in for
/// the code. Equal output proves that the journal holds everything that decided.
package final class JournalReplay {
  private var kernel: Kernel
  private var effects: Effects
  private var report = ReplayReport()
  private var turn = RecordedTurn()
  private var ports: [RecordedPort] = []
  private let trial: CandidateTrial?

  private init(session: UInt64, limits: Limits, trial: CandidateTrial?) {
    self.trial = trial
    kernel = Kernel(session: session, limits: limits)
    effects = Effects(limits: limits)
  }

  /// `trial` watches one slot: it is given what the slot was given, and decides nothing.
  package static func run(
    directory: String, trial: CandidateTrial? = nil
  ) throws(StorageError) -> ReplayReport {
    var reader = try JournalReader(directory: directory)
    let replay = JournalReplay(
      session: reader.session, limits: try limits(of: directory), trial: trial)
    while replay.report.difference == nil, let record = try reader.next() {
      trial?.learn(record)
      if record.type == KEEL_REC_TURN {
        replay.turn.begin(record)
      } else if replay.turn.take(record) {
        replay.finishTurn()
      }
    }
    // What stands behind a difference was not read, and is no torn end.
    if replay.report.difference == nil { replay.report.tail = try reader.tail }
    replay.report.openOrders = replay.kernel.state.orders.openCount
    return replay.report
  }

  /// As the journal's first turn says.
  private static func limits(of directory: String) throws(StorageError) -> Limits {
    var reader = try JournalReader(directory: directory)
    while let record = try reader.next(), record.type != KEEL_REC_TURN_END {
      guard let raw = record.cast(to: keel_rec_session.self)?.pointee,
        record.type == KEEL_REC_SESSION
      else { continue }
      if let limits = Limits(raw).ifSound { return limits }
      break
    }
    throw StorageError(
      .notAJournal, directory, "its first turn does not tell how large its tables were",
      remedy: "replay a journal that begins with its session's start")
  }

  private func finishTurn() {
    lendPorts()
    trial?.beginTurn(report.turns + 1)
    turn.withInput { input in
      kernel.handle(input, last: turn.lastInput, at: turn.now, into: &effects)
    }
    count()
    let same = turn.output.withUnsafeBytes { recorded in
      recorded.elementsEqual(effects.records.bytes)
    }
    if !same { report.difference = describeDifference() }
  }

  /// Slots that started in an earlier turn answer from the record; so does a candidate from the
  /// turn in which it came.
  private func lendPorts() {
    ports.removeAll { !isLent($0) }
    for port in ports { port.load(turn) }
    for number in 1..<UInt32(Swift.max(1, kernel.slots.count)) {
      let author = kernel.slots[number].author
      if !ports.contains(where: { $0.slot == number && $0.author == author }) {
        kernel.attach(port(number, author), to: number)
      }
    }
    for (number, author) in turn.candidates where number < UInt32(kernel.slots.count) {
      kernel.attach(
        companion: Companion(role: .candidate, author: author, port: port(number, author)),
        to: number)
    }
  }

  /// What is retired is never called again.
  private func isLent(_ port: RecordedPort) -> Bool {
    guard port.slot < UInt32(kernel.slots.count) else { return false }
    return kernel.slots[port.slot].author == port.author
      || kernel.slots[port.slot].companion?.author == port.author
  }

  private func port(_ slot: UInt32, _ author: UInt32) -> PluginPort {
    let port = RecordedPort(
      slot: slot, author: author, trial: trial?.slot.number == slot ? trial : nil)
    port.load(turn)
    ports.append(port)
    return port.port
  }

  private func count() {
    report.turns += 1
    report.inputs += turn.inputCount
    report.outputs += effects.records.recordCount
    report.firstTime = report.firstTime ?? turn.now
    report.lastTime = turn.now
    report.fills += turn.fillCount
    for record in effects.records.records where record.type == KEEL_CMD_SUBMIT {
      report.orders += 1
    }
    report.output.add(contentsOf: effects.records.bytes)
  }

  private func describeDifference() -> String {
    let place = "turn \(report.turns), \(UTCTime.text(turn.now))"
    return turn.output.withUnsafeBytes { recorded in
      var left = RecordReader(recorded)
      var right = RecordReader(effects.records.bytes)
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
}

/// One turn as the journal has it.
struct RecordedTurn {
  private(set) var now = Timestamp(nanoseconds: 0)
  private(set) var inputCount = 0
  private(set) var lastInput: UInt64 = 0
  private(set) var fillCount = 0
  private(set) var output: [UInt8] = []
  private(set) var candidates: [(slot: UInt32, author: UInt32)] = []
  private(set) var faults: [(slot: UInt32, author: UInt32)] = []
  private var input: [UInt64] = []
  private var expected = 0

  mutating func begin(_ record: Record) {
    let turn = record.cast(to: keel_rec_turn.self)?.pointee
    now = Timestamp(nanoseconds: turn?.now ?? 0)
    expected = Int(turn?.inputs ?? 0)
    inputCount = 0
    fillCount = 0
    lastInput = record.sequence
    input.removeAll(keepingCapacity: true)
    output.removeAll(keepingCapacity: true)
    candidates.removeAll(keepingCapacity: true)
    faults.removeAll(keepingCapacity: true)
  }

  /// True when this record ends the turn.
  mutating func take(_ record: Record) -> Bool {
    if inputCount < expected {
      inputCount += 1
      lastInput = record.sequence
      if record.type == KEEL_EV_FILL { fillCount += 1 }
      note(record, KEEL_SLOT_SHADOW, in: &candidates)
      for offset in stride(from: 0, to: record.size, by: 8) {
        input.append(record.bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      }
      return false
    }
    note(record, KEEL_SLOT_FAULT, in: &faults)
    output.append(contentsOf: record.bytes)
    return record.type == KEEL_REC_TURN_END
  }

  private func note(
    _ record: Record, _ cause: Int, in list: inout [(slot: UInt32, author: UInt32)]
  ) {
    guard record.type == KEEL_REC_SLOT, let raw = record.cast(to: keel_rec_slot.self)?.pointee,
      Int(raw.cause) == cause
    else { return }
    list.append((record.source, raw.generation))
  }

  /// Kept as words, because records are eight-aligned.
  func withInput(_ body: (UnsafeRawBufferPointer) -> Void) {
    input.withUnsafeBytes(body)
  }
}

/// Stands in for one instance of plugin code: answers what the journal says its slot answered, and
/// fails in the turns in which it failed.
final class RecordedPort {
  let slot: UInt32
  let author: UInt32
  private let trial: CandidateTrial?
  /// As large as a turn's whole output can be.
  private var answer = RecordBuffer(capacity: Limits().effectBytes)
  private var fails = false

  init(slot: UInt32, author: UInt32, trial: CandidateTrial? = nil) {
    self.slot = slot
    self.author = author
    self.trial = trial
  }

  func load(_ turn: RecordedTurn) {
    fails = turn.faults.contains { $0.slot == slot && $0.author == author }
    answer.removeAll()
    turn.output.withUnsafeBytes { bytes in
      for record in RecordReader(bytes) where record.source == slot && Self.isAnswer(record.type) {
        answer.append(record.bytes)
      }
    }
  }

  static func isAnswer(_ type: Int) -> Bool {
    type == KEEL_EV_SIGNAL || type == KEEL_EV_EXPLAIN || IntentKind(rawValue: type) != nil
  }

  /// Valid while this object lives and until it is loaded again.
  var port: PluginPort {
    PluginPort(
      process: { context, batch, records, bytes in
        let port = Unmanaged<RecordedPort>.fromOpaque(context!).takeUnretainedValue()
        port.trial?.see(batch.pointee, recorded: port.answer.bytes)
        guard !port.fails else { return keel_status(KEEL_E_FAULT) }
        bytes.pointee = port.answer.byteCount
        records.pointee = port.answer.bytes.baseAddress
        return keel_status(KEEL_OK)
      },
      context: Unmanaged.passUnretained(self).toOpaque())
  }
}
