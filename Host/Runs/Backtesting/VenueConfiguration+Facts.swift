import Configuration
import Market
import Wording

extension VenueConfiguration {
  /// What trading here costs, and how it is simulated, for a report.
  var facts: [(name: String, value: String)] {
    let venue = behaviour
    var facts = [
      ("maker fee", fees(\.maker)), ("taker fee", fees(\.taker)),
      (
        "latency",
        "order \(venue.orderLatency.text), report \(venue.reportLatency.text), "
          + "data \(venue.feedLatency.text)"
      ), ("fills", venue.taking.rawValue), ("bars", venue.barPath.rawValue),
      ("queue", venue.queue.rawValue), ("slippage", slippage),
    ]
    facts.append(
      (
        "margin",
        venue.liquidation == .off
          ? "not watched" : "watched, liquidation \(venue.liquidation.rawValue)"
      ))
    if venue.rejects + venue.losses > 0 {
      facts.append(("faults", "\(venue.rejects) rejected, \(venue.losses) lost in a million"))
    }
    if !venue.outages.isEmpty { facts.append(("outages", String(venue.outages.count))) }
    return facts
  }

  private func fees(_ side: KeyPath<VenueBehaviour.FeeTier, Int64>) -> String {
    behaviour.tiers.map { "\(Double($0[keyPath: side]) / 1e4)%" }.joined(separator: ", ")
  }

  private var slippage: String {
    let amount = behaviour.slippageAmount
    return switch behaviour.slippage {
    case .none: "none"
    case .ticks: "\(amount) ticks"
    case .share: "\(Double(amount) / 100) bps"
    case .squareRoot: "square root, \(Double(amount) / 1e6)"
    }
  }
}

extension LatencyConfiguration {
  fileprivate var text: String {
    let middle = DurationText.text(Nanoseconds(self.middle))
    return switch model {
    case .constant: middle
    case .logNormal: "log-normal about \(middle)"
    case .normal: "normal about \(middle)"
    case .table: "as recorded"
    }
  }
}
