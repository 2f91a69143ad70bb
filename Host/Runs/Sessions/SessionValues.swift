package import Configuration
import Kernel
import Market
package import PluginABI
import PluginBridge
import PluginHost
import Simulation
import Storage

/// Configured values in the terms of those who use them. Their form is checked already.
extension InstrumentConfiguration {
  /// Venue, sector and group as numbers: their places in what the configuration names.
  package func definition(account: Int, sector: Int, group: Int) -> keel_ev_instrument {
    var record = keel_ev_instrument()
    record.h = keel_event(KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self)
    record.px_exp = Int8(priceExponent)
    record.qty_exp = Int8(quantityExponent)
    record.kind = abiKind.rawValue
    record.tick = tickMantissa
    record.lot = lotMantissa
    record.min_qty = minimumMantissa
    record.min_notional = notionalMinimumMantissa
    record.multiplier = multiplierMantissa
    record.multiplier_exp = Int8(multiplierExponent)
    record.expiry = expiry ?? KEEL_NULL
    record.strike = strikeMantissa ?? KEEL_NULL
    record.call_put = optionType.map { $0 == .call ? 1 : 2 } ?? 0
    addRisk(to: &record, account: account, sector: sector, group: group)
    FixedText.write(symbol, to: &record.symbol)
    FixedText.write(venue, to: &record.venue)
    FixedText.write(base, to: &record.base_code)
    FixedText.write(quote, to: &record.quote_code)
    FixedText.write(settlement, to: &record.settle_code)
    return record
  }

  /// What limits count it to. Configured, also where a tape brings the rest.
  func addRisk(to record: inout keel_ev_instrument, account: Int, sector: Int, group: Int) {
    record.account = UInt16(account)
    record.asset_class = assetClass.rawValue
    record.sector = UInt16(sector)
    record.group = UInt16(group)
    record.initial_margin = Int32(initialMargin)
    record.maintenance_margin = Int32(maintenanceMargin)
    FixedText.write(self.sector, to: &record.sector_name)
    FixedText.write(self.group, to: &record.group_name)
  }

  private var abiKind: InstrumentKind {
    switch kind {
    case .spot: .spot
    case .perpetual: .perpetual
    case .inverse: .inverse
    case .future: .future
    case .option: .option
    case .equity: .equity
    }
  }
}

extension JournalConfiguration {
  var policy: JournalPolicy {
    switch sync {
    case .always: .always
    case .batch: .batch(milliseconds: intervalMilliseconds)
    case .none: .none
    }
  }
}

extension PluginConfiguration {
  var values: [(name: String, value: ParameterValue)] {
    parameters.map { name, value in
      switch value {
      case .boolean(let value): (name, .boolean(value))
      case .integer(let value): (name, .integer(value))
      case .decimal(let value): (name, .decimal(value))
      case .text(let value): (name, .text(value))
      }
    }
  }
}
