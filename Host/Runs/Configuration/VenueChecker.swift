import JSON
import Market
import Wording

/// What a venue's parts say of each other.
struct VenueChecker {
  private(set) var errors: [ConfigurationError] = []

  mutating func check(_ tree: JSONValue) {
    for (index, venue) in (tree["venues"]?.elements ?? []).enumerated() {
      let path = "venues[\(index)]"
      fees(venue, path)
      latency(venue, path)
      outages(venue["faults"]?["outages"], "\(path).faults.outages")
    }
  }

  private mutating func fees(_ venue: JSONValue, _ path: String) {
    guard let fees = venue["fees"] else { return }
    let tiers = fees["tiers"]?.elements ?? []
    for key in ["makerFee", "takerFee"] where !tiers.isEmpty {
      if let fee = venue[key], fee.string != "0" {
        refuse("\(path).\(key)", "fees.tiers say it, too", "remove one of the two", fee)
      }
    }
    var before: Int128?
    for (index, tier) in tiers.enumerated() {
      guard let value = tier["volume"], let text = value.string,
        let volume = try? DecimalText.parseWide(text, exponent: Money.exponent)
      else { continue }
      if let before {
        if volume <= before {
          refuse(
            "\(path).fees.tiers[\(index)].volume", "\(text) is not above the tier before",
            "order the tiers by volume", value)
        }
      } else if volume != 0 {
        refuse(
          "\(path).fees.tiers[\(index)].volume", "the first tier begins at \(text)",
          "begin at \"0\"", value)
      }
      before = volume
    }
    guard fees["currency"]?.string == "asset", let currency = fees["currency"] else { return }
    for key in ["asset", "assetRate"] where fees[key] == nil {
      refuse("\(path).fees.currency", "\"asset\" without \(key)", "add \(key)", currency)
    }
  }

  private mutating func latency(_ venue: JSONValue, _ path: String) {
    guard let latency = venue["latency"] else { return }
    if latency["order"] != nil, let plain = venue["latencyMilliseconds"], plain.integer != 0 {
      refuse(
        "\(path).latencyMilliseconds", "latency.order says it, too", "remove one of the two", plain)
    }
    for name in ["order", "report", "feed"] {
      guard let leg = latency[name], let model = leg["model"] else { continue }
      let place = "\(path).latency.\(name)"
      if let least = leg["leastMicroseconds"], let low = least.integer,
        let high = leg["mostMicroseconds"]?.integer, low > high
      {
        refuse(
          "\(place).leastMicroseconds", "\(low) is above mostMicroseconds, \(high)", "lower it",
          least)
      }
      if model.string == "logNormal", leg["microseconds"]?.integer == 0 {
        refuse("\(place).model", "\"logNormal\" without a median", "add microseconds", model)
      }
      let steps = leg["steps"]?.elements ?? []
      if model.string == "table", steps.isEmpty {
        refuse("\(place).model", "\"table\" without steps", "add steps", model)
      }
      follow(steps.map { $0["from"] }, "\(place).steps", "from")
    }
  }

  private mutating func outages(_ list: JSONValue?, _ path: String) {
    var times: [JSONValue?] = []
    for (index, outage) in (list?.elements ?? []).enumerated() {
      times.append(outage["from"])
      guard let from = time(outage["from"]), let value = outage["until"], let until = time(value)
      else { continue }
      if until <= from {
        refuse("\(path)[\(index)].until", "it ends before it begins", "give a later time", value)
      }
      if index > 0, let before = time(list?.elements?[index - 1]["until"]), from < before {
        refuse(
          "\(path)[\(index)].from", "it begins within \(path)[\(index - 1)]", "make one of the two",
          outage["from"] ?? value)
      }
    }
    follow(times, path, "from")
  }

  /// Times that must rise.
  private mutating func follow(_ times: [JSONValue?], _ path: String, _ key: String) {
    for (index, pair) in zip(times, times.dropFirst()).enumerated() {
      guard let earlier = time(pair.0), let value = pair.1, let later = time(value),
        later <= earlier
      else { continue }
      refuse(
        "\(path)[\(index + 1)].\(key)", "it is not after the one before", "put the oldest first",
        value)
    }
  }

  private func time(_ value: JSONValue?) -> Int64? {
    value?.string.flatMap { UTCTime.parse($0)?.nanoseconds }
  }

  private mutating func refuse(
    _ path: String, _ message: String, _ remedy: String, _ value: JSONValue
  ) {
    errors.append(ConfigurationError(path, message, remedy: remedy, at: value.position))
  }
}
