import Kernel

/// What risk says, as text: for every check both sides of it. `may` asks and changes nothing.
struct RiskRow: Sendable, CustomStringConvertible {
  let name: String
  let limits: [LimitChange]
  let text: String

  var description: String { name }

  init(_ name: String, _ text: String) { self.init(name, [], text) }

  init(_ name: String, _ limits: [LimitChange], _ text: String) {
    self.name = name
    self.limits = limits
    self.text = text
  }

  private static func worth(_ key: LimitKey, _ whole: Int64, _ scope: LimitScope = .all)
    -> LimitChange
  {
    LimitChange(key, scope, whole * 1_000_000)
  }
  private static func limit(_ key: LimitKey, _ value: Int64, _ scope: LimitScope = .all)
    -> LimitChange
  {
    LimitChange(key, scope, value)
  }
  /// One limit that is measured as a share of an equity of 1000, at one half.
  private static func half(_ key: LimitKey, _ scope: LimitScope = .all) -> [LimitChange] {
    [LimitChange(key, scope, 500_000)]
  }
  private static let crypto = LimitScope.assetClass(1)

  static let all: [RiskRow] = order + market + pace + day + portfolio + money + reductions

  private static let order: [RiskRow] = [
    RiskRow(
      "trading halted",
      """
      quote P 100x5|100x5 ; buy P 5x100 ; fill #1 5x100
      trading halted ; may buy P 1x100 -> refused tradingHalted
      may sell P 1 -> refused tradingHalted
      trading active, trading halted 2 ; may buy P 1x100 -> yes
      may buy P 1x100 slot=2 -> refused tradingHalted
      """),
    RiskRow(
      "ticks",
      """
      quote C 495x10|505x10 ; may buy C 20x500 -> yes ; may buy C 20x501 -> refused offTick 501/5
      may buy C 20x0 -> refused offTick 0/5
      """),
    RiskRow(
      "lots and least sizes",
      """
      quote C 495x10|505x10 ; may buy C 25x500 -> refused offLot 25/10
      may buy C 10x500 -> refused belowMinimum 10/20 ; may buy C 20x250 -> yes
      may buy C 20x245 -> refused belowNotional 4900/5000
      """),
    RiskRow(
      "a trigger where the type has one",
      """
      quote C 495x10|505x10 ; may buy C 20 type=3 trigger=510 -> yes
      may buy C 20 type=3 -> refused trigger
      may buy C 20 type=3 trigger=511 -> refused trigger 511/5
      may buy C 20x500 trigger=510 -> refused trigger 510/5
      """),
    RiskRow(
      "time in force",
      """
      quote P 99x5|101x5 ; may buy P 1x100 post -> yes
      may buy P 1x100 post ioc -> refused timeInForce ; may buy P 1 post -> refused timeInForce
      may buy P 1x100 tif=3 post -> refused timeInForce ; may buy P 1x100 tif=3 -> yes
      may buy P 1x100 tif=4 -> refused timeInForce
      may buy P 1x100 tif=4 expires=1000 -> refused timeInForce 1000/1000
      may buy P 1x100 tif=4 expires=1001 -> yes
      may buy P 1x100 expires=1001 -> refused timeInForce
      """),
    RiskRow(
      "expiry",
      """
      wait 999, quote E 100x5|100x5 ; may buy E 1x100 -> yes
      wait 1, quote E 100x5|100x5 ; may buy E 1x100 -> refused expired 2000/2000
      """),
    RiskRow(
      "size in lots", [limit(.orderLots, 10)],
      """
      quote C 500x5|500x5, quote P 100x5|100x5
      may buy C 100x500 -> yes ; may buy C 110x500 -> refused orderQuantity 11/10
      may buy P 10x100 -> yes ; may buy P 11x100 -> refused orderQuantity 11/10
      """),
    RiskRow(
      "worth of an order", [worth(.orderWorth, 1_000), worth(.orderWorth, 500, .slot(2))],
      """
      quote P 99x5|101x5 ; may buy P 10x100 -> yes
      may buy P 11x100 -> refused orderNotional 1100/1000
      may sell P 11x1 -> refused orderNotional 1100/1000
      may buy P 5x100 slot=2 -> yes ; may buy P 6x100 slot=2 -> refused orderNotional 600/500
      """),
    RiskRow(
      "worth is exact", [LimitChange(.orderWorth, .all, 10_000_000)],
      """
      quote F 100000000x5|100000000x5
      may buy F 10000000000x100000000 -> yes
      may buy F 10000000001x100000000 -> refused orderNotional 10.000001/10
      """),
  ]

  private static let market: [RiskRow] = [
    RiskRow(
      "an instrument that is halted",
      """
      quote P 99x5|101x5 ; halt P ; may buy P 1x100 -> refused halted
      resume P ; may buy P 1 -> yes
      """
    ),
    RiskRow("no price", "may buy P 1x100 -> refused staleData"),
    RiskRow(
      "an old price", [limit(.dataAge, 10), limit(.dataAge, 5, .slot(2))],
      """
      quote P 99x5|101x5 ; wait 10, deposit 2 1 ; may buy P 1x100 -> yes
      may buy P 1x100 slot=2 -> refused staleData 10/5
      wait 1, deposit 2 1 ; may buy P 1x100 -> refused staleData 11/10
      """),
    RiskRow(
      "a gap in the book",
      "quote P 99x5|101x5 ; may buy P 1x100 -> yes ; may buy P 1x100 gapped -> refused gappedData"),
    RiskRow(
      "post-only meets the other side",
      """
      quote P 99x5|101x5 ; may buy P 1x100 post -> yes ; may sell P 1x100 post -> yes
      may buy P 1x101 post -> refused wouldCross 101/101
      may sell P 1x99 post -> refused wouldCross 99/99
      """),
    RiskRow(
      "a limit beyond the collar", [limit(.priceCollar, 50_000)],
      """
      quote P 99x5|101x5 ; may buy P 1x105 -> yes ; may buy P 1x106 -> refused priceCollar 106/100
      may sell P 1x95 -> yes ; may sell P 1x94 -> refused priceCollar 94/100
      """),
    RiskRow(
      "a market order in a thin book", [limit(.priceCollar, 50_000)],
      """
      quote P 95x5|105x5 ; may buy P 1 -> yes ; may sell P 1 -> yes
      quote P 94x5|106x5 ; may buy P 1 -> refused priceCollar 106/100
      may sell P 1 -> refused priceCollar 94/100
      """),
    RiskRow(
      "the venue refuses again and again",
      [limit(.breakerRejects, 2), limit(.breakerTime, 100), limit(.breakerPause, 50)],
      """
      quote P 100x5|100x5 ; buy P 1x100 ; rejected #1 ; wait 101, buy P 1x100 ; rejected #2
      may buy P 1x100 -> yes
      wait 99, buy P 1x100 ; rejected #3 ; may buy P 1x100 -> refused circuitBreaker
      may buy P 1x100 slot=2 -> yes ; wait 49, deposit 2 1
      may buy P 1x100 -> refused circuitBreaker ; wait 1, deposit 2 1
      buy P 1x100 -> submit #4 buy P 1x100 ; may buy P 1x100 -> refused circuitBreaker
      rejected #4 ; may buy P 1x100 -> refused circuitBreaker
      wait 50, buy P 1x100 -> submit #5 buy P 1x100 ; ack #5 ; may buy P 1x100 -> yes
      """),
    RiskRow(
      "a price jumps",
      [limit(.breakerMove, 100_000), limit(.breakerTime, 100), limit(.breakerPause, 50)],
      """
      quote P 100x5|100x5, quote X 100x5|100x5 ; quote P 109x5|109x5 ; may buy P 1x109 -> yes
      wait 10, quote P 110x5|110x5 ; may buy P 1x110 -> refused circuitBreaker ; may buy X 1 -> yes
      wait 49, quote P 111x5|111x5 ; may buy P 1x110 -> refused circuitBreaker
      wait 1, quote P 111x5|111x5 ; may buy P 1x110 -> yes
      buy P 1x110 -> submit #1 buy P 1x110 ; may buy P 1x110 -> refused circuitBreaker
      fill #1 1x110 ; may buy P 1x110 -> yes
      """),
    RiskRow(
      "own orders meet", [limit(.selfTrade, 1)],
      """
      quote P 99x5|101x5 ; 2.sell P 5x102 ; may buy P 1x101 -> yes
      may buy P 1x102 -> refused selfTrade 102/102 ; may buy P 1 -> refused selfTrade 100/102
      may sell P 1x90 -> yes ; may buy P 1 type=3 trigger=110 -> yes
      buy P 1x98 ; may sell P 1x98 slot=2 -> refused selfTrade 98/98 ; may sell P 1x99 slot=2 -> yes
      """),
  ]

  private static let pace: [RiskRow] = [
    RiskRow(
      "orders of a slot", [limit(.slotOrders, 2), limit(.rateTime, 100)],
      """
      quote P 100x5|100x5 ; buy P 1x100 ; may buy P 1x100 -> yes ; buy P 1x100
      may buy P 1x100 -> refused rateSlot 3/2 ; may buy P 1x100 slot=2 -> yes
      wait 49, deposit 2 1 ; may buy P 1x100 -> refused rateSlot 3/2
      wait 1, deposit 2 1 ; may buy P 1x100 -> yes
      """),
    RiskRow(
      "orders of an account", [limit(.accountOrders, 2), limit(.rateTime, 100)],
      """
      quote P 100x5|100x5 ; buy P 1x100 ; 2.buy P 1x100
      may buy P 1x100 -> refused rateAccount 3/2 ; wait 50, deposit 2 1 ; may buy P 1x100 -> yes
      """),
    RiskRow(
      "orders and cancels of a venue", [limit(.venueOrders, 2), limit(.rateTime, 100)],
      """
      quote P 100x5|100x5 ; buy P 1x100 ; may buy P 1x100 -> yes ; cancel #1 -> cancel #1
      may buy P 1x100 -> refused rateVenue 3/2 ; wait 50, deposit 2 1 ; may buy P 1x100 -> yes
      """),
    RiskRow(
      "the same order again", [limit(.duplicateTime, 50)],
      """
      quote P 100x5|100x5 ; buy P 1x100 ; may buy P 1x100 -> refused duplicateOrder
      may buy P 1x99 -> yes ; may buy P 2x100 -> yes ; may sell P 1x100 -> yes
      may buy P 1 -> yes ; may buy P 1x100 slot=2 -> yes ; wait 49, deposit 2 1
      may buy P 1x100 -> refused duplicateOrder ; wait 1, deposit 2 1 ; may buy P 1x100 -> yes
      """),
  ]

  private static let day: [RiskRow] = [
    RiskRow(
      "entries in a day", [limit(.dailyTrades, 2)],
      """
      quote P 100x5|100x5 ; buy P 1x100 ; fill #1 1x100 ; sell P 1x100 ; fill #2 1x100
      may buy P 1x100 -> yes ; 2.buy P 1x100 ; may buy P 1x100 -> refused dailyTrades 2/2
      wait 86399999998000, quote P 100x5|100x5 ; may buy P 1x100 -> refused dailyTrades 2/2
      wait 1000, quote P 100x5|100x5 ; may buy P 1x100 -> yes
      """),
    RiskRow(
      "entries of a slot in a day", [limit(.dailyTrades, 1, .slot(1))],
      """
      quote P 100x5|100x5 ; 2.buy P 1x100 ; may buy P 1x100 -> yes ; buy P 1x100
      may buy P 1x100 -> refused dailyTrades 1/1 ; may buy P 1x100 slot=2 -> yes
      """),
    RiskRow(
      "loss in a day", [limit(.dailyLoss, 50_000)],
      """
      deposit 2 1000, quote P 100x5|100x5 ; buy P 5x100 ; fill #1 5x100
      quote P 91x5|91x5 ; may buy P 1x91 -> yes
      quote P 90x5|90x5 ; may buy P 1x90 -> refused dailyLoss 50/50
      wait 86399999999000, quote P 90x5|90x5 ; may buy P 1x90 -> yes
      """),
    RiskRow(
      "loss of a slot in a day", [limit(.dailyLoss, 50_000, .slot(1))],
      """
      deposit 2 1000, quote P 100x5|100x5 ; buy P 5x100, 2.sell P 5x100
      fill #1 5x100, fill #2 5x100 ; quote P 91x5|91x5 ; may buy P 1x91 -> yes
      quote P 90x5|90x5 ; may buy P 1x90 -> refused dailyLoss 50/50 ; may buy P 9x90 slot=2 -> yes
      """),
    RiskRow(
      "the hard stop", [limit(.drawdownStop, 150_000)],
      """
      deposit 2 1000, quote P 100x5|100x5 ; buy P 5x100 ; fill #1 5x100
      quote P 140x5|140x5 ; quote P 105x5|105x5 ; may buy P 1x105 -> yes
      quote P 104x5|104x5 ; may buy P 1x104 -> refused drawdown 180/180
      deposit 2 -20 ; quote P 140x5|140x5 ; quote P 104x5|104x5
      may buy P 1x104 -> refused drawdown 180/177
      """),
    RiskRow(
      "the hard stop at equality", [limit(.drawdownStop, 150_000)],
      """
      deposit 2 1000, quote P 100x5|100x5 ; buy P 5x100 ; fill #1 5x100
      quote P 71x5|71x5 ; may buy P 1x71 -> yes
      quote P 70x5|70x5 ; may buy P 1x70 -> refused drawdown 150/150
      """),
    RiskRow(
      "sizes shrink with drawdown",
      [
        limit(.drawdownReduce, 100_000), limit(.drawdownStop, 150_000), worth(.orderWorth, 1_000),
      ],
      """
      deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5 ; buy P 5x100 ; fill #1 5x100
      quote P 80x5|80x5 ; may buy X 10x100 -> yes
      quote P 75x5|75x5 ; may buy X 5x100 -> yes
      may buy X 6x100 -> refused drawdownSize 600/500 ; size buy X 9x100 -> 5
      """),
    RiskRow(
      "positions shrink with drawdown",
      [
        limit(.drawdownReduce, 100_000), limit(.drawdownStop, 150_000),
        worth(.positionWorth, 1_000), limit(.equityShare, 800_000),
      ],
      """
      deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5 ; buy P 5x100 ; fill #1 5x100
      quote P 75x5|75x5 ; may buy X 3x100 -> yes
      may buy X 4x100 -> refused drawdownSize 400/350
      """),
  ]

  private static let portfolio: [RiskRow] = [
    RiskRow(
      "a sum beyond 64 bits",
      """
      quote P 1x1|1x1 ; buy P \(Int64.max)x1 ; may sell P \(Int64.max)x1 -> yes
      may buy P 1x1 -> refused positionLimit
      """),
    RiskRow(
      "a slot's position", [worth(.positionWorth, 500, .slot(1))],
      """
      quote P 100x5|100x5 ; buy P 2x100 ; may buy P 3x100 -> yes
      may buy P 4x100 -> refused positionLimit 600/500 ; may buy P 9x100 slot=2 -> yes
      """),
    RiskRow(
      "the account's position", [worth(.positionWorth, 1_000)],
      """
      quote P 100x5|100x5 ; 2.buy P 6x100 ; may buy P 4x100 -> yes
      may buy P 5x100 -> refused positionLimit 1100/1000 ; may sell P 10x100 -> yes
      may sell P 11x100 -> refused positionLimit 1100/1000
      """),
    RiskRow(
      "a slot's share of equity", half(.equityShare, .slot(1)),
      """
      deposit 2 1000, quote P 100x5|100x5 ; may buy P 5x100 -> yes
      may buy P 6x100 -> refused equityShare 600/500 ; may buy P 6x100 slot=2 -> yes
      """),
    RiskRow(
      "a position's share of equity", half(.equityShare),
      """
      deposit 2 1000, quote P 100x5|100x5 ; 2.buy P 3x100 ; may buy P 2x100 -> yes
      may buy P 3x100 -> refused equityShare 600/500
      """),
    RiskRow(
      "a position's share, by class", half(.classExposure, crypto),
      """
      deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5 ; may buy P 9x100 -> yes
      may buy X 5x100 -> yes ; may buy X 6x100 -> refused classExposure 600/500
      """),
    RiskRow(
      "all of a slot", half(.grossExposure, .slot(1)),
      """
      deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5 ; buy P 3x100, 2.buy X 5x100
      may sell X 2x100 -> yes ; may sell X 3x100 -> refused grossExposure 600/500
      may buy X 5x100 slot=2 -> yes
      """),
    RiskRow(
      "all of the account", half(.grossExposure),
      """
      deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5 ; 2.buy P 3x100 ; gross -> 300
      may sell X 2x100 -> yes ; may sell X 3x100 -> refused grossExposure 600/500
      """),
    RiskRow(
      "leverage", half(.leverage),
      """
      deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5 ; 2.buy P 3x100
      may sell X 2x100 -> yes ; may sell X 3x100 -> refused leverage 600/500
      """),
    RiskRow(
      "leverage of a class", half(.leverage, crypto),
      """
      deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5, quote Y 100x5|100x5
      2.buy X 3x100 ; may buy P 9x100 -> yes ; may sell Y 2x100 -> yes
      may sell Y 3x100 -> refused classLeverage 600/500
      """),
    RiskRow(
      "what moves together", half(.correlated),
      """
      deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5, quote Y 100x5|100x5
      2.buy X 3x100 ; may buy P 9x100 -> yes ; may sell Y 2x100 -> yes
      may sell Y 3x100 -> refused correlated 600/500
      """),
    RiskRow(
      "one sector", half(.sector),
      """
      deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5, quote Y 100x5|100x5
      2.buy X 3x100 ; may buy P 9x100 -> yes ; may sell Y 2x100 -> yes
      may sell Y 3x100 -> refused sector 600/500
      """),
    RiskRow(
      "risk of a trade",
      [
        limit(.tradeRisk, 20_000), limit(.tradeRisk, 10_000, .slot(2)),
        limit(.unprotectedLoss, 100_000),
      ],
      """
      deposit 2 1000, quote P 100x5|100x5 ; may buy P 2x100 -> yes
      may buy P 3x100 -> refused tradeRisk 30/20 ; may buy P 10x100 stop=98 -> yes
      may buy P 11x100 stop=98 -> refused tradeRisk 22/20 ; may sell P 10x100 stop=102 -> yes
      may buy P 3x100 stop=102 -> refused tradeRisk 30/20
      may buy P 1x100 slot=2 -> yes ; may buy P 2x100 slot=2 -> refused tradeRisk 20/10
      """),
    RiskRow(
      "open risk", [limit(.openRisk, 60_000), limit(.unprotectedLoss, 100_000)],
      """
      deposit 2 1000, quote P 100x5|100x5, quote X 100x5|100x5 ; 2.buy P 5x100
      openrisk 100000 -> 50 ; may buy X 1x100 -> yes ; may buy X 2x100 -> refused openRisk 70/60
      may buy X 5x100 stop=98 -> yes ; may buy X 6x100 stop=98 -> refused openRisk 62/60
      """),
    RiskRow(
      "margin", half(.margin),
      """
      deposit 2 1000, quote X 100x5|100x5 ; buy X 10x100 ; may buy X 40x100 -> yes
      may buy X 41x100 -> refused margin 510/500
      """),
    RiskRow(
      "a slot's budget", [worth(.budget, 500, .slot(1))],
      """
      quote P 100x5|100x5, quote X 100x5|100x5 ; may buy P 5x100 -> yes
      may buy P 6x100 -> refused slotBudget 600/500 ; may buy P 6x100 slot=2 -> yes
      buy P 5x100 ; fill #1 5x100 ; sell P 5x120 ; fill #2 5x120 fee=50
      may buy X 5x100 -> yes ; may buy X 6x100 -> refused slotBudget 600/550
      """),
  ]

  private static let money: [RiskRow] = [
    RiskRow(
      "no rate", [worth(.orderWorth, 1_000)],
      """
      deposit 4 10000, quote T 100x5|100x5 ; may buy T 1x100 -> refused staleRate
      rate 4 2 ; may buy T 5x100 -> yes ; may buy T 6x100 -> refused orderNotional 1200/1000
      """),
    RiskRow(
      "an old rate", [worth(.orderWorth, 1_000), limit(.rateAge, 10)],
      """
      deposit 4 10000, quote T 100x5|100x5, rate 4 1 quoted ; may buy T 1x100 -> yes
      wait 10, quote T 100x5|100x5 ; may buy T 1x100 -> yes
      wait 1, quote T 100x5|100x5 ; may buy T 1x100 -> refused staleRate 11/10
      rate 4 1 quoted ; may buy T 1x100 -> yes
      """),
    RiskRow(
      "an old rate behind equity", half(.grossExposure) + [limit(.rateAge, 10)],
      """
      deposit 2 1000, deposit 3 1, quote S 100x5|100x5, rate 3 S, quote P 100x5|100x5
      may buy P 1x100 -> yes ; equity -> 1100
      wait 11, quote P 100x5|100x5 ; may buy P 1x100 -> refused staleRate 11/10
      quote S 110x5|110x5 ; may buy P 1x100 -> yes ; equity -> 1110
      """),
    RiskRow(
      "no equity", half(.grossExposure),
      """
      quote P 100x5|100x5 ; may buy P 1x100 -> refused staleRate
      deposit 2 1000 ; may buy P 1x100 -> yes ; deposit 4 1 ; may buy P 1x100 -> refused staleRate
      rate 4 1 ; may buy P 1x100 -> yes
      """),
    RiskRow(
      "spot is paid for, fee included",
      """
      account 0 fee=10000, deposit 2 1010, quote S 100x5|100x5 ; may buy S 10x100 -> yes
      may buy S 11x100 -> refused insufficientCash 1111/1010
      buy S 5x100 ; may buy S 5x100 -> yes ; may buy S 6x100 -> refused insufficientCash 1111/1010
      account 0 fee=10000 margin ; may buy S 99x100 -> yes
      """),
  ]

  /// Everything is wrong, and what only reduces gets out.
  private static let reductions: [RiskRow] = [
    RiskRow(
      "reducing state",
      """
      quote P 100x5|100x5 ; buy P 5x100 ; fill #1 5x100 ; trading reducing
      may buy P 1x100 -> refused reducing ; may sell P 5x100 -> yes
      may sell P 6x100 -> refused reducing ; sell P 2x100 ; may sell P 3x100 -> yes
      may sell P 4x100 -> refused reducing ; may sell P 3x100 reduce -> yes
      may sell P 4x100 reduce -> refused reduceOnly 4/3
      may sell P 1x100 slot=2 -> refused reducing
      trading active ; trading reducing 1 ; may buy P 1x100 -> refused reducing
      may buy P 1x100 slot=2 -> yes
      """),
    RiskRow(
      "only what is held is reduced",
      """
      quote P 100x5|100x5 ; may sell P 1 reduce -> refused reduceOnly 1/0
      buy P 5x100 ; fill #1 5x100 ; may buy P 1x99 reduce -> refused reduceOnly 1/0
      may sell P 5x101 reduce -> yes ; may sell P 6x101 reduce -> refused reduceOnly 6/5
      sell P 2x101 ; may sell P 3x101 reduce -> yes
      may sell P 4x101 reduce -> refused reduceOnly 4/3
      may sell P 5 reduce type=3 trigger=90 -> yes
      """),
    RiskRow(
      "reductions of the slot alone are none",
      """
      quote P 100x5|100x5 ; buy P 5x100, 2.sell P 9x100 ; fill #1 5x100, fill #2 9x100
      trading reducing ; may sell P 5x100 -> refused reducing ; may buy P 4x100 slot=2 -> yes
      may buy P 5x100 slot=2 -> refused reducing
      """),
    RiskRow(
      "reductions get out",
      [
        limit(.dataAge, 10), limit(.slotOrders, 1), limit(.accountOrders, 1),
        limit(.venueOrders, 1), limit(.rateTime, 1_000_000_000), limit(.duplicateTime, 1_000_000),
        limit(.dailyTrades, 1), limit(.dailyLoss, 10_000), limit(.drawdownStop, 20_000),
        limit(.orderLots, 5), worth(.orderWorth, 500), worth(.positionWorth, 500),
        limit(.grossExposure, 500_000), limit(.priceCollar, 50_000), limit(.selfTrade, 1),
        worth(.budget, 500, .slot(1)), limit(.margin, 500_000), limit(.tradeRisk, 500_000),
        limit(.openRisk, 500_000),
      ],
      """
      deposit 2 1000, quote P 100x5|100x5 ; buy P 5x100 ; fill #1 5x100 ; deposit 4 1
      quote P 70x5|90x5 ; wait 100, 2.buy P 1x79
      may buy P 1x80 -> refused staleData 100/10
      may sell P 5 -> yes ; may sell P 5 type=3 trigger=60 -> yes ; may sell P 5x84 -> yes
      may sell P 5x85 -> refused priceCollar 85/80 ; may sell P 6 -> refused staleData 100/10
      """),
    RiskRow(
      "a reduction by a limit does not meet an own order",
      [limit(.selfTrade, 1)],
      """
      quote P 100x5|100x5 ; buy P 5x100 ; fill #1 5x100 ; 2.buy P 1x99
      may sell P 5x100 -> yes ; may sell P 5x99 -> refused selfTrade 99/99 ; may sell P 5 -> yes
      """),
  ]
}
