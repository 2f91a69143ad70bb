import Foundation
import JSON
import TestSupport
import Testing

@testable import Sessions

/// `kill -9` at any moment: what the journal tells is whole, and is what a replay comes to.
@Suite(.serialized) struct KilledSessionTests {
  @Test(arguments: 1...4)
  func aKilledSessionIsKnownAgain(_ round: Int) throws {
    var random = SeededGenerator(seed: UInt64(round))
    let paper = try PaperKeel(speed: ["20", "100", "max"].randomElement(using: &random)!)
    try paper.until("it has traded") { try paper.slot("watch")?["fills"]?.integer ?? 0 > 0 }
    usleep(UInt32.random(in: 0..<300_000, using: &random))
    paper.keel.send(signal: SIGKILL)
    #expect(try paper.keel.wait().status == SIGKILL)

    let answer = try paper.run("journal", "recover", "run.journal", "--json")
    #expect(answer.status == 0, "\(answer.errors)")
    let replay = try JournalReplay.run(directory: paper.journal)
    #expect(replay.difference == nil)
    let state = try #require(try answer.json["state"])
    #expect(state["turns"]?.integer == Int64(replay.turns))
    #expect(state["orders"]?.elements?.count == replay.openOrders)
    #expect(state["cash"]?.elements?.isEmpty == false)
    let recovered = try Recovery.run(directory: paper.journal)
    #expect(recovered.state == state)
    let text = try paper.run("journal", "recover", "run.journal")
    #expect(text.status == 0 && text.output.contains("watch"), "\(text.errors)")
  }
}
