import Glibc
import PluginABI
import PluginBridge

/// Takes the oldest segments off a journal, also while it is being written.
package enum JournalPruning {
  package struct Report: Sendable, Equatable {
    package var removed: [Int] = []
    /// Of segments and their seals, as they lie on the disk.
    package var bytes = 0
    /// The first segment that stays.
    package var firstKept = 0
  }

  /// Removes what `retention` lets go and lies wholly before `position`, when that is given, and
  /// before the newest whole snapshot. Without one, replay needs everything, and nothing goes.
  package static func run(
    directory path: String, retention: JournalRetention = JournalRetention(),
    before position: JournalPosition? = nil, schemaMax: UInt32 = .max, isDryRun: Bool = false,
    system: StorageSystem = .real
  ) throws(StorageError) -> Report {
    let directory = JournalDirectory(path: path, system: system)
    let reader = try JournalReader(directory: path)
    let session = reader.session
    let numbers = try directory.segments()
    let snapshot = try SnapshotStore(directory: path).newest(
      session: session, schemaMax: schemaMax
    ).snapshot
    var report = Report(firstKept: numbers.first ?? 0)
    guard let snapshot else { return report }
    var needed = snapshot.position
    if let position, position.segment < needed.segment { needed = position }
    var segments: [JournalRetention.Segment] = []
    for number in numbers { segments.append(try facts(of: number, in: directory)) }
    var first = retention.firstKept(of: segments, needed: needed)
    // What is left must say what it continues.
    while first > report.firstKept,
      try JournalSeal(of: first, session: session, in: directory) == nil
    {
      first -= 1
    }
    for segment in segments where segment.number < first {
      report.removed.append(segment.number)
      report.bytes += segment.bytes
      guard !isDryRun else { continue }
      // The segment goes first: one without its seal could not be verified.
      try directory.remove(directory.file(segment.number))
      let seal = directory.seal(segment.number)
      if directory.exists(seal) { try directory.remove(seal) }
    }
    report.firstKept = first
    if !isDryRun, !report.removed.isEmpty { try directory.sync() }
    return report
  }

  /// What a policy is decided by.
  private static func facts(
    of number: Int, in directory: JournalDirectory
  ) throws(StorageError) -> JournalRetention.Segment {
    let start = JournalPosition(segment: number, offset: FileHeader.bytes)
    var reader = try JournalReader(directory: directory.path, from: start)
    var bytes = reader.segment.count
    let seal = directory.seal(number)
    if directory.exists(seal) {
      bytes += try FileDescriptor(path: seal, flags: O_RDONLY).size()
    }
    // An empty segment: the reader would step into the next one.
    guard reader.frameLength(at: start.offset) != 0, let record = try reader.next() else {
      return JournalRetention.Segment(number: number, bytes: bytes, time: nil)
    }
    let time = record.bytes.load(as: keel_event.self).ts_recv
    return JournalRetention.Segment(
      number: number, bytes: bytes, time: time == KEEL_NULL ? nil : time)
  }
}
