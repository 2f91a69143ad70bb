import Configuration
import Kernel
import Market
import PluginABI
import PluginBridge
import PluginHost
import Simulation

/// Configured values in the terms of those who use them. Their form is checked already.
extension InstrumentConfiguration {
  var definition: keel_ev_instrument {
    var record = keel_ev_instrument()
    record.h = keel_event(KEEL_EV_INSTRUMENT, of: keel_ev_instrument.self)
    record.px_exp = Int8(priceExponent)
    record.qty_exp = Int8(quantityExponent)
    record.kind = (kind == .spot ? InstrumentKind.spot : .perpetual).rawValue
    record.tick = tickMantissa
    record.lot = lotMantissa
    record.min_qty = minimumMantissa
    record.min_notional = notionalMinimumMantissa
    record.multiplier = 1
    record.expiry = KEEL_NULL
    record.strike = KEEL_NULL
    FixedText.write(symbol, to: &record.symbol)
    FixedText.write(venue, to: &record.venue)
    FixedText.write(base, to: &record.base_code)
    FixedText.write(quote, to: &record.quote_code)
    FixedText.write(quote, to: &record.settle_code)
    return record
  }
}

extension VenueConfiguration {
  var model: VenueModel {
    VenueModel(
      latency: .milliseconds(Int64(latencyMilliseconds)),
      makerFeePartsPerMillion: partsPerMillion(makerFee),
      takerFeePartsPerMillion: partsPerMillion(takerFee))
  }
}

extension RiskConfiguration {
  var changes: [LimitChange] {
    func worth(_ text: String?) -> Int64? {
      text.flatMap { try? DecimalText.parse($0, exponent: -6) }
    }
    return [
      LimitChange(.orderWorth, .all, worth(orderNotionalMax)),
      LimitChange(.positionWorth, .all, worth(positionNotionalMax)),
      LimitChange(.priceCollar, .all, priceCollar.map(partsPerMillion)),
      LimitChange(.dataAge, .all, dataAgeMaxMilliseconds.map { Int64($0) * 1_000_000 }),
    ]
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

private func partsPerMillion(_ text: String) -> Int64 {
  (try? DecimalText.parse(text, exponent: -6)) ?? 0
}
