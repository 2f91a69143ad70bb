import PluginSDK

/// The bar now being built from trades; it closes on whole multiples of its interval.
struct BarInProgress {
  var interval: Nanoseconds
  private(set) var open = Price(mantissa: 0)
  private(set) var high = Price(mantissa: 0)
  private(set) var low = Price(mantissa: 0)
  private(set) var close: Price
  private(set) var volume = Quantity.zero
  private var closesAt: Timestamp?

  init(interval: Nanoseconds, at price: Price) {
    self.interval = interval
    close = price
  }

  /// The closing time when it lies at or before `time`; the next bar then begins.
  mutating func closing(by time: Timestamp) -> Timestamp? {
    defer {
      if closesAt == nil || closesAt! <= time { closesAt = boundary(after: time) }
    }
    guard let closesAt, closesAt <= time else { return nil }
    return closesAt
  }

  mutating func add(_ price: Price, _ quantity: Quantity) {
    if volume.isZero {
      open = price
      high = price
      low = price
    }
    high = max(high, price)
    low = min(low, price)
    close = price
    volume = volume + quantity
  }

  /// As it stands; a bar without a trade is flat at the last close.
  mutating func take() -> BarInProgress {
    if volume.isZero {
      open = close
      high = close
      low = close
    }
    let finished = self
    volume = .zero
    return finished
  }

  private func boundary(after time: Timestamp) -> Timestamp {
    let begun = FixedPoint.floor(time.nanoseconds, toMultipleOf: interval.count)
    return Timestamp(nanoseconds: begun) + interval
  }
}
