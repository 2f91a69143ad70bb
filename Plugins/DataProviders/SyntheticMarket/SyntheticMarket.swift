import PluginSDK

/// An invented market: a seeded random walk per instrument with calm and wild stretches, told as
/// quotes, trades and bars. The same seed, start and subscriptions are the same records.
struct SyntheticMarket: DataProvider {
  static var info: PluginInfo {
    PluginInfo(
      id: "dev.keel.synthetic-market", name: "Synthetic market", vendor: "keel", version: "1.0.0")
  }

  private let seed: UInt64
  private let startPrice: Double
  private let interval: Nanoseconds
  private let barInterval: Nanoseconds
  private let shape: Walk.Shape
  /// 0: it never ends.
  private let eventsMax: Int

  private var walks: [Walk] = []
  private var time: Timestamp?
  /// Made but not yet taken by the feed, oldest first.
  private var pending: [Happening] = []
  private var pendingHead = 0
  private var made = 0

  init(_ setup: inout Setup) throws(PluginError) {
    seed = UInt64(setup.integer("seed", default: 1, in: 0...(1 << 52), about: "Of all chance"))
    startPrice = setup.decimal(
      "startPrice", default: 100, in: 1e-9...1e12, about: "Of every instrument")
    interval = .milliseconds(
      Int64(
        setup.integer(
          "intervalMilliseconds", default: 100, in: 1...86_400_000, unit: "ms",
          about: "Between two quotes of an instrument")))
    shape = Walk.Shape(
      volatility: setup.decimal(
        "volatility", default: 1, in: 0...1000, unit: "bps", about: "Per quote, on average") / 1e4,
      spreadTicks: Int64(
        setup.integer("spreadTicks", default: 2, in: 1...10_000, about: "From bid to ask")),
      tradeEvery: setup.integer(
        "tradeEvery", default: 3, in: 0...1_000_000, about: "Quotes between two trades; 0: none"))
    barInterval = .seconds(
      Int64(
        setup.integer(
          "barSeconds", default: 60, in: 1...86_400, unit: "s",
          about: "Of bars whose subscription names no interval")))
    eventsMax = setup.integer(
      "events", default: 0, in: 0...(1 << 52), about: "Records before the end; 0: endless")
  }

  mutating func subscribe(_ wanted: Subscription, _ feed: inout Feed) -> Bool {
    guard !wanted.types.isDisjoint(with: [.quotes, .trades, .bars]),
      let instrument = feed.instrument(wanted.instrument), let start = instrument.price(startPrice)
    else { return false }
    let index =
      walks.firstIndex { $0.instrument.id == wanted.instrument } ?? walks.endIndex
    if index == walks.endIndex {
      let own = seed &+ UInt64(wanted.instrument.rawValue) &* 0x9E37_79B9_7F4A_7C15
      walks.append(
        Walk(instrument, at: start, shape, barInterval: barInterval, SeededRandom(seed: own)))
    }
    walks[index].wanted.formUnion(wanted.types)
    if wanted.types.contains(.bars), wanted.interval > .zero {
      walks[index].bar.interval = wanted.interval
    }
    return true
  }

  mutating func unsubscribe(_ wanted: Subscription, _ feed: inout Feed) {
    for index in walks.indices where walks[index].instrument.id == wanted.instrument {
      walks[index].wanted.subtract(wanted.types)
    }
  }

  mutating func poll(until: Timestamp, _ feed: inout Feed) -> PollResult {
    guard !walks.isEmpty else { return .unknown }
    var next = time ?? start(until, feed)
    while true {
      guard flush(&feed) else {
        time = next
        return .next(pending[pendingHead].time)
      }
      if eventsMax > 0, made >= eventsMax { return .ended }
      guard next <= until else { break }
      happen(at: next)
      if eventsMax > 0, made + pending.count > eventsMax {
        pending.removeLast(made + pending.count - eventsMax)
      }
      made += pending.count
      next = next + interval
    }
    time = next
    return .next(next)
  }

  private mutating func happen(at time: Timestamp) {
    for index in walks.indices {
      walks[index].closeBar(by: time, into: &pending)
      // Bars of different intervals closed at different times: keep them in order.
      var place = pending.count - 1
      while place > 0, pending[place].time < pending[place - 1].time {
        pending.swapAt(place, place - 1)
        place -= 1
      }
    }
    for index in walks.indices { walks[index].step(at: time, into: &pending) }
  }

  private func start(_ until: Timestamp, _ feed: Feed) -> Timestamp {
    let now = feed.now
    return now.nanoseconds > 0 && now <= until ? now : until
  }

  /// False when the feed had no room for all of it.
  private mutating func flush(_ feed: inout Feed) -> Bool {
    while pendingHead < pending.count {
      guard pending[pendingHead].publish(to: feed) else { return false }
      pendingHead += 1
    }
    pending.removeAll(keepingCapacity: true)
    pendingHead = 0
    return true
  }
}
