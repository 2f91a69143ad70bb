import Wording

/// What the first line of a file says about its columns, together with what was stated.
struct HeaderReading {
  let separator: UInt8
  let isHeader: Bool
  let isOwn: Bool
  let columnNames: [String]
  let roles: [ColumnRole?]
  let shape: RowShape

  init(
    _ line: [UInt8], path: String, line number: Int, _ options: MarketFileOptions
  ) throws(MarketFileError) {
    separator = Self.separator(line)
    let split = line.withUnsafeBufferPointer { [separator] in FieldSplitter.split($0, separator) }
    guard let split else {
      throw MarketFileError(
        .layout, path, line: number, "a quote is not closed on its line",
        remedy: "name a text of rows, such as CSV")
    }
    let fields = split.map { String(decoding: $0, as: UTF8.self) }
    let looksLikeData = fields.contains { ColumnRole.isNumber($0) }
    isHeader = !looksLikeData
    isOwn = isHeader && ColumnNames.isOwn(fields)
    columnNames = isHeader ? fields : fields.indices.map { "\($0 + 1)" }
    // Who says which column is what has decided already.
    if isHeader, options.columns.isEmpty { try Self.refuseKnown(fields, path) }
    var roles: [ColumnRole?]
    if !options.columns.isEmpty {
      roles = try Self.mapped(options.columns, columnNames, path)
    } else if isHeader {
      roles = ColumnNames.roles(of: fields)
    } else {
      roles = try Self.guessed(fields, path, number, options.layout)
    }
    if let name = options.layout, isHeader, options.columns.isEmpty,
      let layout = MarketLayout.named(name)
    {
      let wanted = layout.columns(count: fields.count)
      if RowShape(Set(roles.compactMap(\.self))) == nil, let wanted { roles = wanted }
    }
    if roles.contains(.open) {
      // Beside a price at the opening, an amount is no size of a trade.
      roles = roles.map { $0 == .quantity || $0 == .price ? nil : $0 }
    } else if !roles.contains(.quantity) {
      roles = roles.map { $0 == .volume ? .quantity : $0 }
    }
    let present = Set(roles.compactMap(\.self))
    guard let shape = RowShape(present) else {
      throw MarketFileError(
        .layout, path, line: number, Self.missing(present, columnNames),
        remedy: "say which is which, such as --columns time=date,open=o,high=h,low=l,close=c; "
          + "roles are \(ColumnRole.byName.map(\.name).joined(separator: ", "))")
    }
    self.shape = shape
    self.roles = roles
  }

  private static func missing(_ present: Set<ColumnRole>, _ names: [String]) -> String {
    let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
    let hasTime = present.contains(.time) || present.contains(.receiveTime)
    return "its columns (\(shown)) "
      + (hasTime ? "make no bars, trades, quotes, books or rates" : "have no time that is known")
  }

  private static func separator(_ line: [UInt8]) -> UInt8 {
    let candidates = [",", ";", "\t", "|"].compactMap { $0.utf8.first }
    let counts = candidates.map { candidate in line.count { $0 == candidate } }
    let most = counts.max() ?? 0
    return candidates[counts.firstIndex(of: most) ?? 0]
  }

  /// Files that are known, and hold nothing that keel has a record for.
  private static func refuseKnown(
    _ fields: [String], _ path: String
  ) throws(MarketFileError) {
    let names = Set(fields.map(ColumnNames.normal))
    if names.isSuperset(of: ["percentage", "depth", "notional"]) {
      throw MarketFileError(
        .layout, path,
        "Binance Vision bookDepth is no book: it tells sums of depth within percentages of the "
          + "price, no levels",
        remedy: "import T_DEPTH, bookTicker or Tardis books; no book can be made of sums")
    }
    if names.isSuperset(of: ["bid_open", "ask_open"]) {
      func name(_ wanted: String) -> String {
        fields.first { ColumnNames.normal($0) == wanted } ?? wanted
      }
      // Rows are stamped when they open: what they closed at was not known by then.
      throw MarketFileError(
        .layout, path, "bars of bid and ask are no record of keel",
        remedy: "take what they opened with as quotes: --columns "
          + "time=\(fields[0]),bid=\(name("bid_open")),ask=\(name("ask_open"))")
    }
  }

  private static func mapped(
    _ columns: [(role: ColumnRole, column: String)], _ names: [String], _ path: String
  ) throws(MarketFileError) -> [ColumnRole?] {
    var roles = [ColumnRole?](repeating: nil, count: names.count)
    for (role, column) in columns {
      let index =
        names.firstIndex(of: column)
        ?? names.firstIndex { ColumnNames.normal($0) == ColumnNames.normal(column) }
        ?? Int(column).flatMap { (1...names.count).contains($0) ? $0 - 1 : nil }
      guard let index else {
        throw MarketFileError(
          .layout, path, "there is no column \"\(column)\" for \(role.name)",
          remedy: Suggestion.remedy(for: column, among: names))
      }
      roles[index] = role
    }
    return roles
  }

  private static func guessed(
    _ fields: [String], _ path: String, _ line: Int, _ stated: String?
  ) throws(MarketFileError) -> [ColumnRole?] {
    if let stated, let layout = MarketLayout.named(stated) {
      if let columns = layout.columns(count: fields.count) { return columns }
      let widths = layout.columns.map { "\($0.count)" }.joined(separator: " or ")
      throw MarketFileError(
        .layout, path, line: line,
        "it has \(fields.count) columns, and \(stated) has \(widths)",
        remedy: "name another --format, or say which is which with --columns time=1,price=2,...")
    }
    let possible = MarketLayout.possible(for: fields)
    if possible.count == 1 { return possible[0].columns }
    let names = possible.map(\.layout.name)
    throw MarketFileError(
      .layout, path, line: line,
      names.isEmpty
        ? "it has no header, and its \(fields.count) columns are like none that is known"
        : "it has no header, and could be \(names.joined(separator: " or "))",
      remedy: "say --format, one of \(MarketLayout.all.map(\.name).joined(separator: ", ")); "
        + "or --columns time=1,price=2,...")
  }
}
