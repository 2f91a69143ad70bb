import Market
import PluginABI
import PluginBridge
import PluginHost
import Storage
import Wording

/// Market data of one source, one record at a time, in time order.
protocol Feed: AnyObject {
  /// The next record, without taking it; nil at the end.
  func peek(after now: Timestamp) throws(SessionError) -> Record?
  func take()
}

/// A tape, read where it lies.
final class TapeFeed: Feed {
  private let tape: Tape
  private var reader: RecordReader
  private var head: Record?

  init(_ tape: Tape) {
    self.tape = tape
    reader = RecordReader(tape.records)
    head = reader.next()
  }

  func peek(after now: Timestamp) -> Record? { head }
  func take() { head = reader.next() }
}

/// A data provider plugin, asked for a little more of its future whenever its records run out.
final class ProviderFeed: Feed {
  let name: String
  let instance: PluginInstance
  private var reader = RecordReader(UnsafeRawBufferPointer(start: nil, count: 0))
  private var head: Record?
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

  func take() { head = reader.next() }

  func peek(after now: Timestamp) throws(SessionError) -> Record? {
    var polls = 0
    while head == nil, !hasEnded {
      guard polls < Self.patience else {
        throw SessionError(
          .setup, name, "it published nothing in \(polls) polls and did not end",
          remedy: "check its parameters and the instruments it is asked for")
      }
      polls += 1
      do {
        let answer = try instance.poll(until: horizon.nanoseconds)
        reader = RecordReader(answer.records)
        head = reader.next()
        hasEnded = answer.ended
        guard head == nil else { break }
        let next = answer.next.map(Timestamp.init(nanoseconds:)) ?? horizon
        horizon = Swift.max(next, Swift.max(now, horizon) + Self.stride)
      } catch {
        throw SessionError(error, at: name)
      }
    }
    if let head { try check(head) }
    return head
  }

  /// A source that runs ahead of what it was asked for, or whose time stands still, would take the
  /// session's clock with it.
  private func check(_ record: Record) throws(SessionError) {
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

/// All sources as one. The order of records with equal times is the order of the sources in the
/// configuration, then the order in which each gave them.
struct FeedMerge {
  private(set) var feeds: [any Feed] = []

  mutating func add(_ feed: any Feed) { feeds.append(feed) }

  func nextTime(after now: Timestamp) throws(SessionError) -> Timestamp? {
    var next: Timestamp?
    for feed in feeds {
      guard let record = try feed.peek(after: now) else { continue }
      next = Swift.min(next ?? record.time, record.time)
    }
    return next
  }

  /// Hands over the records stamped up to `time`, source by source; `body` answers false to stop.
  func take(
    until time: Timestamp, _ body: (Record, Int) throws(SessionError) -> Bool
  ) throws(SessionError) {
    for (source, feed) in feeds.enumerated() {
      while let record = try feed.peek(after: time), record.time <= time {
        guard try body(record, source) else { return }
        feed.take()
      }
    }
  }
}
