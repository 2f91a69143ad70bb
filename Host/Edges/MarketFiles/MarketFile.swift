import PluginABI

/// A file of market data, looked into: what its columns are, what its times count, how long its
/// bars are. `reader` then reads it from the beginning.
package final class MarketFile {
  package let path: String
  package let shape: RowShape
  package let isCompressed: Bool
  /// A table that keel exported from a tape.
  package let isOwn: Bool
  /// Of keel's own too: a JSON object a line, of records of any types.
  package let isObjects: Bool
  /// Of the first row, where columns say so.
  package private(set) var symbol: String?
  package private(set) var exchange: String?
  /// Of the first row; nil without rows.
  package private(set) var firstTime: Int64?
  package private(set) var interval = BarInterval.fixed(0)
  package private(set) var timeUnit: TimeUnit?
  /// On disk.
  package let bytes: Int

  let options: MarketFileOptions
  let separator: UInt8
  let columnNames: [String]
  let roles: [ColumnRole?]
  /// Lines before the first row.
  private let linesBefore: Int
  private var units: [Int: (unit: TimeUnit, isStated: Bool)] = [:]

  package init(path: String, _ options: MarketFileOptions) throws(MarketFileError) {
    self.path = path
    self.options = options
    let opening = try FileOpening(path: path)
    isCompressed = opening.isCompressed
    bytes = try PlainSource(path: path).size
    let first = try opening.firstLine(path)
    isObjects = first.bytes.first == UInt8(ascii: "{")
    guard !isObjects else {
      (separator, columnNames, roles) = (UInt8(ascii: ","), [], [])
      (shape, isOwn, interval, linesBefore) = (.trades, true, .column, first.number - 1)
      let rows = try rows([])
      // Of an instrument that is not known here; its time is.
      _ = try? rows.next()
      let time = rows.values[ColumnRole.receiveTime.slot]
      firstTime = time == KEEL_NULL ? nil : time
      return
    }
    let header = try HeaderReading(first.bytes, path: path, line: first.number, options)
    separator = header.separator
    columnNames = header.columnNames
    roles = header.roles
    shape = header.shape
    isOwn = header.isOwn
    linesBefore = first.number - (header.isHeader ? 0 : 1)
    try opening.window.refill(keeping: header.isHeader ? first.next : first.start)
    try lookAtRows(opening.window)
  }

  /// What the columns are called in words: "bars".
  package var words: String { isObjects ? "records as JSON lines" : shape.words }
  package var hasSymbols: Bool { roles.contains(.symbol) }

  // Looking at the first rows.

  private static let rowsLookedAt = 2_000

  private func lookAtRows(_ window: TextWindow) throws(MarketFileError) {
    let text = UnsafeBufferPointer(start: window.start, count: window.end - window.start)
    guard let first = Self.firstRow(text, separator, count: roles.count) else {
      return try settleInterval([], [])
    }
    for (index, role) in roles.enumerated() {
      guard let role, [.time, .receiveTime, .closeTime, .due].contains(role) else { continue }
      units[role.slot] = unit(of: role, columnNames[index], first[index])
    }
    timeUnit = (units[ColumnRole.time.slot] ?? units[ColumnRole.receiveTime.slot])?.unit
    func said(_ role: ColumnRole) -> String? {
      roles.firstIndex(of: role).map { String(decoding: first[$0], as: UTF8.self) }
    }
    if !isOwn { (symbol, exchange) = (said(.symbol), said(.exchange)) }
    var list = actions(ColumnScale(priceDecimals: 0, quantityDecimals: 0))
    for index in list.indices where ![.time, .timeText].contains(list[index].kind) {
      list[index].kind = .skip
    }
    let rows = RowReader(
      file: path, window: window, separator: separator, columnNames: columnNames, actions: list,
      line: linesBefore + 1)
    var times: [Int64] = []
    var closes: [Int64] = []
    while times.count < Self.rowsLookedAt {
      do throws(MarketFileError) { guard try rows.next() else { break } } catch {
        if error.code == .row { continue }
        throw error
      }
      let received = rows.values[ColumnRole.receiveTime.slot]
      let named = rows.values[ColumnRole.time.slot]
      if firstTime == nil { firstTime = received == KEEL_NULL ? named : received }
      times.append(named == KEEL_NULL ? received : named)
      closes.append(rows.values[ColumnRole.closeTime.slot])
    }
    try settleInterval(options.allowsAnyOrder ? times.sorted() : times, closes)
  }

  /// The fields of the first row of the right width.
  private static func firstRow(
    _ text: UnsafeBufferPointer<UInt8>, _ separator: UInt8, count: Int
  ) -> [[UInt8]]? {
    var start = 0
    for index in text.indices where text[index] == UInt8(ascii: "\n") {
      let line = UnsafeBufferPointer(rebasing: text[start..<index])
      start = index + 1
      if let fields = FieldSplitter.split(line, separator), fields.count == count { return fields }
    }
    return nil
  }

  private func unit(
    of role: ColumnRole, _ name: String, _ field: [UInt8]
  ) -> (unit: TimeUnit, isStated: Bool) {
    if isOwn { return (.nanoseconds, true) }
    if let unit = options.timeUnit { return (unit, true) }
    let exact = field.withUnsafeBufferPointer { try? ExactDecimal($0) }
    guard let exact else { return (.text, false) }
    if let unit = ColumnNames.unit(name) { return (unit, true) }
    guard !exact.isNegative, case .mantissa(let tenths) = exact.counted(decimals: 1) else {
      // Fractions of a second are written behind a point.
      return (exact.decimals > 0 ? .seconds : .nanoseconds, false)
    }
    return (TimeUnit.detected(tenths / 10), false)
  }

  private func settleInterval(_ times: [Int64], _ closes: [Int64]) throws(MarketFileError) {
    guard shape == .bars else { return }
    if isOwn {
      interval = .column
    } else if let stated = options.interval {
      try refuseContradiction(stated, times, closes)
      interval = .fixed(stated)
    } else if let close = closes.first, let open = times.first, close != KEEL_NULL, close > open {
      // The last instant of a bar is told, by the unit that its times count.
      let step = units[ColumnRole.closeTime.slot]?.unit.nanoseconds ?? 1
      let length = close - open + (close % 1_000_000_000 == 0 ? 0 : step)
      let isMonth = length > 27 * 86_400_000_000_000
      interval = isMonth ? .byRow(step: length == close - open ? 0 : step) : .fixed(length)
    } else if let found = BarInterval.detected(times) {
      interval = .fixed(found)
    } else if !times.isEmpty {
      throw MarketFileError(
        .layout, path,
        times.count == 1
          ? "one bar alone does not say how long it is"
          : "its bars open at no regular distance, which would say how long they are",
        remedy: "say it with --interval, such as --interval 1m")
    }
  }

  /// A stated length that the rows cannot have: bars would overlap, or end elsewhere than told.
  private func refuseContradiction(
    _ stated: Int64, _ times: [Int64], _ closes: [Int64]
  ) throws(MarketFileError) {
    let distances = zip(times, times.dropFirst()).map { $1 &- $0 }.filter { $0 > 0 }
    let wanted = BarInterval.text(stated)
    if let shortest = distances.min(), shortest < stated {
      let found = BarInterval.text(shortest)
      throw MarketFileError(
        .layout, path, "its rows are \(found) apart, and --interval says \(wanted)",
        remedy: "leave --interval out, or say --interval \(found); "
          + "keel data resample --bars time:\(wanted) makes longer bars of the tape")
    }
    guard let open = times.first, let close = closes.first, close != KEEL_NULL, close > open
    else { return }
    let step = units[ColumnRole.closeTime.slot]?.unit.nanoseconds ?? 1
    guard stated != close - open, stated != close - open + step else { return }
    throw MarketFileError(
      .layout, path,
      "its bars close \(BarInterval.text(close - open + step)) after they open, and --interval "
        + "says \(wanted)", remedy: "leave --interval out")
  }

  // Reading.

  func actions(_ scale: ColumnScale) -> [ColumnAction] {
    roles.map { role in
      guard let role else { return .skip }
      let known = units[role.slot] ?? (unit: .nanoseconds, isStated: true)
      return scale.action(
        role, unit: known.unit, isUnitStated: known.isStated, isOwn: isOwn)
    }
  }

  /// At the first row.
  func rows(
    _ actions: [ColumnAction], symbols: [String: RowReader.Symbol] = [:]
  ) throws(MarketFileError) -> RowReader {
    let window = try FileOpening(path: path).window
    var place = window.start
    var line = 1
    if window.end - place >= 3, place[0] == 0xEF, place[1] == 0xBB, place[2] == 0xBF { place += 3 }
    while line <= linesBefore, place < window.end {
      if place.pointee == UInt8(ascii: "\n") { line += 1 }
      place += 1
    }
    try window.refill(keeping: place)
    let reader = RowReader(
      file: path, window: window, separator: separator, columnNames: columnNames,
      actions: actions, line: linesBefore + 1, symbols: symbols, isObjects: isObjects)
    reader.roundsFineNumbers = options.roundsFineNumbers
    return reader
  }

  /// The most digits behind the point that its prices and sizes have. Reads all of it.
  package func finestDecimals(
    _ progress: (Int) -> Bool = { _ in true }
  ) throws(MarketFileError) -> FinestDecimals {
    let rows = try rows(actions(ColumnScale(priceDecimals: 0, quantityDecimals: 0)))
    rows.isMeasuring = true
    var count = 0
    while true {
      count &+= 1
      if count & 0xFFFF == 0, !progress(rows.window.source.bytesTaken) { break }
      do throws(MarketFileError) { guard try rows.next() else { break } } catch {
        // What is wrong is said when it is read; digits are all that is looked for here.
        guard error.code == .row else { throw error }
      }
    }
    return rows.finest
  }
}
