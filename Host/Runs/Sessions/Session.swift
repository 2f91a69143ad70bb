import JSON
package import Kernel
package import Market
import PluginABI
import PluginBridge
package import PluginHost
import Simulation
package import Storage

/// One run of the host on one thread: market data in, turns of the kernel, commands out to
/// simulated venues. Backtest and paper are this same loop; only pace and journal differ.
package final class Session {
  package enum Level: Int, Sendable { case debug = 1, info, warning, error }
  package typealias Log = (Level, _ origin: String, _ text: String) -> Void

  package let name: String
  package let directory: Directory
  package let registry: PluginRegistry
  /// The directory's instruments as plugins see them.
  let instruments: InstrumentTable
  let journal: JournalWriter?
  let reporting: AssetID
  let log: Log
  var kernel: Kernel
  var slots: [SlotRuntime] = []
  var tallies: [Tally] = []
  var swapReports: [SwapReport] = []
  /// Slots that have one: mostly none, and then no turn looks for it.
  var swapsUnderWay = 0
  let workers: WorkerOptions
  let isPaced: Bool
  /// Some slot's code runs, or has run, in a process of its own.
  private var hasWorkers = false
  /// Host records that go in at the start of the next turn: slot changes, operator's orders.
  var pending = RecordBuffer(capacity: 1 << 20)
  private var effects: Effects
  private var input: RecordBuffer
  /// The turn's input is more than market data.
  private var hasNews = false
  /// What the venues have said and no turn has taken yet. Room for a word on every order at once.
  private var reports: RecordBuffer
  /// The source whose next record the venue has seen already: its reports go first.
  private var seenSource: Int?
  private let venues: Table<SimulatedVenue>
  /// Whether data reaches the host later than any of them.
  private let venuesDelay: Bool
  /// The venue of each instrument.
  private let venueOf: [Int]
  private var feed = FeedMerge()
  private(set) var providers: [PluginInstance] = []
  /// Who is told the time and asked for requests: all of the above that have code.
  private var running = RunningInstances()
  private var changesSeen = -1
  let instanceChanges = InstanceChanges()
  private var timers = TimerTable()
  private(set) var journalMarks = JournalMarks()
  private(set) var recorder: TapeWriter?
  private var observer: (any TurnObserver)?
  private var nextLook = Timestamp.distantFuture
  /// How long the data lasts; nil where that is not known.
  package internal(set) var span: Nanoseconds?
  package internal(set) var facts = SessionFacts()
  var snapshotCodec = SnapshotCodec()
  let snapshotEveryTurns: UInt64?
  let nonce: UInt64
  var nextSnapshot: UInt64 = 0
  package private(set) var eventCount = 0
  /// An operator's order waits, and does not wait for data.
  private var isUrgent = false
  /// Why nothing goes on: the journal takes nothing more.
  private(set) var halt: SessionError?
  /// Turns that are whole in the journal.
  private var turnsJournaled: UInt64 = 0
  /// When the last turn's plugin calls were over.
  private(set) var lastReturn: Int64 = 0

  /// A turn's data is bounded so that all that follows from it fits a slot's inbox.
  private static let inputBytes = 16 * 1_024
  private static let pendingBytes = 64 * 1_024
  private static let reportBytes = 24 * 1_024
  /// What a turn brings into one inbox: a fill becomes three records there, and each answer of the
  /// turn before adds one.
  static let inboxBytes = inputBytes + 3 * reportBytes + 40 * 1_024

  init(parts: SessionParts, log: @escaping Log) {
    name = parts.name
    directory = parts.directory
    registry = parts.registry
    instruments = InstrumentTable(parts.directory.instruments)
    journal = parts.journal
    nonce = parts.nonce
    snapshotEveryTurns = parts.snapshotEveryTurns
    nextSnapshot = parts.snapshotEveryTurns ?? .max
    reporting = parts.reporting
    workers = parts.workers
    isPaced = parts.isPaced
    venues = Table(count: parts.venues.count) {
      SimulatedVenue(model: parts.venues[$0], instruments: parts.limits.instruments)
    }
    venuesDelay = parts.venues.contains(where: \.delaysData)
    venueOf = parts.venueOf
    self.log = log
    kernel = Kernel(session: parts.nonce, limits: parts.limits)
    effects = Effects(limits: parts.limits)
    precondition(Self.inboxBytes <= parts.limits.inboxBytes, "what a turn brings fits an inbox")
    input = RecordBuffer(capacity: Self.inputBytes + Self.reportBytes + Self.pendingBytes)
    let perOrder = MemoryLayout<keel_ev_fill>.size + MemoryLayout<keel_ev_order>.size
    reports = RecordBuffer(capacity: 2 * parts.limits.orders * perOrder)
  }

  package var now: Timestamp { kernel.state.now }
  package var turns: UInt64 { kernel.state.turns }

  func add(_ slot: SlotRuntime) {
    slots.append(slot)
    tallies.append(Tally())
    instanceChanges.count += 1
  }
  func add(_ feed: any Feed, provider: PluginInstance? = nil) {
    self.feed.add(feed)
    guard let provider else { return }
    providers.append(provider)
    instanceChanges.count += 1
  }
  /// Also writes the market data of this run to a tape.
  package func record(to tape: TapeWriter) { recorder = tape }

  /// Looks on from here.
  package func watch(_ observer: any TurnObserver) {
    self.observer = observer
    nextLook = now
  }

  package var state: State { _read { yield kernel.state } }
  package var reportingAsset: AssetID { reporting }
  package var slotCount: Int { slots.count }
  package var slotNames: [String] { slots.map(\.name) }

  /// A turn is due now, whether or not there is data.
  package var needsTurn: Bool {
    if hasWorkers { takeAnswers() }
    return isUrgent
  }

  /// When the next turn would be; nil when the data has ended.
  package func nextTime() throws(SessionError) -> Timestamp? {
    if needsTurn || !reports.isEmpty { return now }
    guard let data = try feed.nextTime(after: now) else { return nil }
    var next = data
    for index in venues.indices {
      if let arrival = venues[index].nextArrival { next = Swift.min(next, arrival) }
    }
    if let timer = timers.nextDue { next = Swift.min(next, timer) }
    if let due = kernel.nextDue { next = Swift.min(next, due) }
    return Swift.max(next, now)
  }

  /// One turn; false when the data has ended.
  package func step() throws(SessionError) -> Bool {
    if let halt { throw halt }
    guard let time = try nextTime() else { return false }
    if time >= nextLook, let observer {
      nextLook = observer.look(at: kernel.state, before: time)
    }
    input.removeAll()
    hasNews = false
    if hasWorkers { prepareRestarts() }
    prepareSwaps()
    try collect(until: time)
    try turn(at: time)
    if turns >= nextSnapshot { keepSnapshot() }
    return true
  }

  /// The caller waited for input before this turn: the wait is no part of a swap's pause.
  package func noteIdle() {
    for slot in slots { slot.pauseMeter?.noteInput() }
  }

  /// An operator's record: the next turn begins with it, at once.
  func queueUrgently(_ append: (inout RecordBuffer) -> Bool) throws(SessionError) {
    guard append(&pending) else {
      throw SessionError(
        .refused, name, "too many changes wait for the next turn", remedy: "try again in a moment")
    }
    isUrgent = true
  }

  /// A turn of what waits alone.
  func stepAtOnce(at time: Timestamp) throws(SessionError) {
    input.removeAll()
    hasNews = false
    takePending()
    try turn(at: time)
  }

  /// A turn of host records alone: the session's first, and changes that must not wait for data.
  func stepWithoutData(at time: Timestamp) throws(SessionError) {
    while !pending.isEmpty { try stepAtOnce(at: time) }
  }

  /// Every slot has started by its record: now its code may be called.
  func lendCode() {
    for slot in slots {
      kernel.attach(slot.live.port, to: slot.number)
      slot.live.setPatient(false)
    }
  }

  // MARK: the turn

  private func collect(until time: Timestamp) throws(SessionError) {
    if !pending.isEmpty { takePending() }
    for index in venues.indices where venues[index].nextArrival.map({ $0 <= time }) == true {
      venues[index].arrive(by: time, into: &reports)
    }
    guard takeReports() else { return }
    if venuesDelay { try takeDelayed(at: time) }
    if let due = timers.nextDue, due <= time { fireTimers(at: time) }
    try feed.take(until: time) { record, source throws(SessionError) in
      guard record.size <= Self.inputBytes else {
        log(.error, "data", "a record of \(record.size) bytes is left out: no turn holds it")
        return true
      }
      guard input.byteCount + record.size <= Self.inputBytes else { return false }
      return try takeData(record, from: source, at: time)
    }
  }

  private func fireTimers(at time: Timestamp) {
    timers.fire(until: time) { slot, id, due in
      var record = keel_ev_timer()
      record.h = keel_event(KEEL_EV_TIMER, of: keel_ev_timer.self, time: time)
      record.h.source = slot
      record.timer_id = id
      record.due = due.nanoseconds
      return input.append(record) != nil
    }
  }

  /// The venue sees a record before any strategy does: what follows from it at the venue stands
  /// before it, so that a strategy decides on it knowing its own fills. False when the reports fill
  /// this turn: the record then waits for the next one, of the same time.
  private func takeData(
    _ record: Record, from source: Int, at time: Timestamp
  ) throws(SessionError) -> Bool {
    let index = record.instrument.index
    if index < venueOf.count, seenSource != source {
      venues[venueOf[index]].see(record, into: &reports)
      seenSource = source
    }
    guard takeReports() else { return false }
    seenSource = nil
    if venuesDelay, index < venueOf.count, venues[venueOf[index]].delaysData {
      venues[venueOf[index]].delay(record, from: UInt32(source), at: time)
      return true
    }
    guard let header = input.append(record.bytes) else { return false }
    header.pointee.source = UInt32(source)
    return try deliver(header, at: time)
  }

  /// Data that a venue has seen earlier, and that reaches the strategies now. What does not fit
  /// this turn is the first of the next one.
  private func takeDelayed(at time: Timestamp) throws(SessionError) {
    for index in venues.indices where venues[index].delaysData {
      var failure: SessionError?
      venues[index].takeDelayed(by: time) { record in
        guard failure == nil, input.byteCount + record.size <= Self.inputBytes,
          let header = input.append(record.bytes)
        else { return false }
        do throws(SessionError) { return try deliver(header, at: time) } catch {
          failure = error
          return false
        }
      }
      if let failure { throw failure }
    }
  }

  private func deliver(
    _ header: UnsafeMutablePointer<keel_event>, at time: Timestamp
  ) throws(SessionError) -> Bool {
    // A source that runs late does not turn the clock back; the venue's own time stays.
    header.pointee.ts_recv = time.nanoseconds
    eventCount += 1
    guard let recorder else { return true }
    do throws(StorageError) {
      try recorder.append(Record(UnsafePointer(header)).bytes)
    } catch { throw SessionError(error) }
    return true
  }

  /// False while some are left over.
  @inline(__always)
  private func takeReports() -> Bool { reports.isEmpty ? true : takeWaitingReports() }

  private func takeWaitingReports() -> Bool {
    hasNews = true
    var taken = 0
    for record in reports.records {
      guard taken + record.size <= Self.reportBytes, input.append(record.bytes) != nil else {
        break
      }
      taken += record.size
    }
    reports.removeFirst(bytes: taken)
    return reports.isEmpty
  }

  private func takePending() {
    hasNews = true
    var taken = 0
    for record in pending.records {
      guard taken + record.size <= Self.pendingBytes, input.append(record.bytes) != nil else {
        break
      }
      taken += record.size
      // What is defined or deposited, the venues know.
      for index in venues.indices
      where record.type == KEEL_EV_INSTRUMENT || record.type == KEEL_REC_CASH {
        venues[index].see(record, into: &reports)
      }
    }
    pending.removeFirst(bytes: taken)
    isUrgent = isUrgent && !pending.isEmpty
  }

  private func turn(at time: Timestamp) throws(SessionError) {
    let first = kernel.sequence + 1
    var last = first
    input.forEachMutable { header in
      last += 1
      header.pointee.seq = last
      if header.pointee.ts_recv == KEEL_NULL { header.pointee.ts_recv = time.nanoseconds }
    }
    if let journal { journalMarks.note(journal.position, turn: turns) }
    if journal != nil {
      try journaled { () throws(StorageError) in try writeInput(first, at: time) }
    }
    if changesSeen != instanceChanges.count { findInstances() }
    running.setTime(time.nanoseconds)
    kernel.handle(input.bytes, last: last, at: time, into: &effects)
    if swapsUnderWay > 0 { lastReturn = MonotonicClock.now() }
    if journal != nil { try journaled { () throws(StorageError) in try writeEffects() } }
    release(at: time)
    if hasNews || effects.records.recordCount > 1, let observer {
      observer.observe(input.records, effects.records.records, kernel.state)
    }
    if running.haveRequests { drainPlugins() }
    progressSwaps()
    if hasWorkers { keepStates() }
  }

  private func findInstances() {
    let deciding = slots.flatMap { [$0.live] + ($0.companion.map { [$0] } ?? []) }
    running = RunningInstances(deciding + providers)
    hasWorkers = hasWorkers || deciding.contains(where: \.placement.isWorker)
    changesSeen = instanceChanges.count
  }

  /// Write-ahead: nothing of a turn reaches a venue before its records are in the journal, and
  /// where they cannot be, nothing does: the session halts.
  private func journaled(_ write: () throws(StorageError) -> Void) throws(SessionError) {
    do throws(StorageError) { try write() } catch {
      let error = SessionError(
        .storage(error), error.subject,
        "\(error.message); the session has halted, nothing of this turn was sent, and the journal "
          + "is readable up to turn \(turnsJournaled)", remedy: error.remedy)
      log(.error, "journal", error.message)
      halt = error
      throw error
    }
  }

  private func writeInput(_ sequence: UInt64, at time: Timestamp) throws(StorageError) {
    guard let journal else { return }
    var turn = keel_rec_turn()
    turn.h = keel_event(KEEL_REC_TURN, of: keel_rec_turn.self, time: time)
    turn.h.seq = sequence
    turn.now = time.nanoseconds
    turn.inputs = UInt32(input.recordCount)
    try withUnsafeBytes(of: turn) { bytes throws(StorageError) in try journal.append(bytes) }
    for record in input.records { try journal.append(record.bytes) }
  }

  private func writeEffects() throws(StorageError) {
    guard let journal else { return }
    for record in effects.records.records { try journal.append(record.bytes) }
    turnsJournaled = turns
    try journal.commit()
  }

  /// Lets the turn's commands go, and notes what it says about slots.
  private func release(at time: Timestamp) {
    if hasNews || journal != nil {
      for record in input.records {
        facts.learn(record)
        if record.type == KEEL_EV_FILL || record.type == KEEL_EV_ORDER { tally(record) }
        if record.type == KEEL_REC_SLOT { noteSlot(record) }
      }
    }
    // Mostly nothing but the turn's end.
    guard effects.records.recordCount > 1 else { return }
    for record in effects.records.records {
      switch record.type {
      case KEEL_CMD_SUBMIT, KEEL_CMD_AMEND, KEEL_CMD_CANCEL, KEEL_CMD_QUERY:
        if !venues[venueOf[record.instrument.index]].send(record, at: time) { reject(record) }
      case KEEL_REC_SLOT:
        facts.learn(record)
        noteSlot(record)
      default: break
      }
      tally(record)
    }
  }

  /// The venue does not execute this kind of order: its slot hears so with the next turn.
  private func reject(_ command: Record) {
    guard let order = command.cast(to: keel_order.self)?.pointee else { return }
    var report = keel_ev_order()
    report.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: command.instrument)
    report.order_id = order.order_id
    report.state = OrderState.rejected.rawValue
    report.reason = UInt16(KEEL_REASON_UNSUPPORTED)
    report.side = order.side
    pending.append(report)
  }

  private func drainPlugins() {
    for slot in slots {
      if slot.live.hasRequests {
        slot.live.drainTimers { id, due in setTimer(slot, id, due) }
        drainLog(of: slot.live, as: slot.name)
      }
      guard let companion = slot.companion else { continue }
      companion.drainTimers { id, due in
        slot.companionTimers.removeAll { $0.id == id }
        if slot.companionTimers.count < TimerTable.perSlotMax {
          slot.companionTimers.append((id, due.map(Timestamp.init(nanoseconds:))))
        }
      }
      drainLog(of: companion, as: "\(slot.name) (shadow)")
    }
    for provider in providers { drainLog(of: provider, as: provider.descriptor.id) }
  }

  /// A timer fires a while after it was set, or a slot could stop the session's time.
  private func setTimer(_ slot: SlotRuntime, _ id: UInt64, _ due: Int64?) {
    let soonest = now + Self.timerDelayMin
    timers.set(
      slot: slot.number, id: id,
      due: due.map { Swift.max(Timestamp(nanoseconds: $0), soonest) })
  }
  private static let timerDelayMin = Nanoseconds.milliseconds(1)

  /// Timers belong to the slot; those the new code asked for while it was watched are now due too.
  func takeTimers(_ slot: SlotRuntime) {
    for timer in slot.companionTimers { setTimer(slot, timer.id, timer.due?.nanoseconds) }
    slot.companionTimers.removeAll()
  }

  func drainLog(of instance: PluginInstance, as origin: String) {
    instance.drainLog { level, text in
      log(Level(rawValue: Int(level)) ?? .info, origin, text)
    }
  }
}
