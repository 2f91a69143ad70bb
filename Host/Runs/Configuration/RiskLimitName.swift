import Market

/// A limit by its key in strategies.json, and how its value is written.
package enum RiskLimitName: String, CaseIterable, Sendable {
  case orderWorthMax, orderLotsMax, priceCollar, dataAgeMaxMilliseconds, rateAgeMaxMilliseconds
  case selfTrade, duplicateOrderMilliseconds
  case slotOrdersMax, accountOrdersMax, venueOrdersMax, orderRateMilliseconds
  case positionWorthMax, equityShareMax, grossExposureMax, classExposureMax, leverageMax
  case correlatedExposureMax, sectorExposureMax
  case tradeRiskMax, openRiskMax, unprotectedLoss
  case dailyLossMax, dailyTradesMax, dayStartMinutes
  case drawdownWarning, drawdownReduce, drawdownStop
  case marginMax
  case breakerRejectsMax, breakerMove, breakerMilliseconds, breakerPauseMilliseconds
  case budget, answerMilliseconds, crossing

  enum Unit {
    /// Of the reporting asset, as a decimal string.
    case worth
    /// A fraction, as a decimal string; at most `max`.
    case share(max: String)
    case count(ClosedRange<Int64>)
    case milliseconds(ClosedRange<Int64>)
    case minutes(ClosedRange<Int64>)
    /// The first word is 0, the second 1.
    case words(String, String)
  }

  var unit: Unit {
    switch self {
    case .orderWorthMax, .positionWorthMax, .budget: .worth
    case .priceCollar, .equityShareMax, .tradeRiskMax, .openRiskMax, .unprotectedLoss,
      .dailyLossMax, .drawdownWarning, .drawdownReduce, .drawdownStop, .breakerMove:
      .share(max: "1")
    case .grossExposureMax, .classExposureMax, .leverageMax, .correlatedExposureMax,
      .sectorExposureMax, .marginMax:
      .share(max: "1000")
    case .orderLotsMax: .count(1...Int64.max)
    case .slotOrdersMax, .accountOrdersMax, .venueOrdersMax, .dailyTradesMax:
      .count(1...1_000_000)
    case .breakerRejectsMax: .count(1...64)
    case .dataAgeMaxMilliseconds, .rateAgeMaxMilliseconds, .duplicateOrderMilliseconds,
      .orderRateMilliseconds, .breakerMilliseconds, .breakerPauseMilliseconds,
      .answerMilliseconds:
      .milliseconds(1...86_400_000)
    case .dayStartMinutes: .minutes(0...1_439)
    case .selfTrade: .words("allow", "refuse")
    case .crossing: .words("refuse", "allow")
    }
  }

  var isOfSlots: Bool {
    switch self {
    case .orderWorthMax, .orderLotsMax, .priceCollar, .dataAgeMaxMilliseconds,
      .duplicateOrderMilliseconds, .slotOrdersMax, .positionWorthMax, .equityShareMax,
      .grossExposureMax, .tradeRiskMax, .dailyLossMax, .dailyTradesMax, .budget:
      true
    default: false
    }
  }
  var isOfClasses: Bool { self == .classExposureMax || self == .leverageMax }
  var isOfAll: Bool { self != .classExposureMax && self != .budget }

  /// Compared with worth or equity, which must then be counted in one asset.
  var needsRates: Bool {
    switch self {
    case .orderWorthMax, .positionWorthMax, .budget, .equityShareMax, .grossExposureMax,
      .classExposureMax, .leverageMax, .correlatedExposureMax, .sectorExposureMax, .tradeRiskMax,
      .openRiskMax, .dailyLossMax, .drawdownReduce, .drawdownStop, .marginMax:
      true
    default: false
    }
  }

  var about: String {
    switch self {
    case .orderWorthMax: "Largest worth of one order, in the reporting asset."
    case .orderLotsMax: "Largest size of one order, in lots."
    case .priceCollar:
      "How far an order's price, or what a market order would meet, may be from the market, as a "
        + "fraction."
    case .dataAgeMaxMilliseconds:
      "Without a price younger than this, no order is accepted; cancels and reductions are."
    case .rateAgeMaxMilliseconds:
      "Without rates into the reporting asset younger than this, nothing is accepted that adds "
        + "risk."
    case .selfTrade: "Whether orders of one account may meet each other."
    case .duplicateOrderMilliseconds: "How long the same order is not placed again."
    case .slotOrdersMax: "Orders of one slot in orderRateMilliseconds."
    case .accountOrdersMax: "Orders of one account in orderRateMilliseconds."
    case .venueOrdersMax:
      "Orders, amends and cancels to one venue in orderRateMilliseconds; a cancel is never refused."
    case .orderRateMilliseconds: "The time in which orders are counted."
    case .positionWorthMax:
      "Largest worth of a position, of a slot and of the account, as if all its working orders of "
        + "the order's side were filled."
    case .equityShareMax: "Largest position, as a fraction of equity."
    case .grossExposureMax: "All positions together, as a fraction of equity."
    case .classExposureMax: "Largest position in an instrument of the class, a fraction of equity."
    case .leverageMax: "All positions together, as a multiple of equity."
    case .correlatedExposureMax: "Positions of one group together, as a fraction of equity."
    case .sectorExposureMax: "Positions of one sector together, as a fraction of equity."
    case .tradeRiskMax: "What one order may lose if its stop is met, as a fraction of equity."
    case .openRiskMax: "What all positions may lose if every stop is met, a fraction of equity."
    case .unprotectedLoss:
      "The fraction of its worth that what has no stop is held to lose; all of it when absent."
    case .dailyLossMax:
      "What may be lost in a day, as a fraction of the equity with which it began."
    case .dailyTradesMax: "Orders in a day that add exposure."
    case .dayStartMinutes: "When the trading day begins, in minutes after midnight UTC."
    case .drawdownWarning: "A warning, from this fraction below the highest equity."
    case .drawdownReduce: "From this fraction below the highest equity all sizes shrink ..."
    case .drawdownStop: "... to nothing here, where only what reduces is accepted."
    case .marginMax: "How much of equity may be bound as initial margin."
    case .breakerRejectsMax:
      "Refusals by the venue in breakerMilliseconds that stop a slot for a while."
    case .breakerMove:
      "A move of a price in breakerMilliseconds that stops its instrument for a while, a fraction."
    case .breakerMilliseconds: "The time in which breakers count."
    case .breakerPauseMilliseconds: "How long a breaker stops; then one order may try."
    case .budget: "What the slot trades with, and its profit, in the reporting asset."
    case .answerMilliseconds: "An order not answered for so long is asked about."
    case .crossing: "Whether opposite orders of slots in one turn may meet inside the host."
    }
  }

  /// The value in the counts that limits are held in: 10^-6 of the reporting asset, parts per
  /// million, nanoseconds, or a plain count.
  func value(_ written: String) -> Int64? {
    switch unit {
    case .worth, .share: try? DecimalText.parse(written, exponent: -6)
    case .words(_, let one): written == one ? 1 : 0
    case .count, .milliseconds, .minutes: nil
    }
  }
  func value(_ written: Int64) -> Int64? {
    switch unit {
    case .count: written
    case .milliseconds: written * 1_000_000
    case .minutes: written * 60_000_000_000
    case .worth, .share, .words: nil
    }
  }

  /// A value as it would be written.
  package func text(_ value: Int64) -> String {
    switch unit {
    case .worth, .share: DecimalText.format(value, exponent: -6, trimming: true)
    case .count: "\(value)"
    case .milliseconds: "\(value / 1_000_000)"
    case .minutes: "\(value / 60_000_000_000)"
    case .words(let zero, let one): value == 1 ? one : zero
    }
  }
}
