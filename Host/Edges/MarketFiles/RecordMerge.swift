import PluginABI

/// Records of several files as one sequence: by time, then by the order of the files, then by the
/// order in each. A file is opened when its first row is due, so that any number can be given.
struct RecordMerge {
  private final class Source {
    let file: MarketFile
    let instrument: UInt32
    let order: Int
    var reader: MarketFileReader?
    var rest = UnsafeRawBufferPointer(start: nil, count: 0)

    init(_ file: MarketFile, _ instrument: UInt32, _ order: Int) {
      self.file = file
      self.instrument = instrument
      self.order = order
    }

    /// Of its next record.
    @inline(__always)
    var time: Int64 { rest.loadUnaligned(as: keel_event.self).ts_recv }
  }

  private let table: [keel_ev_instrument]
  /// By first time; the first are opened next, from the end of the list.
  private var waiting: [Source]
  private var open: [Source] = []
  /// Those that are read to their end, and those that are not.
  private(set) var readers: [MarketFileReader] = []

  init(_ inputs: [(file: MarketFile, instrument: UInt32)], table: [keel_ev_instrument]) {
    self.table = table
    waiting = inputs.enumerated().map { Source($0.element.file, $0.element.instrument, $0.offset) }
    // A bar counts from its close, which is later than its row says: early is safe here.
    waiting.sort {
      ($0.file.firstTime ?? .max, $0.order) > ($1.file.firstTime ?? .max, $1.order)
    }
  }

  var bytesTaken: Int { readers.reduce(0) { $0 + $1.bytesTaken } }

  /// Gives all records, a contiguous run at a time; false from `body` ends it.
  mutating func run(
    _ body: (UnsafeRawBufferPointer, borrowing RecordMerge) throws(MarketFileError) -> Bool
  ) throws(MarketFileError) {
    while true {
      try openDue()
      guard let first = earliest(but: nil) else { return }
      let second = earliest(but: first)
      let bound = min(second?.time ?? .max, waiting.last?.file.firstTime ?? .max)
      let boundOrder =
        second?.time == bound ? second?.order ?? .max : waiting.last?.order ?? .max
      let run = stretch(of: first, before: bound, boundOrder)
      guard try body(run, self) else { return }
      first.rest = UnsafeRawBufferPointer(rebasing: first.rest[run.count...])
      try load(first)
    }
  }

  private mutating func openDue() throws(MarketFileError) {
    while let next = waiting.last {
      if let first = earliest(but: nil), first.time < next.file.firstTime ?? .max { return }
      waiting.removeLast()
      let reader = try MarketFileReader(next.file, table: table, instrument: next.instrument)
      next.reader = reader
      readers.append(reader)
      open.append(next)
      try load(next)
    }
  }

  private mutating func load(_ source: Source) throws(MarketFileError) {
    guard source.rest.isEmpty else { return }
    if let bytes = try source.reader?.next() {
      source.rest = bytes
    } else {
      open.removeAll { $0 === source }
      source.reader = nil
    }
  }

  private func earliest(but other: Source?) -> Source? {
    var best: Source?
    for source in open where source !== other {
      guard let known = best else {
        best = source
        continue
      }
      if (source.time, source.order) < (known.time, known.order) { best = source }
    }
    return best
  }

  /// The records at the front of a source that come before anybody else's.
  private func stretch(
    of source: Source, before bound: Int64, _ boundOrder: Int
  ) -> UnsafeRawBufferPointer {
    if bound == .max { return source.rest }
    var length = 0
    while length < source.rest.count {
      let header = source.rest.loadUnaligned(fromByteOffset: length, as: keel_event.self)
      if length > 0, (header.ts_recv, source.order) > (bound, boundOrder) { break }
      length += Int(header.size)
    }
    return UnsafeRawBufferPointer(rebasing: source.rest[..<length])
  }
}
