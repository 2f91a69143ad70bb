import JSON
import Market
import Performance
import PluginABI
import PluginBridge
import Testing

/// The same value for other programs.
@Suite struct ReportDataTests {
  @Test func jsonHoldsTheFiguresUnderTheirUsualKeys() throws {
    let report = ReportFixture.report()
    let json = try JSONValue.parse(report.json().text(), limits: JSONLimits(bytesMax: 1 << 24))
    let summary = try #require(json["summary"])
    for key in [
      "total_return", "annual_return", "annual_volatility", "sharpe_ratio", "sortino_ratio",
      "max_drawdown", "win_rate", "profit_factor", "total_trades",
    ] {
      #expect(summary[key]?.double != nil, "\(key)")
    }
    #expect(summary["total_return"]?.double == report.summary.totalReturn)
    #expect(summary["total_trades"]?.integer == 60)
    #expect(json["equity"]?.elements?.count == 500 && json["trades"]?.elements?.count == 60)
    #expect(json["trades"]?[0]?["entryPrice"]?.string != nil)
    #expect(json["monteCarlo"]?[0]?["result"]?["bands"]?.elements?.count == 5)
    #expect(json["sweep"]?["values"]?[1]?[1]?.kindName == "null")
    #expect(json["walkForward"]?.elements?.count == 2 && json["title"]?.string == report.title)
  }

  @Test func longListsAreThinnedAndTheEndIsKept() throws {
    let report = ReportFixture.report()
    let json = report.json(pointsMax: 100, tradesMax: 10)
    let points = try #require(json["equity"]?.elements)
    #expect(points.count <= 101 && points.count >= 100)
    #expect(points.last?["equity"]?.double == report.curve.equity.last)
    #expect(json["trades"]?.elements?.count == 10)
    #expect(report.json(pointsMax: nil)["equity"]?.elements?.count == 500)
  }

  private func lines(_ names: ReportNames, _ write: (CSVReport) -> Void) -> [String] {
    var text = ""
    write(CSVReport(names) { text += $0 })
    return text.split(separator: "\r\n", omittingEmptySubsequences: false).dropLast().map(
      String.init)
  }

  @Test func equityIsATable() {
    let report = ReportFixture.report(days: 3, name: "a")
    let rows = lines(report.names) { $0.equity(report.curve) }
    #expect(rows.count == 4 && rows[0] == CSVReport.equityHeader)
    #expect(rows[1] == "2020-09-13T12:26:40.000Z,100000.0,20000.0,80000.0,50000.0,0.0,100.0")
  }

  @Test func tradesAreExactDecimals() {
    var scenario = LedgerScenario()
    scenario.fill("buy 2 @ 100.5 fee 0.2 mid 100.4")
    scenario.fill("sell 2 @ 110 fee 0.3")
    var names = ReportNames(slots: ["", "alpha, \"beta\""])
    names.set(scenario.instrument, symbol: "=BTC")
    let rows = lines(names) { $0.trades(scenario.ledger.trades) }
    #expect(rows[0] == CSVReport.tradesHeader)
    #expect(
      rows[1]
        == "\"alpha, \"\"beta\"\"\",'=BTC,long,1970-01-01T00:00:01.000Z,1970-01-01T00:01:01.000Z,"
        + "100.50,110.00,2,19,0.5,0,18.5,0.09203980099502487,60.0,0,19,0.2,2")
    let columns = rows[0].split(separator: ",").count
    #expect(columns == 18)
  }

  @Test func fillsAndOrdersFollowAsTheyCome() {
    var scenario = LedgerScenario()
    scenario.fill("buy 2 @ 100.5 fee 0.25")
    var names = ReportNames(slots: ["host", "sma"])
    names.set(scenario.instrument, symbol: "BTC-USD")
    let fill = scenario.records[0]
    var order = keel_ev_order()
    order.h = keel_event(
      KEEL_EV_ORDER, of: keel_ev_order.self, instrument: scenario.instrument.id,
      time: Timestamp(nanoseconds: 0))
    order.h.source = 1
    (order.order_id, order.intent_id, order.qty, order.filled) = (7, 8, 20_000, 5_000)
    (order.limit, order.trigger) = (10_050, KEEL_NULL)
    (order.state, order.side, order.order_type) = (3, 1, 2)
    let rows = lines(names) { report in
      report.beginFills()
      withUnsafePointer(to: fill) { report.fill($0) }
      report.beginOrders()
      withUnsafePointer(to: order) {
        report.order($0, sent: Timestamp(nanoseconds: -1_000_000_000), reason: "noLiquidity")
      }
      withUnsafePointer(to: order) { report.order($0, sent: nil, reason: "") }
    }
    #expect(
      rows == [
        CSVReport.fillsHeader, "1970-01-01T00:00:01.000Z,sma,BTC-USD,0,buy,100.50,2,taker,0.25,",
        CSVReport.ordersHeader,
        "1969-12-31T23:59:59.000Z,1970-01-01T00:00:00.000Z,sma,BTC-USD,7,8,partiallyFilled,buy,"
          + "limit,2,0.5,100.50,,noLiquidity",
        ",1970-01-01T00:00:00.000Z,sma,BTC-USD,7,8,partiallyFilled,buy,limit,2,0.5,100.50,,",
      ])
  }
}
