package import PluginABI
import PluginBridge
package import Storage

/// Files of market data to one tape, which is there when all of them are in it, or not at all.
package struct TapeImport {
  package struct Input {
    package let file: MarketFile
    /// Its row in the table.
    package let instrument: UInt32

    package init(file: MarketFile, instrument: UInt32) {
      self.file = file
      self.instrument = instrument
    }
  }

  package struct Report {
    package var records = 0
    package var rows = 0
    package var rowsSkipped = 0
    package var firstSkipped: [MarketFileError] = []
    package var identifiersLost = 0
    package var numbersRounded = 0
    package var firstTime: Int64?
    package var lastTime: Int64?
    package var bytesTaken = 0
    package var isInterrupted = false
  }

  package enum Failure: Error {
    case file(MarketFileError)
    case tape(StorageError)
  }

  private let inputs: [Input]
  private let table: [keel_ev_instrument]
  private let writer: TapeWriter
  private let path: String
  private var report = Report()
  /// Records that --sort holds in memory.
  package static let sortBytes = 256 << 20

  package init(
    _ inputs: [Input], table: [keel_ev_instrument], to path: String
  ) throws(StorageError) {
    self.inputs = inputs
    self.table = table
    self.path = path
    let created = inputs.compactMap(\.file.firstTime).min() ?? 0
    writer = try TapeWriter(path: path, instruments: table, created: created, isPlacedWhole: true)
  }

  /// `goOn` is told how far it is, again and again; false ends the import without a tape.
  package mutating func run(
    isSorting: Bool, sortBytes: Int = TapeImport.sortBytes, goOn: (Report) -> Bool
  ) throws(Failure) -> Report {
    do throws(MarketFileError) {
      if isSorting {
        try sort(bytesMax: sortBytes, goOn)
      } else {
        try merge(goOn)
      }
    } catch {
      // What a tape refuses travels as the error of a file.
      if let failure { throw .tape(failure) }
      throw .file(error)
    }
    guard !report.isInterrupted else { return report }
    if report.records == 0 { throw .file(nothing) }
    do throws(StorageError) { try writer.finish() } catch { throw .tape(error) }
    return report
  }

  private var failure: StorageError?

  /// A tape of nothing would be taken for data that is there.
  private var nothing: MarketFileError {
    let path = inputs.count == 1 ? inputs[0].file.path : "\(inputs.count) files"
    guard report.rowsSkipped == 0 else {
      return MarketFileError(
        .layout, path, "all of its rows are wrong: \(report.rowsSkipped) were left out",
        remedy: report.firstSkipped.first.map { "begin with line \($0.line ?? 1): \($0.message)" }
          ?? "name a file with rows of market data")
    }
    return MarketFileError(
      .layout, path, "a header is all there is: no row follows it",
      remedy: "name a file with rows of market data")
  }

  private mutating func merge(_ goOn: (Report) -> Bool) throws(MarketFileError) {
    var merge = RecordMerge(inputs.map { ($0.file, $0.instrument) }, table: table)
    try merge.run { records, state throws(MarketFileError) in
      try write(records)
      report.bytesTaken = state.bytesTaken
      report.isInterrupted = !goOn(report)
      return !report.isInterrupted
    }
    for reader in merge.readers { count(reader) }
  }

  private mutating func sort(
    bytesMax: Int, _ goOn: (Report) -> Bool
  ) throws(MarketFileError) {
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let sorter = RecordSorter(directory: directory, bytesMax: bytesMax)
    var taken = 0
    for input in inputs {
      let reader = try MarketFileReader(input.file, table: table, instrument: input.instrument)
      while let records = try reader.next() {
        try sorter.add(records)
        report.bytesTaken = taken + reader.bytesTaken
        report.isInterrupted = !goOn(report)
        if report.isInterrupted { return }
      }
      taken += reader.bytesTaken
      count(reader)
    }
    try sorter.drain { records throws(MarketFileError) in
      try write(records)
      report.isInterrupted = !goOn(report)
      return !report.isInterrupted
    }
  }

  private mutating func count(_ reader: MarketFileReader) {
    report.rows += reader.rowsRead
    report.rowsSkipped += reader.rowsSkipped
    report.identifiersLost += reader.identifiersLost
    report.numbersRounded += reader.numbersRounded
    report.firstSkipped += reader.firstSkipped.prefix(
      max(0, MarketFileReader.skippedShown - report.firstSkipped.count))
  }

  private mutating func write(_ records: UnsafeRawBufferPointer) throws(MarketFileError) {
    if report.firstTime == nil, records.count > 0 {
      report.firstTime = records.loadUnaligned(as: keel_event.self).ts_recv
    }
    do throws(StorageError) { try writer.append(records) } catch {
      failure = error
      throw MarketFileError(.io, path, error.message, remedy: error.remedy)
    }
    report.records = writer.recordsWritten
    report.lastTime = writer.lastTime
  }
}
