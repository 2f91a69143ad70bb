import Market
import PluginABI
import PluginBridge
import TestSupport

/// What lies between host and venue. Commands keep their order, as on one connection, but may be
/// late, lost or sent twice; reports come late, twice, in any order, or not at all. While it is
/// broken nothing passes.
struct FaultyWire {
  private struct Underway<Load> {
    let due: Int64
    let number: Int
    let load: Load
  }

  private var commands: [Underway<keel_order>] = []
  private var reports: [Underway<RecordBytes>] = []
  private(set) var isConnected = true
  private(set) var isFaulty = true
  private var counter = 0
  private var lastDue = Int64.min
  private var random: SeededGenerator
  /// How often it lost or repeated something.
  private(set) var faults = 0

  init(random: SeededGenerator) { self.random = random }

  var isEmpty: Bool { commands.isEmpty && reports.isEmpty }

  mutating func disconnect() {
    isConnected = false
    commands = []
    reports = []
    faults += 1
  }
  mutating func connect() { isConnected = true }
  /// A new connection, that does what it should.
  mutating func heal() {
    disconnect()
    isConnected = true
    isFaulty = false
  }

  /// What the host's end of the wire tells of a command whose fate it does not know; it may also
  /// notice nothing.
  mutating func send(_ command: keel_order, at now: Int64) -> RecordBytes? {
    guard isConnected, !(isFaulty && chance(14)) else {
      faults += 1
      return chance(2) ? unknown(command) : nil
    }
    lastDue = max(lastDue, now + (isFaulty ? Int64(number(0...15)) : 1))
    put(command)
    if isFaulty, chance(30) {
      faults += 1
      put(command)
    }
    return nil
  }

  private mutating func put(_ command: keel_order) {
    counter += 1
    commands.append(Underway(due: lastDue, number: counter, load: command))
  }

  mutating func report(_ report: RecordBytes, at now: Int64) {
    guard isConnected, !(isFaulty && chance(10)) else {
      faults += 1
      return
    }
    let copies = isFaulty && chance(10) ? 2 : 1
    for _ in 0..<copies {
      counter += 1
      let delay = isFaulty ? Int64(chance(4) ? number(0...60) : number(0...3)) : 0
      reports.append(Underway(due: now + delay, number: counter, load: report))
    }
  }

  mutating func commandsDue(by now: Int64) -> [keel_order] {
    Self.take(&commands, by: now)
  }
  mutating func reportsDue(by now: Int64) -> [RecordBytes] {
    Self.take(&reports, by: now)
  }

  private static func take<Load>(_ queue: inout [Underway<Load>], by now: Int64) -> [Load] {
    let due = queue.filter { $0.due <= now }.sorted { ($0.due, $0.number) < ($1.due, $1.number) }
    queue.removeAll { $0.due <= now }
    return due.map(\.load)
  }

  private func unknown(_ command: keel_order) -> RecordBytes {
    var record = keel_ev_order()
    record.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: InstrumentID(rawValue: command.h.inst))
    record.order_id = command.order_id
    record.limit = KEEL_NULL
    record.trigger = KEEL_NULL
    record.average = KEEL_NULL
    record.state = OrderState.unknown.rawValue
    var bytes = RecordBytes()
    bytes.append(record)
    return bytes
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
  private mutating func chance(_ oneIn: Int) -> Bool { number(1...oneIn) == 1 }
}
