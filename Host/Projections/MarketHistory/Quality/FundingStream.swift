import Market
import PluginABI
import PluginBridge

/// The funding rates of one instrument from one source: each time a rate is due, it should be told
/// once at least, and settled once.
struct FundingStream: QualityStream {
  let key: StreamKey
  private var order = StreamOrder()
  private var count = 0
  private var distinct = 0
  private var first: Timestamp?
  private var last: Timestamp?
  /// When the newest rate is due, and whether a record told it at that time or later.
  private var due: Timestamp?
  private var isSettled = false
  private var distances = DueDistances()

  /// Beyond so much of what is held: no venue lets a rate go further, and a percentage read as a
  /// fraction mostly does.
  private static let rateMax = 0.1

  init(_ key: StreamKey, _ options: QualityOptions) { self.key = key }

  mutating func take(_ place: RecordPlace, into log: inout FindingLog) {
    guard let funding = place.record.cast(to: keel_ev_funding.self)?.pointee else { return }
    count += 1
    first = first ?? place.time
    last = place.time
    order.takeVenueTime(place, into: &log)
    checkRate(funding, place, into: &log)
    let now = Timestamp?(abi: funding.due) ?? place.time
    let settles = place.time >= now
    guard let before = due, now <= before else {
      if let before = due {
        distances.add((now - before).count, since: before, record: place.number)
      }
      (due, isSettled) = (now, settles)
      distinct += 1
      return
    }
    // Until it is due a rate is an estimate, told again and again.
    if settles, now == before, isSettled {
      log.add(place.finding(.duplicateFunding))
    } else if !settles {
      order.takeRepetition(place, into: &log)
    }
    if now == before { isSettled = isSettled || settles }
  }

  private func checkRate(
    _ funding: keel_ev_funding, _ place: RecordPlace, into log: inout FindingLog
  ) {
    guard funding.rate != KEEL_NULL, funding.rate_exp <= 0, funding.rate_exp >= -18,
      let scale = FixedPoint.powerOfTen(-Int(funding.rate_exp))
    else { return log.add(place.finding(.badFunding)) }
    let rate = Double(funding.rate) / Double(scale)
    if rate.magnitude > Self.rateMax {
      log.add(place.finding(.badFunding, .basisPoints(rate * 10_000)))
    }
  }

  mutating func finish(into log: inout FindingLog) -> StreamSummary {
    let interval = distances.usual
    let missing = distances.tell(key.instrument, into: &log)
    let expected = distinct + missing
    return StreamSummary(
      key: key, records: count, first: first, last: last,
      medianSpacing: interval.map { Nanoseconds($0) },
      coverage: expected > 0 ? Double(distinct) / Double(expected) : 1, missing: missing)
  }
}

/// How far apart the times are at which rates are due. The distance found most often is the
/// interval; what is longer lacks rates. Bounded.
private struct DueDistances: Sendable {
  private struct Distance: Sendable {
    /// To the nearest minute: venues settle some milliseconds late.
    let length: Int64
    var count = 0
    var began: Timestamp
    var record: Int
  }

  private var distances: [Distance] = []
  private static let minute: Int64 = 60_000_000_000
  private static let kindsMax = 256

  mutating func add(_ nanoseconds: Int64, since began: Timestamp, record: Int) {
    let length = (nanoseconds + Self.minute / 2) / Self.minute * Self.minute
    if let place = distances.firstIndex(where: { $0.length == length }) {
      distances[place].count += 1
    } else if distances.count < Self.kindsMax {
      distances.append(Distance(length: length, count: 1, began: began, record: record))
    }
  }

  /// The shorter one of two that are as common.
  var usual: Int64? {
    distances.filter { $0.length > 0 }.max {
      ($0.count, -$0.length) < ($1.count, -$1.length)
    }?.length
  }

  /// How many rates are missing.
  func tell(_ instrument: InstrumentID, into log: inout FindingLog) -> Int {
    guard let usual else { return 0 }
    var missing = 0
    for hole in distances where hole.length >= usual / 2 * 3 {
      let each = Int((hole.length + usual / 2) / usual - 1)
      missing += each * hole.count
      log.add(
        Finding(
          .missingFunding, instrument, at: hole.began, record: hole.record, .count(each)),
        count: hole.count)
    }
    return missing
  }
}
