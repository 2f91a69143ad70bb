import JSON
import Market
import Wording

/// From a checked venue to values.
extension VenueBehaviour {
  init(_ venue: JSONValue) {
    let fills = venue.object("fills")
    taking = fills.choice("taking")
    barPath = fills.choice("barPath")
    barShare = fills.share("barVolumeShare")
    priceAgeMax = fills.whole("priceAgeMaxMilliseconds") * 1_000_000
    selfTrade = fills.choice("selfTrade")
    let queue = venue.object("queue")
    self.queue = queue.choice("model")
    queuePower = Double(queue.text("power")) ?? 1
    let latency = venue.object("latency")
    let constant = venue.whole("latencyMilliseconds") * 1_000_000
    orderLatency = LatencyConfiguration(latency["order"], constant: constant)
    reportLatency = LatencyConfiguration(latency["report"], constant: 0)
    feedLatency = LatencyConfiguration(latency["feed"], constant: 0)
    let fees = venue.object("fees")
    tiers = fees.objects("tiers").map {
      FeeTier(
        volume: (try? DecimalText.parseWide($0.text("volume"), exponent: Money.exponent)) ?? 0,
        maker: $0.share("maker"), taker: $0.share("taker"))
    }
    if tiers.isEmpty {
      tiers = [FeeTier(volume: 0, maker: venue.share("makerFee"), taker: venue.share("takerFee"))]
    }
    feeCurrency = fees.choice("currency")
    feeAsset = fees["asset"]?.string ?? ""
    feeAssetRate =
      fees["assetRate"]?.string.flatMap { try? DecimalText.parse($0, exponent: -8) } ?? 0
    let slippage = venue.object("slippage")
    self.slippage = slippage.choice("model")
    slippageAmount =
      self.slippage == .ticks ? slippage.whole("ticks") : slippage.share("share")
    slippageWindow = slippage.whole("windowSeconds") * 1_000_000_000
    slippageDecay = slippage.whole("decaySeconds") * 1_000_000_000
    let funding = venue.object("funding")
    fundingInterval = funding.whole("everyMinutes") * 60_000_000_000
    fundingRate = funding.share("rate")
    let margin = venue.object("margin")
    liquidation = margin.choice("liquidation")
    liquidationFee = margin.share("fee")
    let faults = venue.object("faults")
    rejects = faults.share("rejects")
    losses = faults.share("losses")
    outages = faults.objects("outages").map {
      Outage(start: $0.time("from"), end: $0.time("until"), kind: $0.choice("commands"))
    }
  }
}

extension LatencyConfiguration {
  /// Where the leg is not described, it takes `constant`.
  fileprivate init(_ leg: JSONValue?, constant: Int64) {
    guard let leg else {
      self.init(
        model: .constant, middle: constant, deviation: 0, least: 0, most: constant, steps: [])
      return
    }
    let model: Model = leg.choice("model")
    let deviation =
      model == .logNormal
      ? leg.share("deviation") : leg.whole("deviationMicroseconds") * 1_000
    self.init(
      model: model, middle: leg.whole("microseconds") * 1_000, deviation: deviation,
      least: leg.whole("leastMicroseconds") * 1_000, most: leg.whole("mostMicroseconds") * 1_000,
      steps: leg.objects("steps").map {
        Step(time: $0.time("from"), delay: $0.whole("microseconds") * 1_000)
      })
  }
}

extension JSONValue {
  /// A mantissa of 10^-6.
  fileprivate func share(_ key: String) -> Int64 {
    (try? DecimalText.parse(text(key), exponent: -6)) ?? 0
  }
  fileprivate func time(_ key: String) -> Int64 {
    UTCTime.parse(text(key))?.nanoseconds ?? 0
  }
}
