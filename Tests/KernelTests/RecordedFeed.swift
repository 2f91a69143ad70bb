import Foundation
import Market
import PluginABI
import PluginBridge
import TestSupport

/// Book messages of a venue as they were recorded, turned into records the way an adapter turns
/// them, and the book that another program made of them. Every number at exponent -8.
struct RecordedFeed {
  struct Message {
    var instrument = 0
    var records: [keel_ev_book] = []
    /// What the venue calls this state of the book; checkpoints name it too.
    var name = ""
    /// OKX: of the best 25 levels a side, as they are after this message.
    var checksum: Int32?
    var isSnapshot = false
    var venueSequence: UInt64 { records[0].venue_seq }
  }

  /// The best ten levels a side, and how many there are.
  struct Checkpoint {
    let name: String
    let bids: [BookText]
    let asks: [BookText]
    let bidCount: Int
    let askCount: Int
  }

  struct BookText: Equatable {
    let price: Int64
    let quantity: Int64
  }

  static let exponent = -8
  let messages: [Message]
  let checkpoints: [Checkpoint]

  /// Beside the package, or where KEEL_SHARED_DATA says.
  static let folder: String = {
    let place = ProcessInfo.processInfo.environment["KEEL_SHARED_DATA"]
    return (place ?? "\(CPluginCompiler.root)/../shared/data") + "/exchange/recordings"
  }()
  static let isPresent = FileManager.default.fileExists(
    atPath: "\(folder)/book_checkpoints.json")
  static let absence = "there are no recordings in \(folder); KEEL_SHARED_DATA says where they are"

  /// The first `count` book messages; nil: all.
  init(_ file: String, first count: Int?) throws {
    let all = try Self.object(
      Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/book_checkpoints.json")))
    let entry = all[file] as? [String: Any] ?? [:]
    let venue = RecordedVenue(rawValue: entry["exchange"] as? String ?? "")
    guard let venue else { throw ToolFailure(text: "\(file): a venue of no known format") }
    let text = try String(contentsOfFile: "\(Self.folder)/\(file)", encoding: .utf8)
    var messages: [Message] = []
    // Until a fetched full picture is there, an adapter keeps what comes.
    var kept: [Message] = []
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 2)
      guard parts.count == 3, messages.count < count ?? .max,
        let message = try venue.message(String(parts[2]), isFetched: parts[1] != "ws")
      else { continue }
      if message.isSnapshot {
        messages += [message] + kept
        kept = []
      } else if messages.isEmpty {
        kept.append(message)
      } else {
        messages.append(message)
      }
    }
    self.messages = messages
    let names = Set(messages.map(\.name))
    checkpoints = try (entry["checkpoints"] as? [[String: Any]] ?? [])
      .map { try Self.checkpoint($0) }.filter { names.contains($0.name) }
  }

  static func object(_ data: Data) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  static func number(_ value: Any?) throws -> Int64 {
    try DecimalText.parse(text(value), exponent: exponent)
  }

  static func text(_ value: Any?) -> String {
    (value as? String) ?? (value as? NSNumber)?.stringValue ?? ""
  }

  /// By its last update; OKX has several messages of one time, which differ in their checksums.
  static func name(_ entry: [String: Any]) -> String {
    guard let checksum = entry["checksum"] else {
      return text(entry["update_id"] ?? entry["change_id"])
    }
    return text(entry["ts"]) + "/" + text(checksum)
  }

  private static func checkpoint(_ entry: [String: Any]) throws -> Checkpoint {
    func levels(_ key: String) throws -> [BookText] {
      try (entry[key] as? [[Any]] ?? []).map {
        try BookText(price: number($0[0]), quantity: number($0[1]))
      }
    }
    return Checkpoint(
      name: name(entry),
      bids: try levels("bids"), asks: try levels("asks"),
      bidCount: entry["n_bids"] as? Int ?? -1, askCount: entry["n_asks"] as? Int ?? -1)
  }
}
