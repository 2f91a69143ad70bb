import JSON

/// The keys of limits, and of what limits are counted by.
extension ConfigurationShapes {
  static let risk = Shape(
    about: "Limits that hold whatever a strategy asks for.",
    fields: [
      Field(
        "preset", .choice(RiskConfiguration.Preset.allCases.map(\.rawValue)),
        .initially("systematic"),
        "The limits that are not named here; \"research\" leaves them off."),
      Field(
        "reporting", .name(bytesMax: ValueRule.assetBytesMax), .optional,
        "The asset that worth and equity are counted in; when absent, what the first instrument "
          + "settles in."),
      Field(
        "rates", .decimals(rate, countMax: 64), .initially([:]),
        "What one unit of an asset is held to be worth in the reporting asset, for good. Others "
          + "are worth what an instrument between the two says."),
      Field(
        "classes", .object(classes), .initially([:]),
        "Limits of positions in instruments of one asset class."),
    ] + RiskLimitName.allCases.filter(\.isOfAll).map(\.field))

  static let slotRisk = Shape(
    about: "Limits of one slot. Fractions are of the account's equity.",
    fields: RiskLimitName.allCases.filter(\.isOfSlots).map(\.field))

  private static let classes = Shape(
    about: "Limits by asset class.",
    fields: RiskConfiguration.classNames.map { name, _ in
      Field(name, .object(classRisk), .optional, "Limits of the asset class \"\(name)\".")
    })

  private static let classRisk = Shape(
    about: "Limits of one asset class.",
    fields: RiskLimitName.allCases.filter(\.isOfClasses).map(\.field))

  static let instrumentRisk = [
    Field(
      "settlement", .name(bytesMax: ValueRule.assetBytesMax), .optional,
      "The asset that profit is paid in; the base of an inverse contract, else the quote."),
    Field(
      "multiplier",
      .decimal(DecimalRule(isMinimumExcluded: true, decimalsMax: 12, example: "0.01")),
      .initially("1"), "What one contract is, in units of the base asset."),
    Field(
      "assetClass", .choice(RiskConfiguration.classNames.map(\.0)), .optional,
      "What limits by class count it to; \"equity\" for equities, else \"crypto\"."),
    Field(
      "sector", .name(bytesMax: 15), .optional, "Instruments of one sector are limited together."),
    Field(
      "group", .name(bytesMax: 15), .optional,
      "Instruments of one group move together, and are limited together."),
    Field(
      "initialMargin", margin, .initially("1"), "Bound by a position, a fraction of its worth."),
    Field(
      "maintenanceMargin", margin, .optional,
      "What must remain, a fraction of its worth; the initial margin when absent."),
    Field("expiry", .time, .optional, "When a future or an option ends."),
    Field(
      "strike", .decimal(DecimalRule(isMinimumExcluded: true, decimalsMax: 12, example: "50000")),
      .optional, "Of an option."),
    Field(
      "optionType", .choice(InstrumentConfiguration.OptionType.allCases.map(\.rawValue)),
      .optional, "Of an option."),
  ]

  static let venueAccount = Shape(
    about: "What the account at the venue can do.",
    fields: [
      Field("name", .name(bytesMax: 47), .optional, "Its name; the venue's when absent."),
      Field(
        "offers", choices(VenueAccountConfiguration.Offer.allCases.map(\.rawValue)),
        .initially(["postOnly"]),
        "\"margin\" lets spot be owed; \"hedging\" holds long and short at once."),
      Field(
        "orderTypes", choices(VenueAccountConfiguration.OrderKind.allCases.map(\.rawValue)),
        .initially(["market", "limit"]), "Order types that the venue takes."),
      Field(
        "timesInForce", choices(VenueAccountConfiguration.Time.allCases.map(\.rawValue)),
        .initially(["goodTillCancelled", "immediateOrCancel"]),
        "How long orders may last there."),
    ])

  private static func choices(_ words: [String]) -> ValueRule {
    .list(of: .choice(words), count: 0...words.count)
  }
  private static let rate = DecimalRule(isMinimumExcluded: true, decimalsMax: 8, example: "1")
  private static let margin = ValueRule.decimal(
    DecimalRule(isMinimumExcluded: true, maximum: "1", decimalsMax: 6, example: "0.1"))
}

extension RiskLimitName {
  var field: Field { Field(rawValue, .orOff(rule), .optional, about) }

  private var rule: ValueRule {
    switch unit {
    case .worth:
      .decimal(
        DecimalRule(
          isMinimumExcluded: true, maximum: "1000000000000", decimalsMax: 6, example: "100000"))
    case .share(let most):
      .decimal(
        DecimalRule(isMinimumExcluded: true, maximum: most, decimalsMax: 6, example: "0.05"))
    case .count(let range), .milliseconds(let range), .minutes(let range): .integer(range)
    case .words(let zero, let one): .choice([zero, one])
    }
  }
}
