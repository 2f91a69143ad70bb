import Foundation
import JSON
import Storage
import TestSupport
import Testing

@testable import Sessions

/// `keel paper` as its user meets it: a process, a socket, signals.
@Suite(.serialized) struct PaperTests {
  @Test func aSwapReachesARunningSession() throws {
    let paper = try PaperKeel()
    let next = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    try paper.until("an order rests") { try paper.slot("watch")?["openOrders"]?.integer == 1 }
    let swap = try paper.run(
      "swap", "watch", next, "--shadow", "3", "--probation", "2000", "--json")
    #expect(swap.status == 0, "\(swap.errors)")
    #expect(try swap.json["outcome"]?.string == "probation")
    #expect(try paper.slot("watch")?["version"]?.string == "2.0.0")
    #expect(try paper.slot("watch")?["state"]?.string == "probation")
    #expect(try paper.run("swap", "watch", next).status == 4)

    let rollback = try paper.run("rollback", "watch")
    #expect(rollback.status == 0 && rollback.output == "rolling back\n")
    try paper.until("the old version decides") {
      try paper.slot("watch")?["version"]?.string == "1.0.0"
    }
    #expect(try paper.run("rollback", "watch").status == 4)
    // The resting one, and at times one that is crossing.
    #expect([1, 2].contains(try paper.slot("watch")?["openOrders"]?.integer))

    #expect(try paper.run("stop").status == 0)
    let end = try paper.keel.wait()
    #expect(end.status == 0, "\(end.errors)")
    #expect(end.output.contains("SLOT") && end.output.contains("rolled back"))
    #expect(try paper.run("status").status == 5)
    try JournalFacts.expectReplay(paper.journal)
  }

  @Test func whatCannotBeSwappedInLeavesTheSessionAlone() throws {
    let paper = try PaperKeel()
    let folder = paper.fixture.folder
    let bytes = try TemporaryDirectory.bytes(of: try SessionFixture.watcher())
    try folder.write("half.so", Array(bytes.prefix(bytes.count / 2)))
    try folder.write("text.so", Array("not a library".utf8))
    #expect(try paper.run("swap", "watch", "half.so").status == 4)
    #expect(try paper.run("swap", "watch", "text.so").status == 4)
    #expect(try paper.run("swap", "watch", "none.so").status != 0)
    #expect(try paper.run("swap", "watch", "test.wotcher").status == 3)
    let slot = try paper.run("swap", "wotch", "test.watcher", "--json")
    #expect(slot.status == 4)
    #expect(try slot.json["error"]?["remedy"]?.string?.contains("watch") == true)

    // A library that ends the process, or never comes back, is tried in a child.
    let ending = try CPluginCompiler.compile(
      text: """
        #include <stdlib.h>
        #define ON_CREATE
        #include "base.h"
        __attribute__((constructor)) static void end(void) { _Exit(7); }
        """, folder: CPluginCompiler.root + "/Tests/Fixtures/BadPlugins")
    #expect(try paper.run("swap", "watch", ending).status == 4)
    let quiet = try CPluginCompiler.compile(
      text: """
        #include <stdlib.h>
        #define ON_CREATE
        #include "base.h"
        __attribute__((constructor)) static void end(void) { _Exit(0); }
        """, folder: CPluginCompiler.root + "/Tests/Fixtures/BadPlugins")
    #expect(try paper.run("swap", "watch", quiet).status == 4)
    let set = try paper.run("swap", "watch", "test.watcher", "--set", "size=[1]")
    #expect(set.status == 2 && set.errors.contains("no parameter can be [1]"), "\(set.errors)")
    #expect(try paper.slot("watch")?["generation"]?.integer == 1)

    paper.keel.send(signal: SIGINT)
    #expect(try paper.keel.wait().status == 0)
    try JournalFacts.expectReplay(paper.journal)
  }

  @Test func codeThatCrashesIsRolledBackAndTheProcessLives() throws {
    let paper = try PaperKeel(speed: "50")
    let swap = try paper.run(
      "swap", "trend", try BuiltProducts.library("SMACrossoverFaulty"), "--shadow", "3")
    // It may be over before the command has looked again.
    #expect(swap.status == (swap.output.contains("rolled back") ? 1 : 0), "\(swap.errors)")
    try paper.until("rolled back") { try paper.slot("trend")?["generation"]?.integer == 3 }
    #expect(try paper.slot("trend")?["version"]?.string == "1.0.0")
    paper.keel.send(signal: SIGTERM)
    let end = try paper.keel.wait()
    #expect(end.status == 0 && end.errors.contains("failed"))
    try JournalFacts.expectReplay(paper.journal)
  }

  @Test func aKilledSessionLeavesAJournalThatReplays() throws {
    let paper = try PaperKeel(speed: "100")
    try paper.until("it has traded") {
      try paper.slot("watch")?["fills"]?.integer ?? 0 > 2
    }
    paper.keel.send(signal: SIGKILL)
    #expect(try paper.keel.wait().status == SIGKILL)
    let verified = try paper.run("journal", "verify", "run.journal", "--json")
    #expect(verified.status == 0, "\(verified.errors)")
    let replay = try paper.run("journal", "replay", "run.journal", "--json")
    #expect(replay.status == 0, "\(replay.errors)")
    #expect(try replay.json["isEqual"]?.bool == true)
    #expect(try replay.json["fills"]?.integer ?? 0 > 2)
    // What it left behind, its socket too, is no hindrance to the next.
    #expect(try paper.run("status").status == 5)
    let next = try SpawnedKeel.run(
      ["paper", "--speed", "max", "--events", "500", "--journal", "next.journal"],
      in: paper.fixture.folder)
    #expect(next.status == 0, "\(next.errors)")
  }

  @Test func aSecondHostOfTheSameSessionIsRefused() throws {
    let paper = try PaperKeel()
    let second = try SpawnedKeel.run(
      ["paper", "--journal", "second.journal", "--events", "10"], in: paper.fixture.folder)
    #expect(second.status == 5, "\(second.errors)")
    #expect(try paper.run("stop").status == 0)
    #expect(try paper.keel.wait().status == 0)
  }
}
