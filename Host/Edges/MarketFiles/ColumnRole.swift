/// What a column of a file says. Prices and sizes of book levels come in fours, best level first.
package struct ColumnRole: Hashable, Sendable {
  /// Its place among the values of a row.
  let slot: Int

  private init(_ slot: Int) { self.slot = slot }

  static let time = ColumnRole(0)
  static let receiveTime = ColumnRole(1)
  static let open = ColumnRole(2)
  static let high = ColumnRole(3)
  static let low = ColumnRole(4)
  static let close = ColumnRole(5)
  static let volume = ColumnRole(6)
  static let closeTime = ColumnRole(7)
  static let interval = ColumnRole(8)
  static let price = ColumnRole(9)
  static let quantity = ColumnRole(10)
  static let side = ColumnRole(11)
  static let buyerIsMaker = ColumnRole(12)
  static let tradeID = ColumnRole(13)
  static let bid = ColumnRole(14)
  static let bidQuantity = ColumnRole(15)
  static let ask = ColumnRole(16)
  static let askQuantity = ColumnRole(17)
  static let rate = ColumnRole(18)
  static let mark = ColumnRole(19)
  static let due = ColumnRole(20)
  /// `snapshot` or `snap`, and else a change.
  static let bookKind = ColumnRole(21)
  static let isSnapshot = ColumnRole(22)
  static let updateID = ColumnRole(23)
  static let firstUpdateID = ColumnRole(24)
  static let previousUpdateID = ColumnRole(25)
  static let symbol = ColumnRole(26)
  static let exchange = ColumnRole(27)
  // What a tape's own table has beside.
  static let sequence = ColumnRole(28)
  static let source = ColumnRole(29)
  static let flags = ColumnRole(30)
  static let action = ColumnRole(31)
  static let orderID = ColumnRole(32)
  static let level = ColumnRole(33)
  static let index = ColumnRole(34)
  static let rateExponent = ColumnRole(35)

  static let levelsMax = 50
  private static let firstLevel = 40
  static let slotsMax = firstLevel + 4 * levelsMax

  static func bidPrice(_ level: Int) -> ColumnRole { ColumnRole(firstLevel + 4 * level) }
  static func bidSize(_ level: Int) -> ColumnRole { ColumnRole(firstLevel + 4 * level + 1) }
  static func askPrice(_ level: Int) -> ColumnRole { ColumnRole(firstLevel + 4 * level + 2) }
  static func askSize(_ level: Int) -> ColumnRole { ColumnRole(firstLevel + 4 * level + 3) }
  var isLevel: Bool { slot >= Self.firstLevel }
  /// Of a level: 0 bid price, 1 bid size, 2 ask price, 3 ask size.
  var levelPart: Int { (slot - Self.firstLevel) % 4 }

  /// What `--columns` calls them, in the order of its manual.
  package static let byName: [(name: String, role: ColumnRole)] = [
    ("time", time), ("receiveTime", receiveTime), ("open", open), ("high", high), ("low", low),
    ("close", close), ("volume", volume), ("closeTime", closeTime), ("price", price),
    ("quantity", quantity), ("side", side), ("buyerIsMaker", buyerIsMaker), ("trade", tradeID),
    ("bid", bid), ("bidQuantity", bidQuantity), ("ask", ask), ("askQuantity", askQuantity),
    ("rate", rate), ("mark", mark), ("kind", bookKind), ("isSnapshot", isSnapshot),
    ("update", updateID), ("firstUpdate", firstUpdateID), ("previousUpdate", previousUpdateID),
    ("symbol", symbol), ("exchange", exchange),
  ]

  var name: String { Self.byName.first { $0.role == self }?.name ?? "column" }
}
