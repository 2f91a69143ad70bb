package import JSON
package import Market
import PluginABI
import PluginBridge
package import Storage

/// How two journals differ: the first record that is not the same, and by type how many are not.
/// Turns are paired by their time, so that one more turn on a side does not make all that follows
/// it different; within a pair the first fill of one is held against the first of the other.
package struct JournalComparison {
  package struct Entry: Sendable {
    package let turn: UInt64
    package let time: Timestamp
    package let sequence: UInt64
    package let line: String
    package let json: JSONValue
  }
  /// nil on the side where nothing stands in its place.
  package struct Difference: Sendable {
    package let left: Entry?
    package let right: Entry?
  }
  package struct Count: Sendable, Equatable {
    package var equal = 0
    package var different = 0
    package var onlyLeft = 0
    package var onlyRight = 0
  }

  package private(set) var first: Difference?
  package private(set) var leftRecords = 0
  package private(set) var rightRecords = 0
  package private(set) var leftTail: JournalReader.Tail = .clean
  package private(set) var rightTail: JournalReader.Tail = .clean
  private var counts: [Int: Count] = [:]

  /// By type, in the order of the types' numbers.
  package var byType: [(name: String, count: Count)] {
    counts.sorted { $0.key < $1.key }.map { (RecordKind.name($0.key), $0.value) }
  }

  package static func run(
    left: String, right: String, ignoringHost: Bool
  ) throws(StorageError) -> JournalComparison {
    var comparison = JournalComparison()
    var a = try JournalTurns(directory: left, ignoringHost: ignoringHost)
    var b = try JournalTurns(directory: right, ignoringHost: ignoringHost)
    var x = try a.read()
    var y = try b.read()
    while x != nil || y != nil {
      let isBehind = y.map { other in x.map { $0.time > other.time } ?? true } ?? false
      let isAhead = x.map { one in y.map { one.time < $0.time } ?? true } ?? false
      let one = isBehind ? nil : x
      let other = isAhead ? nil : y
      comparison.compare(one, other)
      if comparison.first == nil, let place = Self.difference(one, other) {
        // Where turns do not pair, what stands at the same place of the other side is told too.
        comparison.first = Difference(
          left: Self.entry(place, one ?? x, a.text), right: Self.entry(place, other ?? y, b.text))
      }
      if one != nil { x = try a.read() }
      if other != nil { y = try b.read() }
    }
    comparison.leftRecords = a.recordsRead
    comparison.rightRecords = b.recordsRead
    comparison.leftTail = try a.tail
    comparison.rightTail = try b.tail
    return comparison
  }

  /// The place in the turn of the first record that is not the same; nil when all are.
  private static func difference(
    _ left: JournalTurns.Turn?, _ right: JournalTurns.Turn?
  ) -> Int? {
    guard let left, let right else { return 0 }
    guard left.compared != right.compared else { return nil }
    return left.compared.withUnsafeBytes { one in
      right.compared.withUnsafeBytes { other in
        var x = RecordReader(one)
        var y = RecordReader(other)
        var place = 0
        while let a = x.next(), let b = y.next(), a.bytes.elementsEqual(b.bytes) { place += 1 }
        return place
      }
    }
  }

  private static func entry(
    _ place: Int, _ turn: JournalTurns.Turn?, _ text: RecordText
  ) -> Entry? {
    guard let turn else { return nil }
    return turn.withRecords { records in
      for (index, record) in records.enumerated() where index == place {
        return Entry(
          turn: turn.number, time: record.time, sequence: record.sequence,
          line: text.line(record), json: text.json(record))
      }
      return nil
    }
  }

  private mutating func compare(_ left: JournalTurns.Turn?, _ right: JournalTurns.Turn?) {
    if let left, let right, left.compared == right.compared {
      left.forEachCompared { counts[$0.type, default: Count()].equal += 1 }
      return
    }
    let ours = Self.contents(left)
    let theirs = Self.contents(right)
    for type in Set(ours.keys).union(theirs.keys).sorted() {
      let one = ours[type] ?? []
      let other = theirs[type] ?? []
      let equal = zip(one, other).count { $0 == $1 }
      let paired = min(one.count, other.count)
      counts[type, default: Count()].equal += equal
      counts[type, default: Count()].different += paired - equal
      counts[type, default: Count()].onlyLeft += one.count - paired
      counts[type, default: Count()].onlyRight += other.count - paired
    }
  }

  /// The records of each type, in order, without their sequence numbers: one more record on a side
  /// moves those of all that follow.
  private static func contents(_ turn: JournalTurns.Turn?) -> [Int: [[UInt8]]] {
    var found: [Int: [[UInt8]]] = [:]
    let sequence = MemoryLayout<keel_event>.offset(of: \.seq)!
    turn?.forEachCompared { record in
      var bytes = Array(record.bytes)
      for offset in sequence..<sequence + 8 { bytes[offset] = 0 }
      found[record.type, default: []].append(bytes)
    }
    return found
  }
}
