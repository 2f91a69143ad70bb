import Market
import Performance
import PluginABI
import PluginBridge
import TestSupport
import Testing

@Suite struct TradeLedgerTests {
  @Test func aRoundTripHasItsPricesFeesAndTime() throws {
    var scenario = LedgerScenario()
    scenario.fill("buy 2 @ 100 fee 0.2")
    scenario.mark("90")
    scenario.mark("130")
    scenario.fill("sell 2 @ 110 fee 0.3")
    let trade = try #require(scenario.ledger.trades.first)
    #expect(scenario.ledger.trades.count == 1 && trade.side == .buy && trade.slot == 1)
    #expect(trade.entryPrice == scenario.price("100") && trade.exitPrice == scenario.price("110"))
    #expect(trade.quantity.mantissa == 20_000 && trade.fills == 2)
    #expect(trade.gross.amount == "20" && trade.fees.amount == "0.5")
    #expect(trade.net.amount == "19.5" && trade.worth.amount == "200")
    #expect(trade.returned == 0.0975 && trade.profit == 19.5)
    #expect(trade.adverse.amount == "-20" && trade.favourable.amount == "60")
    #expect(trade.held == .seconds(60) && trade.bars == 1)
    #expect(scenario.ledger.openTrades == 0)
  }

  @Test func aShortGainsWhenThePriceFalls() throws {
    var scenario = LedgerScenario()
    scenario.fill("sell 1 @ 100 fee 0.1")
    scenario.mark("120")
    scenario.fill("buy 1 @ 80 fee 0.1")
    let trade = try #require(scenario.ledger.trades.first)
    #expect(trade.side == .sell && trade.net.amount == "19.8")
    #expect(trade.entryPrice == scenario.price("100") && trade.exitPrice == scenario.price("80"))
    #expect(trade.adverse.amount == "-20" && trade.favourable.amount == "20")
  }

  @Test func fromFlatToFlatPartsBelongToOneTrade() throws {
    var scenario = LedgerScenario()
    scenario.fill("buy 1 @ 100 fee 1")
    scenario.fill("buy 1 @ 110 fee 1")
    scenario.fill("sell 0.5 @ 120 fee 1")
    #expect(scenario.ledger.trades.isEmpty)
    scenario.fill("sell 1.5 @ 100 fee 1")
    let trade = try #require(scenario.ledger.trades.first)
    // Average 105: 0.5 * 15 - 1.5 * 5.
    #expect(trade.gross.amount == "0" && trade.net.amount == "-4" && trade.fills == 4)
    #expect(trade.entryPrice == scenario.price("105") && trade.exitPrice == scenario.price("105"))
    #expect(trade.quantity.mantissa == 20_000)
  }

  @Test func everyCloseTakesItsPartByAverageCost() {
    var scenario = LedgerScenario(counting: .everyClose)
    scenario.fill("buy 1 @ 100 fee 1")
    scenario.fill("buy 1 @ 110 fee 1")
    scenario.fill("sell 0.5 @ 120 fee 1")
    scenario.fill("sell 1.5 @ 100 fee 1")
    let trades = scenario.ledger.trades
    #expect(trades.map(\.gross.amount) == ["7.5", "-7.5"])
    #expect(trades.map(\.fees.amount) == ["1.5", "2.5"])
    #expect(trades.map(\.entryPrice) == [scenario.price("105"), scenario.price("105")])
    #expect(trades.map(\.exitPrice) == [scenario.price("120"), scenario.price("100")])
  }

  @Test func aFlipEndsOneTradeAndBeginsAnother() {
    var scenario = LedgerScenario()
    scenario.fill("buy 1 @ 100")
    scenario.fill("sell 3 @ 110 fee 0.3")
    #expect(scenario.ledger.trades.map(\.net.amount) == ["9.9"])
    #expect(scenario.ledger.quantity(slot: 1, scenario.instrument.id) == -20_000)
    scenario.fill("buy 2 @ 100")
    #expect(scenario.ledger.trades.map(\.net.amount) == ["9.9", "19.8"])
    #expect(scenario.ledger.trades.map(\.side) == [.buy, .sell])
  }

  @Test func slotsInstrumentsAndLegsStandApart() {
    var scenario = LedgerScenario()
    scenario.fill("buy 1 @ 100 by 1")
    scenario.fill("sell 1 @ 105 by 2")
    scenario.fill("buy 1 @ 100 by 1 of 1")
    scenario.fill("buy 1 @ 100 by 3 leg long")
    scenario.fill("sell 1 @ 100 by 3 leg short")
    #expect(scenario.ledger.trades.isEmpty && scenario.ledger.openTrades == 5)
    scenario.mark("50", of: 1)
    scenario.fill("sell 1 @ 101 by 1")
    scenario.fill("sell 1 @ 102 by 1 of 1")
    scenario.fill("buy 1 @ 102 by 2")
    #expect(scenario.ledger.trades.map(\.net.amount) == ["1", "2", "3"])
    #expect(scenario.ledger.trades.map(\.adverse.amount) == ["0", "-50", "0"])
    #expect(scenario.ledger.totals(slot: 1).net == 3 && scenario.ledger.totals(slot: 2).net == 3)
    #expect(scenario.ledger.totals(InstrumentID(rawValue: 1)).net == 2)
    #expect(scenario.ledger.totals.net == 6 && scenario.ledger.openTrades == 2)
  }

  @Test func feesInOtherAssetsAreConverted() throws {
    var scenario = LedgerScenario()
    scenario.fill("buy 1 @ 100 fee 0.001 in coins")
    scenario.fill("sell 1 @ 100 fee 2 in points")
    // The base's worth is the fill's price; of points nothing is known.
    #expect(scenario.ledger.trades.map(\.fees.amount) == ["0.1"])
    #expect(scenario.ledger.execution.unrated == 1)
    scenario.ledger.setRate(of: LedgerScenario.points, 0.25)
    scenario.fill("buy 1 @ 100 fee 2 in points")
    scenario.fill("sell 1 @ 100")
    #expect(scenario.ledger.trades.last?.fees.amount == "0.5")
    #expect(scenario.ledger.execution.fees == 0.1 + 0.5)
  }

  @Test func slippageIsHeldAgainstTheMidOfTheDecision() throws {
    var scenario = LedgerScenario()
    scenario.fill("buy 2 @ 101 mid 100")
    scenario.fill("sell 2 @ 100 mid 100.5")
    scenario.fill("buy 1 @ 100")
    let execution = scenario.ledger.execution
    #expect(scenario.ledger.trades.first?.slippage.amount == "3")
    #expect(execution.slippage == 3 && execution.measuredTurnover == 402)
    #expect(execution.turnover == 502 && execution.slippageRate == 3.0 / 402)
  }

  @Test func makersAreCounted() {
    var scenario = LedgerScenario()
    scenario.fill("buy 1 @ 300 maker true")
    scenario.fill("sell 1 @ 100")
    #expect(scenario.ledger.execution.makerShare == 0.75)
  }

  @Test func fundingBelongsToTheOpenTrade() {
    var scenario = LedgerScenario(kind: .perpetual)
    let payment = Money(units: -5_000_000_000_000_000, asset: LedgerScenario.dollars)
    let whileFlat = scenario.ledger.fund(slot: 1, scenario.instrument.id, payment)
    scenario.fill("buy 1 @ 100")
    let whileHeld = scenario.ledger.fund(slot: 1, scenario.instrument.id, payment)
    #expect(!whileFlat && whileHeld)
    scenario.fill("sell 1 @ 100")
    #expect(scenario.ledger.trades.map(\.net.amount) == ["-0.5"])
  }

  @Test func anInverseContractIsWorthItsBase() throws {
    var scenario = LedgerScenario(kind: .inverse)
    scenario.fill("buy 100 @ 100 fee 0 in coins")
    scenario.fill("sell 100 @ 125 fee 0 in coins")
    let trade = try #require(scenario.ledger.trades.first)
    #expect(trade.net.amount == "0.2" && trade.entryPrice == scenario.price("100"))
    #expect(trade.exitPrice == scenario.price("125") && trade.returned == 0.2)
  }

  @Test func whatCannotBeCountedIsRefused() {
    var scenario = LedgerScenario()
    var answers = ["by 4", "of 2", "of 3"].map { scenario.fill("buy 1 @ 100 \($0)") }
    answers.append(scenario.fill("buy 0 @ 100"))
    var (fill, _) = scenario.record("buy 1 @ 100")
    fill.side = 7
    answers.append(withUnsafePointer(to: fill) { scenario.ledger.add($0) })
    (fill.side, fill.qty, fill.px) = (1, .max, .max)
    answers.append(withUnsafePointer(to: fill) { scenario.ledger.add($0) })
    #expect(
      answers == [
        .unknownSlot, .unknownInstrument, .unknownInstrument, .noQuantity, .noSide,
        .notRepresentable,
      ])
    #expect(scenario.ledger.refused == 6 && scenario.ledger.execution.fills == 0)
  }

  @Test func furtherTradesAreInTheTotalsAlone() {
    var scenario = LedgerScenario(tradesMax: 2)
    for _ in 0..<5 {
      scenario.fill("buy 1 @ 100")
      scenario.fill("sell 1 @ 101")
    }
    #expect(scenario.ledger.trades.count == 2 && scenario.ledger.tradesNotKept == 3)
    #expect(scenario.ledger.totals.count == 5 && scenario.ledger.totals.net == 5)
  }

  @Test func totalsSayWhatTradesSay() throws {
    var scenario = LedgerScenario()
    for (entry, exit) in [(100, 110), (100, 105), (100, 90), (100, 100), (100, 95), (100, 98)] {
      scenario.fill("buy 1 @ \(entry)")
      scenario.fill("sell 1 @ \(exit)")
    }
    let totals = scenario.ledger.totals
    #expect(totals.count == 6 && totals.wins == 2 && totals.losses == 3)
    #expect(totals.net == -2 && totals.profitFactor == 15.0 / 17)
    #expect(totals.expectancy == -2.0 / 6 && totals.winRate == 2.0 / 6)
    #expect(totals.averageWin == 7.5 && totals.averageLoss == -17.0 / 3)
    #expect(isNear(totals.payoff, 7.5 * 3 / 17))
    #expect(totals.best == 10 && totals.worst == -10)
    #expect(totals.longestWinStreak == 2 && totals.longestLossStreak == 2)
    #expect(totals.averageHeld == .seconds(60))
    #expect(TradeTotals(scenario.ledger.trades) == totals)
  }
}
