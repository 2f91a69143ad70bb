import Foundation
import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

/// Real venues' messages against the books that another program made of them. Skipped where the
/// recordings are not: they are no part of the package. KEEL_SOAK_ALL takes whole files.
@Suite(.enabled(if: RecordedFeed.isPresent, Comment(rawValue: RecordedFeed.absence)))
struct RecordedBookTests {
  private static let sequenced = [
    "binance_spot_BTCUSDT_20240808.feed", "binance_spot_NKNUSDT_20211012.feed",
    "binanceus_spot_COMPUSDT.feed", "binance_usdm_BTCUSDT_20240808.feed",
    "binance_usdm_AKROUSDT_20210722.feed", "binance_usdm_SUSHIUSDT_20210722.feed",
  ]
  private static let okx = "okx_BTC-USDT_20220513.feed"
  private static let deribit = "deribit_options_a_20210722.feed"

  private func feed(_ file: String) throws -> RecordedFeed {
    let all = ProcessInfo.processInfo.environment["KEEL_SOAK_ALL"] != nil
    return try RecordedFeed(file, first: all ? nil : 120)
  }

  private func isSame(_ side: BookSide, _ levels: [RecordedFeed.BookText]) -> Bool {
    zip(side, levels).allSatisfy {
      $0.price.mantissa == $1.price && $0.quantity.mantissa == $1.quantity
    }
  }

  @Test(arguments: sequenced + [okx, deribit])
  func everyCheckpointAgrees(_ file: String) throws {
    let feed = try feed(file)
    let books = RecordedBooks(levels: 4_096)
    var rest = feed.checkpoints[...]
    for message in feed.messages {
      books.give(message)
      let book = try #require(books.book(message.instrument))
      #expect(book.isValid, "\(file) after \(message.name): \(String(describing: book.fault))")
      while let checkpoint = rest.first, checkpoint.name == message.name {
        rest.removeFirst()
        #expect(isSame(book.bids, checkpoint.bids), "\(file), bids at \(checkpoint.name)")
        #expect(isSame(book.asks, checkpoint.asks), "\(file), asks at \(checkpoint.name)")
        #expect(book.bids.count == checkpoint.bidCount, "\(file) at \(checkpoint.name)")
        #expect(book.asks.count == checkpoint.askCount, "\(file) at \(checkpoint.name)")
        books.checkInvariants()
      }
    }
    #expect(rest.isEmpty && feed.checkpoints.count > 2, "\(file): \(rest.count) not met")
  }

  /// A shallow book knows less, and nothing else.
  @Test(arguments: sequenced + [okx])
  func aShallowBookIsTheBestOfTheDeepOne(_ file: String) throws {
    let feed = try feed(file)
    let (deep, shallow) = (RecordedBooks(levels: 4_096), RecordedBooks(levels: 48))
    var compared = 0
    for message in feed.messages {
      deep.give(message)
      shallow.give(message)
      let all = try #require(deep.book(0))
      let some = try #require(shallow.book(0))
      guard some.isValid else {
        #expect(some.fault == .horizonReached)
        break
      }
      let agrees =
        some.bids.elementsEqual(all.bids.prefix(some.bids.count))
        && some.asks.elementsEqual(all.asks.prefix(some.asks.count))
      #expect(agrees, "\(file) after \(message.name)")
      #expect(some.bids.isTruncated && some.asks.isTruncated)
      compared += 1
    }
    #expect(compared > 30)
  }

  @Test(arguments: sequenced, [1, 2, 3] as [UInt64])
  func aLostMessageIsFoundByTheNext(_ file: String, _ seed: UInt64) throws {
    var messages = try feed(file).messages
    var random = SeededGenerator(seed: seed)
    let snapshot = messages[0].venueSequence
    let first = try #require(messages.firstIndex { $0.venueSequence > snapshot })
    let lost = Int.random(in: first..<messages.count - 1, using: &random)
    messages.remove(at: lost)
    let books = RecordedBooks(levels: 4_096)
    for (index, message) in messages.enumerated() {
      books.give(message)
      let expected: OrderBook.Fault? = index < lost ? nil : .sequenceGap
      let book = try #require(books.book(0))
      #expect(book.fault == expected, "\(file) at \(index), lost \(lost)")
      #expect(books.isGapped(0) == (index >= lost))
    }
    #expect(books.book(0)?.breaks == 1)
    books.give(messages[0])
    #expect(books.book(0)?.isValid == true && !books.isGapped(0))
  }

  /// The venue's own proof, over the best 25 levels, after every message.
  @Test func everyChecksumOfOKXAgrees() throws {
    let books = RecordedBooks(levels: 4_096)
    let messages = try feed(Self.okx).messages
    for message in messages {
      books.give(message)
      let checksum = try #require(message.checksum)
      #expect(books.book(0).map(OKXChecksum.of) == checksum, "at \(message.name)")
    }
    #expect(messages.count > 90)
  }

  /// Where no sequence is told the adapter sees a loss by the checksum, and says so.
  @Test func aLossSeenByTheChecksumBreaksTheBook() throws {
    let whole = try feed(Self.okx).messages
    var found = 0
    for seed in 1...8 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      var messages = whole
      let lost = Int.random(in: 1..<messages.count - 1, using: &random)
      messages.remove(at: lost)
      let books = RecordedBooks(levels: 4_096)
      for (index, message) in messages.enumerated() {
        books.give(message)
        if index < lost { #expect(books.book(0)?.isValid == true) }
        guard let book = books.book(0), book.isValid, OKXChecksum.of(book) != message.checksum
        else { continue }
        books.giveGap(0)
        #expect(books.book(0)?.fault == .reported)
      }
      if books.book(0)?.isValid == false { found += 1 }
    }
    #expect(found == 8)
  }
}

/// What OKX computes over the best 25 levels of both sides, CRC-32 of their texts in turn.
private enum OKXChecksum {
  static func of(_ book: OrderBook) -> Int32 {
    var parts: [String] = []
    for index in 0..<25 {
      for side in [book.bids, book.asks] where index < side.count {
        parts += [text(side[index].price.mantissa), text(side[index].quantity.mantissa)]
      }
    }
    var remainder: UInt32 = .max
    for byte in parts.joined(separator: ":").utf8 {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return Int32(bitPattern: ~remainder)
  }

  private static func text(_ mantissa: Int64) -> String {
    DecimalText.format(Int128(mantissa), exponent: RecordedFeed.exponent, trimming: true)
  }
}
