import Market
import PluginABI
import PluginBridge
import PluginHost
import Storage
import Wording

/// Market data of one source, a stretch at a time, in time order.
protocol Feed: AnyObject {
  /// The records that follow, at least one, valid until it is asked again; nil at the end.
  func more(after now: Timestamp) throws(SessionError) -> UnsafeRawBufferPointer?
}

/// A tape, read where it lies, a stretch at a time; what was read need not stay in memory. Where
/// its ids are not the session's, its records are copied with those.
final class TapeFeed: Feed {
  private let tape: Tape
  private let map: [InstrumentID]?
  private let end: Int
  private var next: Int
  private var copies: RecordBuffer?
  /// Read at a time, and what a tape read before may keep in memory.
  private static let stride = 1 << 20
  private static let memory = 16 << 20
  private var forgotten = 0

  init(_ tape: Tape, from: Timestamp?, to: Timestamp?, map: [InstrumentID]) {
    self.tape = tape
    let range = tape.range(from: from?.nanoseconds, to: to?.nanoseconds)
    next = range.lowerBound
    end = range.upperBound
    let isOwn = map.enumerated().allSatisfy { $0.offset == $0.element.index }
    self.map = isOwn ? nil : map
    if !isOwn { copies = RecordBuffer(capacity: 2 * Self.stride + TapeWriter.recordBytesMax) }
    tape.expectSequentialReading()
  }

  func more(after now: Timestamp) throws(SessionError) -> UnsafeRawBufferPointer? {
    guard next < end else { return nil }
    if next - forgotten > Self.memory {
      tape.forget(before: next)
      forgotten = next
    }
    let stop = Swift.min(end, tape.endOfBlock(holding: Swift.min(next + Self.stride, end)))
    // Each block is held against its checksum when it is come to: no run goes on with damage.
    do throws(StorageError) { try tape.verify(next..<stop) } catch { throw SessionError(error) }
    let stretch = UnsafeRawBufferPointer(rebasing: tape.records[next..<stop])
    next = stop
    guard let map else { return stretch }
    copies?.removeAll()
    for record in RecordReader(stretch) {
      guard let header = copies?.append(record.bytes) else { break }
      let index = record.instrument.index
      if index < map.count { header.pointee.inst = map[index].rawValue }
    }
    return copies?.bytes
  }
}

/// A data provider plugin, asked for a little more of its future whenever its records run out.
final class ProviderFeed: Feed {
  let name: String
  let instance: PluginInstance
  private var horizon: Timestamp
  private var hasEnded = false
  private static let stride = Nanoseconds.milliseconds(250)
  /// Polls without a record, and records without a later time, before a source counts as stuck.
  private static let patience = 1_000_000
  private var newest: Timestamp
  private var still = 0

  init(name: String, instance: PluginInstance, start: Timestamp) {
    self.name = name
    self.instance = instance
    horizon = start
    newest = start
  }

  func more(after now: Timestamp) throws(SessionError) -> UnsafeRawBufferPointer? {
    var polls = 0
    while !hasEnded {
      guard polls < Self.patience else {
        throw SessionError(
          .setup, name, "it published nothing in \(polls) polls and did not end",
          remedy: "check its parameters and the instruments it is asked for")
      }
      polls += 1
      let answer = try poll()
      hasEnded = answer.ended
      if !answer.records.isEmpty {
        try check(answer.records)
        return answer.records
      }
      let next = answer.next.map(Timestamp.init(nanoseconds:)) ?? horizon
      horizon = Swift.max(next, Swift.max(now, horizon) + Self.stride)
    }
    return nil
  }

  private func poll() throws(SessionError) -> (
    records: UnsafeRawBufferPointer, next: Int64?, ended: Bool
  ) {
    do throws(PluginHostError) { return try instance.poll(until: horizon.nanoseconds) } catch {
      throw SessionError(error, at: name)
    }
  }

  /// A source that runs ahead of what it was asked for, or whose time stands still, would take the
  /// session's clock with it.
  private func check(_ records: UnsafeRawBufferPointer) throws(SessionError) {
    for record in RecordReader(records) {
      guard record.time <= horizon else {
        throw SessionError(
          .setup, name,
          "it published a record of \(UTCTime.text(record.time)), later "
            + "than it was asked for",
          remedy: "publish what is due up to `until`, and say in *next when there is more")
      }
      still = record.time > newest ? 0 : still + 1
      newest = Swift.max(newest, record.time)
      guard still <= Self.patience else {
        throw SessionError(
          .setup, name, "its last \(still) records have no later time than those before",
          remedy: "check what it does for ts_recv")
      }
    }
  }
}

/// All sources as one. The order of records with equal times is the order of the sources in the
/// configuration, then the order in which each gave them.
struct FeedMerge {
  /// A source and its next record, kept here so that looking for the next one asks nobody.
  private struct Source {
    let feed: any Feed
    var reader = RecordReader(UnsafeRawBufferPointer(start: nil, count: 0))
    var head: Record?
    var hasEnded = false
  }
  private var sources: [Source] = []

  mutating func add(_ feed: any Feed) { sources.append(Source(feed: feed)) }

  mutating func nextTime(after now: Timestamp) throws(SessionError) -> Timestamp? {
    var next: Timestamp?
    for index in sources.indices {
      guard let time = try head(index, after: now)?.time else { continue }
      next = Swift.min(next ?? time, time)
    }
    return next
  }

  /// Hands over the records stamped up to `time`, source by source; `body` answers false to stop.
  mutating func take(
    until time: Timestamp, _ body: (Record, Int) throws(SessionError) -> Bool
  ) throws(SessionError) {
    for index in sources.indices {
      while let record = try head(index, after: time), record.time <= time {
        guard try body(record, index) else { return }
        sources[index].head = sources[index].reader.next()
      }
    }
  }

  @inline(__always)
  private mutating func head(
    _ index: Int, after now: Timestamp
  ) throws(SessionError) -> Record? {
    if let head = sources[index].head { return head }
    return sources[index].hasEnded ? nil : try refill(index, after: now)
  }

  private mutating func refill(
    _ index: Int, after now: Timestamp
  ) throws(SessionError) -> Record? {
    while sources[index].head == nil {
      guard let records = try sources[index].feed.more(after: now) else {
        sources[index].hasEnded = true
        return nil
      }
      sources[index].reader = RecordReader(records)
      sources[index].head = sources[index].reader.next()
    }
    return sources[index].head
  }
}
