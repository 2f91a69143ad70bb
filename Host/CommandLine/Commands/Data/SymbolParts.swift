/// A symbol such as BTCUSDT, BTC-USD or ETH_BTC in its two assets; nil where it shows none.
struct SymbolParts {
  let base: String
  let quote: String

  private static let quotes = [
    "FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USD", "EUR", "GBP", "JPY", "TRY", "BRL", "BTC",
    "ETH", "BNB",
  ]

  init?(_ symbol: String) {
    let parts = symbol.uppercased().split { "-_/:".contains($0) }.map(String.init)
    if parts.count >= 2 {
      // BTC-PERPETUAL and the like do not say what is paid: dollars, mostly.
      (base, quote) = (parts[0], Self.quotes.contains(parts[1]) ? parts[1] : "USD")
      return
    }
    let name = parts.first ?? ""
    guard let end = Self.quotes.first(where: { name.hasSuffix($0) && name != $0 }) else {
      return nil
    }
    (base, quote) = (String(name.dropLast(end.count)), end)
  }
}
