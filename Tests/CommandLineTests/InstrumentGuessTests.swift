import Configuration
import Market
import Testing

@testable import keel

/// What symbols and exchanges of vendors are taken for, and what they may be called.
@Suite struct InstrumentGuessTests {
  @Test(arguments: [
    ("BTCUSDT", "binance", "spot"), ("BTC-USD", nil, "spot"), ("PERP", "binance", "spot"),
    ("PERP-USDT", "okex", "spot"),
    ("PERPUSDT", "binance", "spot"), ("SWAPUSDT", nil, "spot"), ("AAPL", nil, "spot"),
    ("BTC-USDT-SWAP", "okex-swap", "perpetual"), ("BTCUSDT-PERP", nil, "perpetual"),
    ("ETH_USDC-PERPETUAL", "deribit", "perpetual"), ("BTCUSDTPERP", nil, "perpetual"),
    ("BTC-PERPETUAL", "deribit", "unclear"), ("BTC-PERP", "ftx", "unclear"),
    ("BTC-USD-SWAP", "okex-swap", "unclear"), ("BTC-USD", "huobi-dm-swap", "unclear"),
    ("XBTUSD", "bitmex", "unclear"), ("BTCUSDT", "binance-futures", "unclear"),
  ]) func aSwapIsNeverTakenForSpot(_ symbol: String, _ exchange: String?, _ expected: String) {
    let found =
      switch InstrumentGuess(symbol, exchange: exchange) {
      case .is(let kind): "\(kind)"
      case .unclear: "unclear"
      }
    #expect(found == expected)
  }

  @Test func namesHaveOneRule() {
    for text in ["BTCUSDT", "BTC-USD", "a", "1INCH_x.y", String(repeating: "x", count: 31)] {
      #expect(NameRule.symbol.accepts(text), "\(text)")
    }
    for text in ["", "-BTC", ".x", "BTC USD", "BTC/USD", "Ä", String(repeating: "x", count: 32)] {
      #expect(!NameRule.symbol.accepts(text), "\(text)")
    }
  }

  @Test(arguments: [
    ("isParked", "PARKED"), ("openOrders", "OPEN ORDERS"), ("name", "NAME"), ("island", "ISLAND"),
  ]) func columnsAreHeadedInWords(_ key: String, _ heading: String) {
    #expect(RecoveryText.heading(key) == heading)
  }
}
