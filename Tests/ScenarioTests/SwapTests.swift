import History
import PluginHost
import Kernel
import TestSupport
import Testing

@testable import Sessions

/// A swap that succeeds: what it keeps, and what it tells.
@Suite struct SwapTests {
  @Test func theOrderStaysAndTheCodeChanges() throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal)
    try session.run(turns: 60)
    try session.runUntilOrderRests("trend")
    try session.beginSwap(
      slot: "trend", to: .path(try BuiltProducts.library("SMACrossover2")),
      options: .brief(shadow: 0))
    // The order of this moment is in the market until the new code has decided for the first time.
    let before = session.openOrderIDs(slot: "trend")
    try session.run(until: "switched") { session.lastSwap.outcome != .running }
    let report = session.lastSwap
    #expect(report.outcome == .probation)
    #expect(session.generation(of: "trend") == 2)
    #expect(session.version(of: "trend") == "2.0.0")
    for id in before {
      let order = try #require(session.order(id))
      #expect(order.slot == session.number(of: "trend") && order.generation == 1)
    }
    #expect(report.ordersAdopted == session.openOrderIDs(slot: "trend").count)
    #expect(report.steps.contains { $0.name == "create" && $0.detail.contains("version 1 loaded") })
    try session.runUntilSwapEnds("trend")
    #expect(session.lastSwap.outcome == .confirmed)
    let pause = try #require(session.lastSwap.pauseNanoseconds)
    #expect(pause > 0 && pause < 1_000_000_000)
    try session.run(turns: 200)
    #expect(session.generation(of: "trend") == 2)
    try session.finish()
    #expect(fixture.errors == [])
    try JournalFacts.expectReplay(journal)
  }

  /// The checking strategy keeps one order open from its first quote to the end.
  @Test func nothingIsSkippedOrGivenTwice() throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal)
    try session.runUntilOrderRests("watch")
    try session.run(turns: 50)
    let resting = session.restingOrderIDs("watch")
    #expect(resting.count == 1)
    let report = try session.swap(
      "watch", to: try SessionFixture.watcher(["VERSION": "\"2.0.0\""]))
    #expect(report.outcome == .confirmed && report.ordersAdopted == 1)
    #expect(report.pauseNanoseconds != nil)
    #expect(session.restingOrderIDs("watch") == resting)
    try session.run(turns: 150)
    let facts = try session.watched()
    try session.finish()
    #expect(session.restingOrderIDs("watch") == resting)
    #expect(fixture.errors == [])
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
    #expect(facts.batches == session.batches(of: "watch"))
    try JournalFacts.expectReplay(journal)
  }

  /// The same code under another version trades as if nothing had happened.
  @Test func carriedStateDecidesTheSame() throws {
    func run(swapping: Bool) throws -> JournalFacts {
      let fixture = try SessionFixture()
      let journal = fixture.journalPath()
      let session = try fixture.session(journal: journal)
      try session.run(turns: 100)
      if swapping {
        var options = SwapOptions.brief(shadow: 20)
        options.requireEqual = true
        let report = try session.swap(
          "watch", to: try SessionFixture.watcher(["VERSION": "\"2.0.0\""]), options)
        #expect(report.outcome == .confirmed)
      }
      while session.turns < 500, try session.step() {}
      try session.finish()
      #expect(fixture.errors == [])
      return try JournalFacts(journal)
    }
    let plain = try run(swapping: false)
    #expect(plain.orders.count > 20)
    #expect(try run(swapping: true) == plain)
  }

  /// History is what the new code declares to need, no more, whatever the journal holds.
  @Test(arguments: [0, 1, 40, 300])
  func historyIsAsLongAsDeclared(_ records: Int) throws {
    let fixture = try SessionFixture()
    let session = try fixture.session(journal: fixture.journalPath())
    try session.run(turns: 1_500)
    let other = try SessionFixture.watcher([
      "VERSION": "\"2.0.0\"", "SCHEMA": "\"test.other\"", "WARMUP": "\(records)",
    ])
    _ = try session.swap("watch", to: other)
    let warmUp = session.lastSwap.steps.first { $0.kind == .warmUp }
    #expect(warmUp?.detail == "\(records) events from history")
    try session.finish()
  }

  @Test func stateThatCannotBeReadMeansCancelFirst() throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal)
    try session.runUntilOrderRests("watch")
    try session.run(turns: 50)
    let resting = session.restingOrderIDs("watch")
    let other = try SessionFixture.watcher([
      "VERSION": "\"2.0.0\"", "SCHEMA": "\"test.other\"", "WARMUP": "1000000",
    ])
    try session.beginSwap(slot: "watch", to: .path(other), options: .brief())
    try session.run(until: "its orders are being cancelled") {
      session.lastSwap.steps.contains { $0.name == "orders" }
    }
    try session.run(until: "switched") { session.lastSwap.outcome != .running }
    #expect(session.lastSwap.ordersAdopted == 0)
    #expect(session.lastSwap.steps.contains { $0.detail.contains("not carried over") })
    #expect(resting.allSatisfy(session.isCancelled))
    try session.runUntilSwapEnds("watch")
    #expect(session.lastSwap.outcome == .confirmed)
    try session.run(turns: 100)
    // It was warmed up from the journal, so it has seen everything all the same.
    let facts = try session.watched()
    try session.finish()
    let given = try WatcherFacts(journal: journal, instrument: 1)
    #expect(facts.records == given.records && facts.sum == given.sum)
    #expect(session.restingOrderIDs("watch").count == 1)
    #expect(fixture.errors == [])
    try JournalFacts.expectReplay(journal)
  }

  @Test func theOperatorMayCancelFirst() throws {
    let fixture = try SessionFixture()
    let session = try fixture.session()
    try session.runUntilOrderRests("watch")
    try session.run(turns: 20)
    let resting = session.restingOrderIDs("watch")
    let report = try session.swap(
      "watch", to: try SessionFixture.watcher(["VERSION": "\"2.0.0\""]),
      .brief(orders: .cancelFirst))
    #expect(report.outcome == .confirmed && report.ordersAdopted == 0)
    #expect(resting.allSatisfy(session.isCancelled))
    try session.finish()
    #expect(fixture.errors == [])
  }

  @Test func anAlphaIsReplacedToo() throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal)
    try session.run(turns: 100)
    let report = try session.swap(
      "momentum", to: try BuiltProducts.library("Momentum"), .brief(requireEqual: true))
    #expect(report.outcome == .confirmed)
    #expect(session.generation(of: "momentum") == 2)
    try session.finish()
    #expect(fixture.errors == [])
    try JournalFacts.expectReplay(journal)
  }

  @Test func oneSlotsSwapDoesNotTouchAnother() throws {
    let fixture = try SessionFixture()
    let session = try fixture.session()
    try session.run(turns: 100)
    let next = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    try session.beginSwap(slot: "watch", to: .path(next), options: .brief(probation: 20))
    try session.run(turns: 3)
    try session.beginSwap(
      slot: "trend", to: .path(try BuiltProducts.library("SMACrossover2")), options: .brief())
    try session.run(until: "both are over") {
      !session.isSwapping(slot: "watch") && !session.isSwapping(slot: "trend")
    }
    #expect(session.outcome(0) == .confirmed && session.outcome(1) == .confirmed)
    #expect(session.generation(of: "watch") == 2 && session.generation(of: "trend") == 2)
    #expect(session.generation(of: "momentum") == 1)
    try session.finish()
    #expect(fixture.errors == [])
  }
}
