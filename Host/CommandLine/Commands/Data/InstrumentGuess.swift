import Market

/// What kind of instrument a vendor's symbol and exchange tell of. A swap taken for spot would be
/// traded without margin and without funding, so that what is not clear is asked for.
enum InstrumentGuess {
  case `is`(InstrumentKind)
  /// Why it cannot be told, behind the symbol.
  case unclear(String)

  /// What `--kind` calls them.
  static let kinds: [(name: String, kind: InstrumentKind)] = [
    ("spot", .spot), ("perpetual", .perpetual), ("inverse", .inverse), ("future", .future),
    ("equity", .equity),
  ]

  /// Assets that only a linear contract is settled in.
  private static let linear = ["USDT", "USDC", "BUSD", "FDUSD"]
  /// Parts of the names of exchanges that trade contracts.
  private static let contracts = [
    "swap", "futures", "perp", "deriv", "delivery", "-dm", "bitmex", "deribit", "bybit-options",
    "okex-options", "cryptofacilities", "dydx",
  ]

  init(_ symbol: String, exchange: String?) {
    let name = symbol.uppercased()
    let parts = name.split { "-_/:.".contains($0) }.map(String.init)
    let isPerpetual =
      parts.dropFirst().contains { ["PERP", "PERPETUAL", "SWAP"].contains($0) }
      || name.hasSuffix("PERP") && name != "PERP"
    let isLinear = Self.linear.contains { asset in
      parts.contains(asset)
        || parts.contains { $0.hasSuffix(asset) || $0.hasSuffix("\(asset)PERP") }
    }
    if isPerpetual {
      self = isLinear ? .is(.perpetual) : .unclear("is a swap, settled in either of its assets")
      return
    }
    let place = exchange?.lowercased() ?? ""
    guard Self.contracts.contains(where: { place.contains($0) }) else {
      self = .is(.spot)
      return
    }
    self = .unclear("is of \(place), which trades contracts, and does not say of which kind")
  }
}
