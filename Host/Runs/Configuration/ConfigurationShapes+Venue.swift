import JSON

/// What a simulated venue may be told to do.
extension ConfigurationShapes {
  static let venueBehaviour: [Field] = [
    Field(
      "fills", .object(fills), .initially([:]), "Which prices fill what, and when."),
    Field(
      "queue", .object(queue), .initially([:]), "Where a resting order stands at its price."),
    Field(
      "latency", .object(latency), .initially([:]),
      "How long orders, reports and market data travel; a leg that is not named takes no time, but "
        + "for orders, which then take latencyMilliseconds."),
    Field("fees", .object(fees), .initially([:]), "Fees beyond makerFee and takerFee."),
    Field(
      "slippage", .object(slippage), .initially([:]),
      "How much worse than the price it finds an order is filled that takes."),
    Field(
      "funding", .object(funding), .initially([:]),
      "A schedule for perpetual instruments, where the data brings no funding."),
    Field(
      "margin", .object(margin), .initially([:]), "What the venue does when equity runs short."),
    Field("faults", .object(faults), .initially([:]), "What goes wrong there."),
  ]

  private static let fills = Shape(
    about: "Which prices fill what, and when.",
    fields: [
      Field(
        "taking", words(VenueBehaviour.Taking.self), .initially("nextData"),
        "\"nextData\": an order takes from the first prices after its arrival; "
          + "\"standingPrices\": from those that stand then, which may be what triggered it."),
      Field(
        "barPath", words(VenueBehaviour.BarPath.self), .initially("nearestFirst"),
        "\"nearestFirst\": open, the extreme nearer to it, the other one, close; \"pessimistic\": "
          + "stops see the extreme that they fear before that."),
      Field(
        "barVolumeShare", share("0", "1", "0.1"), .initially("0"),
        "Of a bar's volume, what own orders may fill; 0: all they want."),
      Field(
        "priceAgeMaxMilliseconds", .integer(0...86_400_000), .initially(0),
        "Prices older than this fill no market order; 0: none is too old."),
      Field(
        "selfTrade", words(VenueBehaviour.SelfTrade.self), .initially("ignore"),
        "What happens when an order would meet another one of the account."),
    ])

  private static let queue = Shape(
    about: "Where a resting order stands at its price.",
    fields: [
      Field(
        "model", words(VenueBehaviour.Queue.self), .initially("riskAverse"),
        "Whom cancels are taken from: \"front\": nobody stands before it; \"riskAverse\": those "
          + "behind; the others: both, by their quantities."),
      Field(
        "power",
        .decimal(
          DecimalRule(
            isMinimumExcluded: true, maximum: "16", decimalsMax: 6, example: "2")),
        .initially("1"), "Of the quantities, in \"probability\"."),
    ])

  private static let latency = Shape(
    about: "How long orders, reports and market data travel.",
    fields: [
      Field("order", .object(leg), .optional, "From the host's decision to the venue."),
      Field("report", .object(leg), .optional, "From the venue to the host."),
      Field("feed", .object(leg), .optional, "Market data, from the venue to the host."),
    ])

  private static let leg = Shape(
    about: "How long one leg takes.",
    fields: [
      Field(
        "model", words(LatencyConfiguration.Model.self), .initially("constant"),
        "How it is distributed."),
      Field(
        "microseconds", .integer(0...60_000_000), .initially(0),
        "The constant, the median (logNormal) or the mean (normal)."),
      Field(
        "deviation",
        .decimal(DecimalRule(maximum: "4", decimalsMax: 6, example: "0.5")), .initially("0.5"),
        "Of the logarithm, in logNormal."),
      Field(
        "deviationMicroseconds", .integer(0...60_000_000), .initially(0), "In normal."),
      Field("leastMicroseconds", .integer(0...60_000_000), .initially(0), "In normal."),
      Field(
        "mostMicroseconds", .integer(0...60_000_000), .initially(60_000_000),
        "In normal and logNormal."),
      Field(
        "steps", .list(of: .object(step), count: 0...65_536), .initially([]),
        "Of a table: as it was recorded, oldest first."),
    ])

  private static let step = Shape(
    about: "From a time on, it takes so long.",
    fields: [
      Field("from", .time, .required, "When this begins."),
      Field("microseconds", .integer(0...60_000_000), .required, "How long it takes from then."),
    ])

  private static let fees = Shape(
    about: "Fees beyond makerFee and takerFee.",
    fields: [
      Field(
        "tiers", .list(of: .object(tier), count: 0...32), .initially([]),
        "By the volume of 30 days, in place of makerFee and takerFee; the first begins at 0."),
      Field(
        "currency", words(VenueBehaviour.FeeCurrency.self), .initially("settlement"),
        "What fees are paid in: \"received\": in base by who buys spot; \"asset\": in that one."),
      Field("asset", .name(bytesMax: 11), .optional, "Of the currency \"asset\"."),
      Field(
        "assetRate",
        .decimal(DecimalRule(isMinimumExcluded: true, decimalsMax: 8, example: "600")), .optional,
        "What one of it is worth in the settlement asset."),
    ])

  private static let tier = Shape(
    about: "Fees from a volume on.",
    fields: [
      Field(
        "volume", .decimal(DecimalRule(maximum: "1000000000000000", example: "1000000")),
        .required, "Traded in the last 30 days."),
      Field("maker", share("-1", "1", "0.0002"), .required, "Of the notional."),
      Field("taker", share("-1", "1", "0.0005"), .required, "Of the notional."),
    ])

  private static let slippage = Shape(
    about: "How much worse than the price it finds an order is filled that takes.",
    fields: [
      Field("model", words(VenueBehaviour.Slippage.self), .initially("none"), "How it is counted."),
      Field("ticks", .integer(0...1_000_000), .initially(0), "In ticks."),
      Field(
        "share", share("0", "1", "0.0001"), .initially("0"),
        "In share: of the price; in squareRoot: of the price, when the fill is as large as what "
          + "the market traded in windowSeconds."),
      Field(
        "windowSeconds", .integer(1...31_536_000), .initially(86_400), "In squareRoot."),
      Field(
        "decaySeconds", .integer(0...31_536_000), .initially(60),
        "In squareRoot: how long it stays in the prices of later orders, fading."),
    ])

  private static let funding = Shape(
    about: "A schedule for perpetual instruments.",
    fields: [
      Field(
        "everyMinutes", .integer(0...525_600), .initially(0),
        "Whole intervals since 1970; 0: funding comes from the data alone."),
      Field("rate", share("-1", "1", "0.0001"), .initially("0"), "Of the worth at the mark."),
    ])

  private static let margin = Shape(
    about: "What the venue does when equity runs short.",
    fields: [
      Field(
        "liquidation", words(VenueBehaviour.Liquidation.self), .initially("off"),
        "At which price it closes what is held when equity is below the maintenance margin. Only "
          + "where it is not off does the venue watch margin at all: then orders that initial "
          + "margin does not cover are rejected, too."),
      Field("fee", share("0", "1", "0.005"), .initially("0"), "Of the worth of what it closes."),
    ])

  private static let faults = Shape(
    about: "What goes wrong there.",
    fields: [
      Field("rejects", share("0", "1", "0.001"), .initially("0"), "Of new orders, by chance."),
      Field("losses", share("0", "1", "0.001"), .initially("0"), "Of commands, by chance."),
      Field(
        "outages", .list(of: .object(outage), count: 0...1_024), .initially([]),
        "When nothing comes in or out, oldest first."),
    ])

  private static let outage = Shape(
    about: "A time in which nothing comes in or out.",
    fields: [
      Field("from", .time, .required, "Its beginning."),
      Field("until", .time, .required, "Its end."),
      Field(
        "commands", words(VenueBehaviour.Outage.Kind.self), .initially("delays"),
        "\"delays\": they arrive when it is over; \"loses\": nobody knows what became of them."),
    ])

  private static func share(_ least: String, _ most: String, _ example: String) -> ValueRule {
    .decimal(DecimalRule(minimum: least, maximum: most, decimalsMax: 6, example: example))
  }
  private static func words<C: CaseIterable & RawRepresentable<String>>(
    _ type: C.Type
  ) -> ValueRule {
    .choice(type.allCases.map(\.rawValue))
  }
}
