import Market

/// What looks at the records of one stream.
protocol QualityStream {
  var key: StreamKey { get }
  init(_ key: StreamKey, _ options: QualityOptions)
  mutating func take(_ place: RecordPlace, into log: inout FindingLog)
  mutating func finish(into log: inout FindingLog) -> StreamSummary
}

/// The streams of one kind, up to a number of them.
struct StreamTable<Stream: QualityStream> {
  static var streamsMax: Int { 1_024 }

  var streams: [Stream] = []
  private var places: [StreamKey: Int] = [:]
  /// By instrument: the stream that came last.
  private var latest: [Int]

  init(instruments: Int) { latest = Array(repeating: -1, count: instruments) }

  /// nil when there is no room for another stream.
  mutating func place(of key: StreamKey, _ options: QualityOptions) -> Int? {
    let instrument = key.instrument.index
    if latest[instrument] >= 0, streams[latest[instrument]].key == key { return latest[instrument] }
    if let place = places[key] {
      latest[instrument] = place
      return place
    }
    guard streams.count < Self.streamsMax else { return nil }
    streams.append(Stream(key, options))
    places[key] = streams.count - 1
    latest[instrument] = streams.count - 1
    return streams.count - 1
  }

  func place(instrument: Int, source: UInt32) -> Int? {
    streams.firstIndex { $0.key.instrument.index == instrument && $0.key.source == source }
  }
}
