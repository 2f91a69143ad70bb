import Market

/// Whether a stream's venue times go on, and whether its records repeat.
struct StreamOrder: Sendable {
  private var venueTime: Timestamp?
  private var recent = RecentNumbers(places: 256)

  mutating func takeVenueTime(_ place: RecordPlace, into log: inout FindingLog) {
    guard let time = place.venueTime else { return }
    if let before = venueTime, time < before {
      log.add(place.finding(.venueTimeBackwards, .duration(before - time)))
    } else {
      venueTime = time
    }
  }

  mutating func takeRepetition(_ place: RecordPlace, into log: inout FindingLog) {
    if recent.insert(place.fingerprint) { log.add(place.finding(.duplicateRecord)) }
  }
}
