import JSON
package import Market

/// strategies.json as validated values: what is here needs no further check of form.
package struct Configuration: Sendable {
  package var session: SessionConfiguration
  package var plugins: PluginsConfiguration
  package var instruments: [InstrumentConfiguration]
  package var data: [DataConfiguration]
  package var venues: [VenueConfiguration]
  package var alphas: [AlphaConfiguration]
  package var strategies: [StrategyConfiguration]
  package var account: AccountConfiguration
  package var risk: RiskConfiguration
  /// The whole file with defaults, in one form for one meaning and without resolved paths: what a
  /// hash of the configuration is taken of.
  package var canonicalText: String
}

package struct SessionConfiguration: Sendable, Equatable {
  package var name: String
  package var seed: UInt64
  package var directory: String
  /// UTC nanoseconds since 1970.
  package var start: Int64
  /// 0 keeps none.
  package var snapshotEveryTurns: Int64
  package var journal = JournalConfiguration()
}

/// When the journal reaches the disk.
package struct JournalConfiguration: Sendable, Equatable {
  package enum Sync: String, Sendable, CaseIterable { case always, batch, none }
  package var sync = Sync.batch
  package var intervalMilliseconds = 50
}

package struct PluginsConfiguration: Sendable, Equatable {
  package enum Trust: String, Sendable, CaseIterable { case signed, unsigned }
  package enum Policy: String, Sendable, CaseIterable { case trusted, signed, workers }
  package struct Directory: Sendable, Equatable {
    package var path: String
    /// Nil: as `trust` says.
    package var policy: Policy?
  }
  package var directories: [Directory]
  package var trust: Trust
  /// Nil: the user's own.
  package var trustStore: String?
  package var residentMax: Int
}

/// Decimals as they were written, and as mantissas of the exponents that tick and lot imply.
package struct InstrumentConfiguration: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case spot, perpetual, inverse, future, option, equity
  }
  package enum OptionType: String, Sendable, CaseIterable { case call, put }
  package var symbol: String
  package var venue: String
  package var kind: Kind
  package var base: String
  package var quote: String
  package var tick: String
  package var lot: String
  package var minimum: String
  package var notionalMinimum: String
  package var priceExponent: Int
  package var quantityExponent: Int
  package var tickMantissa: Int64
  package var lotMantissa: Int64
  package var minimumMantissa: Int64
  /// Of 10^priceExponent, as the plugin interface has it.
  package var notionalMinimumMantissa: Int64
  /// What profit and cost are paid in.
  package var settlement: String
  package var multiplier: String
  package var multiplierMantissa: Int64
  package var multiplierExponent: Int
  package var assetClass: AssetClass
  /// Empty: none.
  package var sector: String
  package var group: String
  /// Parts per million of the worth.
  package var initialMargin: Int64
  package var maintenanceMargin: Int64
  /// UTC nanoseconds since 1970; nil if it never expires.
  package var expiry: Int64?
  package var strikeMantissa: Int64?
  package var optionType: OptionType?
}

/// A plugin by id, and the values of its parameters in the order of the file.
package struct PluginConfiguration: Sendable, Equatable {
  package var id: String
  /// Nil for the newest.
  package var version: String?
  package var parameters: [(name: String, value: ConfigurationValue)]

  package static func == (a: PluginConfiguration, b: PluginConfiguration) -> Bool {
    a.id == b.id && a.version == b.version && a.parameters.elementsEqual(b.parameters, by: ==)
  }
}

package enum ConfigurationValue: Sendable, Equatable {
  case boolean(Bool)
  case integer(Int64)
  case decimal(Double)
  case text(String)

  /// As it would be typed.
  package var text: String {
    switch self {
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .decimal(let value): String(value)
    case .text(let value): value
    }
  }

  /// Nil for anything that no parameter can be.
  init?(_ value: JSONValue) {
    if let bool = value.bool {
      self = .boolean(bool)
    } else if let text = value.string, text.utf8.count <= ValueRule.parameterTextBytesMax {
      self = .text(text)
    } else if let integer = value.integer {
      self = .integer(integer)
    } else if let text = value.numberText, text.utf8.contains(where: { ".eE".utf8.contains($0) }),
      let double = value.double
    {
      self = .decimal(double)
    } else {
      return nil
    }
  }
}

/// Where a slot's code runs, and what it may use up there.
package struct IsolationConfiguration: Sendable, Equatable {
  package enum Place: String, Sendable, CaseIterable { case inHost = "guard", process }
  /// Nil: as the origin of the code asks.
  package var placement: Place?
  /// Of a worker. For the answer to one batch, by the clock on the wall.
  package var deadlineMilliseconds: Int64 = 100
  /// After which the session goes on without it, and takes the answer when it comes.
  package var patienceMicroseconds: Int64 = 200
  package var memoryMegabytes: Int64 = 512
  package var restarts = 3
  /// Before the first of them; each further one waits twice as long.
  package var restartAfterMilliseconds: Int64 = 1_000
  package var stateEveryBatches: Int64 = 1_000

  package init() {}
}

package struct DataConfiguration: Sendable, Equatable {
  package var name: String
  package var plugin: PluginConfiguration
  /// Symbols, in the order of the file.
  package var instruments: [String]
}

package struct VenueConfiguration: Sendable, Equatable {
  package enum Kind: String, Sendable { case simulated }
  package var name: String
  package var kind: Kind
  package var behaviour: VenueBehaviour
  package var account: VenueAccountConfiguration
}

/// What the account at a venue can do; what is missing the host does itself, or refuses.
package struct VenueAccountConfiguration: Sendable, Equatable {
  package enum Offer: String, Sendable, CaseIterable {
    case amend, reduceOnly, postOnly, hedging, margin
  }
  package enum OrderKind: String, Sendable, CaseIterable {
    case market, limit, stop, stopLimit, trailingStop, takeProfit, ifTouched
  }
  package enum Time: String, Sendable, CaseIterable {
    case goodTillCancelled, immediateOrCancel, fillOrKill, goodTillDate, day
  }
  package var name: String
  package var offers: [Offer]
  package var orderTypes: [OrderKind]
  package var timesInForce: [Time]
}

package struct AlphaConfiguration: Sendable, Equatable {
  package var name: String
  package var plugin: PluginConfiguration
  package var instruments: [String]
  package var isolation = IsolationConfiguration()
}

package struct StrategyConfiguration: Sendable, Equatable {
  /// The slot's.
  package var name: String
  package var plugin: PluginConfiguration
  package var instruments: [String]
  /// Names of alphas.
  package var alphas: [String]
  /// A JSON object, in one line.
  package var config: String
  /// The slot's own limits, beside everyone's.
  package var risk: RiskLimitValues
  package var isolation = IsolationConfiguration()
}

package struct AmountConfiguration: Sendable, Equatable {
  package var asset: String
  package var amount: String
}

package struct AccountConfiguration: Sendable, Equatable {
  package var balances: [AmountConfiguration]
}
