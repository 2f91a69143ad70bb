import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import MarketFiles

/// What the files of vendors say, by small files of the same form with numbers of our own.
@Suite struct LayoutTests {
  let bench = ImportBench()
  private let minute: Int64 = 60_000_000_000

  @Test func barsAreStampedAtTheirClose() throws {
    let text =
      "timestamp_ms,open,high,low,close,volume\n"
      + "1700000040000,1,2,0.5,1.5,10\n1700000100000,1.5,1.5,1.5,1.5,0\n"
      + "1700000340000,2,2,2,2,1\n"
    let bars = try bench.read([text]).bars
    #expect(bars.map(\.h.ts_recv) == [100, 160, 400].map { (1_700_000_000 + $0) * 1_000_000_000 })
    #expect(bars.allSatisfy { $0.interval == minute && $0.h.ts_venue == $0.h.ts_recv })
    #expect(bars[0].open == 100 && bars[0].high == 200 && bars[0].low == 50)
    #expect(bars[0].close == 150 && bars[0].volume == 10_000)
    let one = "timestamp_ms,open,high,low,close,volume\n1700000040000,1,2,0.5,1.5,10\n"
    #expect(try bench.refusal(one).contains("one bar alone does not say"))
    #expect(
      try bench.refusal(text + "1700000400000,2,1,2,2,1\n")
        == ", line 5: its high and low do not enclose its open and close")
  }

  @Test func aStatedLengthThatTheRowsContradictIsRefused() throws {
    var options = MarketFileOptions()
    options.interval = 5 * minute
    let minutes =
      "timestamp_ms,open,high,low,close,volume\n1700000040000,1,1,1,1,1\n1700000100000,1,1,1,1,1\n"
    #expect(
      try bench.refusal(minutes, options).contains(
        "its rows are 1m apart, and --interval says 5m"))
    let kline = "1700000040000,1,2,0.5,1.5,10,1700000099999,15.1,7,5.0,7.5,0\n"
    #expect(try bench.refusal(kline, options).contains("close 1m after they open"))
    // Bars may be missing between two rows, and one alone says nothing.
    options.interval = minute / 2
    #expect(try bench.read([minutes], options).bars.map(\.interval) == [minute / 2, minute / 2])
    options.interval = minute
    #expect(try bench.read([kline], options).bars.map(\.interval) == [minute])
    let one = "timestamp_ms,open,high,low,close,volume\n1700000040000,1,2,0.5,1.5,10\n"
    #expect(try bench.read([one], options).bars.map(\.interval) == [minute])
  }

  @Test func barsOfBidAndAskAreQuotesWhereColumnsSaySo() throws {
    let text =
      "timestamp,bid_open,bid_high,bid_low,bid_close,ask_open,ask_high,ask_low,ask_close\n"
      + "1700000040000,1,2,1,2,3,4,3,4\n"
    let refusal = try bench.refusal(text)
    #expect(refusal.contains("bars of bid and ask are no record of keel"))
    // What the remedy says works.
    let path = try bench.folder.write("quotebars.csv", Array(text.utf8))
    let error = #expect(throws: MarketFileError.self) {
      try MarketFile(path: path, MarketFileOptions())
    }
    #expect(error?.remedy.hasSuffix("--columns time=timestamp,bid=bid_open,ask=ask_open") == true)
    var options = MarketFileOptions()
    options.columns = [(.time, "timestamp"), (.bid, "bid_open"), (.ask, "ask_open")]
    let quotes = try bench.read([text], options).quotes
    #expect(quotes.map(\.bid) == [100] && quotes.map(\.ask) == [300])
  }

  @Test func sumsOfDepthAreNoBook() throws {
    let text = "timestamp,percentage,depth,notional\n2024-01-01 00:00:09,-5,12.5,500000\n"
    #expect(try bench.refusal(text).contains("bookDepth is no book"))
  }

  @Test func aFileWithoutRowsMakesNoTape() throws {
    let header = "time,price,qty\n"
    #expect(try bench.refusal(header).contains("no row follows it"))
    var options = MarketFileOptions()
    options.skipsWrongRows = true
    #expect(
      try bench.refusal(header + "x,y,z\n", options).contains("all of its rows are wrong: 1"))
    // One of several may be of a day without trades.
    #expect(try bench.read([header, header + "1700000001,1,1\n"]).trades.count == 1)
  }

  @Test(arguments: [("1700000040000", "1700000099999"), ("1700000040000000", "1700000099999999")])
  func klinesOfBothUnits(_ open: String, _ close: String) throws {
    let row = "\(open),1.00,2.00,0.50,1.50,10.00000000,\(close),15.1,7,5.0,7.5,0\n"
    let bars = try bench.read([row]).bars
    #expect(bars.map(\.h.ts_recv) == [1_700_000_100_000_000_000])
    #expect(bars.map(\.interval) == [minute])
  }

  @Test func tradesOfBinance() throws {
    for text in [
      "12,100.5,2,201,1700000000000,True,True\n13,100.5,1,100.5,1700000000001,False,True\n",
      "id,price,qty,quote_qty,time,is_buyer_maker\n12,100.5,2,201,1700000000000,true\n"
        + "13,100.5,1,100.5,1700000000001,false\n",
      "12,100.5,2,5,6,1700000000000,true,true\n13,100.5,1,7,7,1700000000001,false,true\n",
      "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
        + "12,100.5,2,5,6,1700000000000,true\n13,100.5,1,7,7,1700000000001,false\n",
    ] {
      let trades = try bench.read([text]).trades
      #expect(trades.map(\.trade_id) == [12, 13], "\(text)")
      #expect(trades.map { Int($0.side) } == [KEEL_SELL, KEEL_BUY])
      #expect(trades.map(\.px) == [10_050, 10_050] && trades.map(\.qty) == [2000, 1000])
    }
  }

  @Test func quotesWithBothClocksAndAnEmptySide() throws {
    let text =
      "exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,"
      + "bid_amount\nx,BTC,1700000000000000,1700000000000500,3,101,100,2\n"
      + "x,BTC,1700000000000100,1700000000000600,,,100,2\n"
    let quotes = try bench.read([text]).quotes
    #expect(quotes.map(\.h.ts_venue) == [1_700_000_000_000_000_000, 1_700_000_000_000_100_000])
    #expect(quotes.map(\.h.ts_recv) == [1_700_000_000_000_500_000, 1_700_000_000_000_600_000])
    #expect(quotes.map(\.ask) == [10_100, KEEL_NULL] && quotes.map(\.ask_qty) == [3_000, 0])
    let ticker =
      "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,"
      + "transaction_time,event_time\n9,1,2,3,4,1700000000000,1700000000005\n"
    #expect(try bench.read([ticker]).quotes.map(\.venue_seq) == [9])
    let mixed = text + "x,ETH,1700000000000100,1700000000000700,1,1,1,1\n"
    #expect(try bench.refusal(mixed).contains("'ETH' in a file of 'BTC'"))
  }

  /// Levels as "action price quantity", a slash behind the last of a message.
  private func words(_ levels: [keel_ev_book]) -> String {
    levels.map { level in
      let names = ["set", "delete", "clear", "none"]
      let snapshot = Int(level.h.flags) & KEEL_EVF_SNAPSHOT != 0 ? "*" : ""
      let last = Int(level.h.flags) & KEEL_EVF_LAST != 0 ? "/" : ""
      return "\(names[Int(level.action)])\(snapshot) \(level.px) \(level.qty)\(last)"
    }.joined(separator: ", ")
  }

  @Test func booksOfTardisBecomeMessages() throws {
    let text =
      "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"
      + "x,B,1700000000000000,1700000000000001,true,ask,101,1\n"
      + "x,B,1700000000000000,1700000000000001,true,bid,100,2\n"
      + "x,B,1700000000000000,1700000000000001,true,bid,99,0\n"
      + "x,B,1700000000000100,1700000000000101,false,bid,100,0\n"
      + "x,B,1700000000000100,1700000000000101,false,bid,99,4\n"
      + "x,B,1700000000000200,1700000000000201,false,ask,101,5\n"
    let levels = try bench.read([text]).levels
    #expect(
      words(levels)
        == "clear* 0 0, set* 10100 1000, set* 10000 2000/, delete 10000 0, set 9900 4000/, "
        + "set 10100 5000/")
    #expect(Set(levels.map(\.venue_seq)) == [0])
    var options = MarketFileOptions()
    options.skipsWrongRows = true
    let torn = text.replacing("false,bid,100,0", with: "false,bid,100,x")
    let records = try bench.read([torn], options).records
    #expect(records.map(\.type) == [4, 4, 4, KEEL_EV_GAP, 4, 4])
  }

  @Test func depthOfBinanceIsInSequence() throws {
    let snapshot =
      "symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\n"
      + "B,1700000000000,50,50,b,snap,100,1,-1\nB,1700000000000,50,50,a,snap,101,1,-1\n"
    let updates =
      "symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu\n"
      + "B,1700000000100,49,52,a,set,101,0.000,48\nB,1700000000100,49,52,a,set,102,3,48\n"
      + "B,1700000000200,53,53,b,set,100,2,52\n"
    let levels = try bench.read([updates, snapshot]).levels
    #expect(levels.map(\.venue_seq) == [50, 50, 50, 52, 52, 53])
    #expect(levels.map(\.venue_seq_prev) == [0, 0, 0, 48, 48, 52])
    #expect(
      words(levels)
        == "clear* 0 0, set* 10000 1000, set* 10100 1000/, delete 10100 0, set 10200 3000/, "
        + "set 10000 2000/")
  }

  @Test func wholeBooksEachRow() throws {
    let text =
      "timestamp,local_timestamp,asks[0].price,asks[0].amount,bids[0].price,"
      + "bids[0].amount,asks[1].price,asks[1].amount,bids[1].price,bids[1].amount\n"
      + "1700000000000000,1700000000000001,101,1,100,2,102,3,,\n"
    #expect(
      words(try bench.read([text]).levels)
        == "clear* 0 0, set* 10000 2000, set* 10100 1000, set* 10200 3000/")
  }

  @Test func fundingAndColumnsOfOnesOwn() throws {
    let funding = try bench.read(["timestamp_ms,funding_rate\n1700000000000,-0.0001\n"])
      .all(keel_ev_funding.self)
    #expect(funding.map(\.rate) == [-100_000_000] && funding.map(\.rate_exp) == [-12])
    #expect(funding[0].due == 1_700_000_000_000_000_000 && funding[0].mark == KEEL_NULL)
    var options = MarketFileOptions()
    options.columns = [(.time, "When"), (.price, "3"), (.quantity, "n")]
    let text = "n,When,px\n2,1700000000,5\n"
    #expect(try bench.read([text], options).trades.map(\.px) == [500])
    options.columns = [(.time, "Wen"), (.price, "3"), (.quantity, "n")]
    #expect(try bench.refusal(text, options).contains("there is no column \"Wen\" for time"))
    options.columns = [(.time, "1"), (.bid, "2"), (.ask, "3")]
    #expect(try bench.read(["1700000000,5,6\n"], options).quotes.map(\.ask) == [600])
    #expect(try bench.refusal("1700000000,5,6\n").contains("could be trades or quotes"))
  }

  @Test func filesAreMergedByTimeThenByTheirOrder() throws {
    let a = "time,price,qty\n1700000001,1,1\n1700000002,1,2\n1700000002,1,3\n1700000009,1,4\n"
    let b = "time,price,qty\n1700000000,1,5\n1700000002,1,6\n1700000003,1,7\n"
    let c = "time,price,qty\n1700000020,1,8\n"
    let merged = try bench.read([a, b, c]).trades.map { $0.qty / 1000 }
    #expect(merged == [5, 1, 2, 3, 6, 7, 4, 8])
    #expect(try bench.read([c, b, a]).trades.map { $0.qty / 1000 } == [5, 1, 6, 2, 3, 7, 4, 8])
  }

  @Test func theFinestDigitsAreFound() throws {
    let path = try bench.folder.write(
      "f.csv", Array("time,price,qty\n1700000000,1.2500,3\n1700000001,7,0.00010\nx,y,z\n".utf8))
    let finest = try MarketFile(path: path, MarketFileOptions()).finestDecimals()
    #expect(finest.price == 2 && finest.quantity == 4)
  }
}
