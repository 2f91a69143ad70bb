import JSON
package import Market

/// The limits of a session: a preset, and what the file says beside it.
package struct RiskConfiguration: Sendable, Equatable {
  package enum Preset: String, Sendable, CaseIterable {
    /// Every limit off that the file does not name.
    case research
    case systematic, institutional, trend
  }

  package var preset: Preset
  /// What limits and equity are counted in; nil: what the first instrument settles in.
  package var reporting: String?
  /// Worth of assets in the reporting one that is held to be fixed; mantissa of 10^-8.
  package var rates: [RateConfiguration] = []
  /// What is not here is off.
  package var limits: RiskLimitValues
  package var classes: [AssetClassConfiguration]
}

package struct RateConfiguration: Sendable, Equatable {
  package var asset: String
  package var mantissa: Int64
}

package struct AssetClassConfiguration: Sendable, Equatable {
  package var assetClass: AssetClass
  package var limits: RiskLimitValues
}

/// Limits by name, in the counts in which they are held.
package struct RiskLimitValues: Sendable, Equatable {
  private var values: [RiskLimitName: Int64] = [:]

  package init() {}

  package subscript(name: RiskLimitName) -> Int64? {
    get { values[name] }
    set { values[name] = newValue }
  }
  package var isEmpty: Bool { values.isEmpty }
  /// In the order of the names.
  package var all: [(name: RiskLimitName, value: Int64)] {
    RiskLimitName.allCases.compactMap { name in values[name].map { (name, $0) } }
  }

  init(written object: JSONValue?) { read(object) }

  /// What a checked object says, on top of what is here.
  mutating func read(_ object: JSONValue?) {
    for name in RiskLimitName.allCases {
      guard let written = object?[name.rawValue] else { continue }
      if written.string == "off" {
        values[name] = nil
      } else {
        values[name] =
          written.string.flatMap { (text: String) in name.value(text) }
          ?? written.integer.flatMap { (whole: Int64) in name.value(whole) }
      }
    }
  }
}

extension RiskConfiguration {
  /// Preset and file together. Of an object with defects, what is sound.
  init(_ risk: JSONValue?) {
    let preset = risk?["preset"]?.string.flatMap(Preset.init) ?? .systematic
    self.init(preset: preset)
    reporting = risk?["reporting"]?.string
    for member in risk?["rates"]?.members ?? [] {
      guard let text = member.value.string,
        let mantissa = try? DecimalText.parse(text, exponent: -8)
      else { continue }
      rates.append(RateConfiguration(asset: member.key, mantissa: mantissa))
    }
    limits.read(risk)
    for (name, assetClass) in Self.classNames {
      guard let object = risk?["classes"]?[name] else { continue }
      let index =
        classes.firstIndex { $0.assetClass == assetClass }
        ?? {
          classes.append(AssetClassConfiguration(assetClass: assetClass, limits: RiskLimitValues()))
          return classes.count - 1
        }()
      classes[index].limits.read(object)
    }
  }

  /// By their names in the file.
  package static let classNames: [(String, AssetClass)] = [
    ("crypto", .crypto), ("equity", .equity), ("currency", .currency),
    ("commodity", .commodity), ("rate", .rate), ("index", .index),
  ]

  package init(preset: Preset) {
    self.preset = preset
    limits = RiskLimitValues()
    classes = []
    guard preset != .research else { return }
    for (name, text) in Self.common + Self.own(preset) { set(name, text) }
    classes = [(AssetClass.crypto, "0.2", "3"), (.equity, "0.25", "4")].map {
      assetClass, exposure, leverage in
      var limits = RiskLimitValues()
      limits[.classExposureMax] = RiskLimitName.classExposureMax.value(exposure)
      limits[.leverageMax] = RiskLimitName.leverageMax.value(leverage)
      return AssetClassConfiguration(assetClass: assetClass, limits: limits)
    }
    if preset == .trend {
      for index in classes.indices {
        classes[index].limits[.classExposureMax] = RiskLimitName.classExposureMax.value("0.25")
      }
    }
  }

  private mutating func set(_ name: RiskLimitName, _ text: String) {
    let written = Int64(text).flatMap { (whole: Int64) in name.value(whole) }
    limits[name] = written ?? name.value(text)
  }

  /// What every preset but `research` says of single orders and of the technique of trading.
  private static let common: [(RiskLimitName, String)] = [
    (.orderWorthMax, "100000"), (.positionWorthMax, "100000"), (.priceCollar, "0.05"),
    (.dataAgeMaxMilliseconds, "5000"), (.rateAgeMaxMilliseconds, "60000"),
    (.selfTrade, "refuse"), (.duplicateOrderMilliseconds, "50"), (.slotOrdersMax, "50"),
    (.accountOrdersMax, "100"), (.venueOrdersMax, "200"), (.orderRateMilliseconds, "1000"),
    (.correlatedExposureMax, "0.3"), (.sectorExposureMax, "0.25"), (.unprotectedLoss, "0.1"),
    (.dailyTradesMax, "20"), (.dayStartMinutes, "0"), (.drawdownWarning, "0.03"),
    (.marginMax, "1"), (.breakerRejectsMax, "5"), (.breakerMove, "0.1"),
    (.breakerMilliseconds, "60000"), (.breakerPauseMilliseconds, "60000"),
  ]

  private static func own(_ preset: Preset) -> [(RiskLimitName, String)] {
    switch preset {
    case .research: []
    case .systematic:
      [
        (.equityShareMax, "0.1"), (.grossExposureMax, "0.5"), (.tradeRiskMax, "0.02"),
        (.openRiskMax, "0.06"), (.dailyLossMax, "0.05"), (.drawdownReduce, "0.1"),
        (.drawdownStop, "0.15"),
      ]
    case .institutional:
      [
        (.equityShareMax, "0.2"), (.grossExposureMax, "0.2"), (.tradeRiskMax, "0.02"),
        (.openRiskMax, "0.06"), (.dailyLossMax, "0.05"), (.drawdownStop, "0.05"),
      ]
    case .trend:
      [
        (.equityShareMax, "0.25"), (.grossExposureMax, "1"), (.tradeRiskMax, "0.03"),
        (.openRiskMax, "0.06"), (.dailyLossMax, "0.06"), (.drawdownStop, "0.2"),
      ]
    }
  }
}
