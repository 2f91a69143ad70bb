import Foundation
import JSON
import Kernel
import Market
import Storage
import TestSupport
import Testing

@testable import Sessions

/// `keel halt`, `keel resume` and `keel kill`.
@Suite(.serialized) struct TradingCommandTests {
  private let note = OperatorNote(who: "somebody", why: "a test")

  @Test func tradingIsHaltedAndResumed() throws {
    let paper = try PaperKeel()
    try paper.until("an order rests") { try paper.slot("watch")?["openOrders"]?.integer == 1 }
    let halt = try paper.run("halt", "--why", "a test")
    #expect(halt.status == 0 && halt.output == "trading: halted\n", "\(halt.errors)")
    try paper.until("it is halted") {
      try paper.status()["trading"]?["state"]?.string == "halted"
    }
    #expect(try paper.run("status").output.contains("trading: halted"))
    try paper.until("something is refused") {
      try paper.slot("watch")?["refusalReasons"]?["tradingHalted"]?.integer ?? 0 > 0
    }
    // A slot's own resume does not lift what binds everybody.
    let own = try paper.run("resume", "--slot", "watch", "--json").json
    #expect(own["state"]?.string == "halted" && own["slot"]?.string == "watch")
    #expect(try paper.run("resume").output == "trading: active\n")
    #expect(try paper.run("halt", "--slot", "trend", "--reducing").status == 0)
    try paper.until("one slot may only reduce") {
      let trading = try paper.status()["trading"]
      return trading?["state"]?.string == "active"
        && trading?["slots"]?["trend"]?.string == "reducing"
        && trading?["slots"]?["watch"]?.string == "active"
    }
    #expect(try paper.run("halt", "--slot", "trnd").status == 4)
    #expect(try paper.run("kill", "--slot", "watch").output.contains("cancelling"))
    #expect(try paper.run("stop").status == 0)
    #expect(try paper.keel.wait().status == 0)
    let dump = try paper.run("journal", "dump", "run.journal", "--type", "trading", "--json")
    let records = try dump.output.split(separator: "\n").map { try JSONValue.parse(String($0)) }
    #expect(
      records.map { $0["state"]?.string } == ["halted", "active", "active", "reducing", "halted"])
    #expect(records.map { $0["slot"]?.string } == ["host", "watch", "host", "trend", "watch"])
    #expect(records[0]["who"]?.string == NSUserName() && records[0]["why"]?.string == "a test")
    #expect(records[4]["kill"]?.bool == true && records[0]["kill"]?.bool == false)
    try JournalFacts.expectReplay(paper.journal)
  }

  @Test func aKillCancelsAndClosesWhatIsHeld() throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal)
    try session.runUntilOrderRests("watch")
    try session.run(until: "trend holds something") {
      session.openOrderIDs(slot: "trend").isEmpty
        && session.kernel.state.positions[session.number(of: "trend"), .init(rawValue: 0)]
          .quantity != 0
    }
    let open = session.openOrderCount
    let time = session.now
    let answer = try session.order(.kill(flattens: true), slot: nil, note)
    #expect(answer.orders == open && answer.positions >= 1 && answer.state == .halted)
    // Not with the next data, but at once.
    #expect(try session.nextTime() == time)
    try session.run(turns: 1)
    #expect(session.now == time)
    try session.run(turns: 100)
    for slot in ["trend", "watch"] {
      let open = session.openOrderTexts(slot: slot)
      #expect(open.isEmpty, "\(open)")
      for instrument in 0..<UInt32(2) {
        let position = session.kernel.state.positions[
          session.number(of: slot), .init(rawValue: instrument)]
        #expect(position.quantity == 0, "\(slot), \(instrument): \(position)")
      }
    }
    #expect(session.kernel.killFlags(of: 0) == 0 && session.kernel.risk.tradingState == .halted)
    try session.finish()
    try JournalFacts.expectReplay(journal)
  }

  @Test func aParkedSlotIsNotInTheWay() throws {
    let fixture = try SessionFixture()
    let session = try fixture.session(journal: fixture.journalPath())
    try session.runUntilOrderRests("watch")
    session.kernel.attach(nil, to: session.number(of: "watch"))
    let answer = try session.order(.kill(flattens: false), slot: "watch", note)
    #expect(answer.orders >= 1)
    try session.run(until: "nothing is open") { session.openOrderIDs(slot: "watch").isEmpty }
    #expect(session.isParked("watch"))
    #expect(session.kernel.risk.tradingState == .active)
    try session.finish()
  }

  /// A later halt does not call a kill off.
  @Test func aHaltLetsAKillGoOn() throws {
    let fixture = try SessionFixture()
    let session = try fixture.session(journal: fixture.journalPath())
    try session.runUntilOrderRests("watch")
    _ = try session.order(.kill(flattens: true), slot: nil, note)
    try session.run(turns: 1)
    #expect(session.kernel.killFlags(of: 0) != 0)
    let answer = try session.order(.reduce, slot: nil, note)
    #expect(answer.state == .reducing)
    try session.run(turns: 1)
    #expect(session.kernel.killFlags(of: 0) != 0)
    _ = try session.order(.resume, slot: nil, note)
    try session.run(turns: 1)
    #expect(session.kernel.killFlags(of: 0) == 0)
    try session.finish()
  }
}
