import Foundation
import JSON
import TestSupport
import Testing

/// Workers of the program itself, in a process of its own.
@Suite struct WorkerProgramTests {
  private func paper() throws -> PaperKeel {
    let fixture = try SessionFixture()
    let text = fixture.configurationText(WorkerSessionTests.isolate(["watch", "momentum"]))
    try text.write(
      toFile: fixture.folder.file("strategies.json"), atomically: true, encoding: .utf8)
    return try PaperKeel(["paper", "--speed", "20"], fixture: fixture)
  }

  private func workers(_ paper: PaperKeel) throws -> [Int32] {
    try ["momentum", "watch"].map { name in
      let process = try #require(try paper.slot(name)?["worker"]?.integer)
      return Int32(process)
    }
  }

  private func isGone(_ process: Int32) -> Bool { kill(process, 0) != 0 && errno == ESRCH }

  /// No worker outlives a host, not even one that had no time to say anything.
  @Test func aKilledHostLeavesNoWorkerBehind() throws {
    let paper = try paper()
    let workers = try workers(paper)
    #expect(workers.count == 2 && workers.allSatisfy { $0 > 0 && !isGone($0) })
    paper.keel.send(signal: SIGKILL)
    _ = try paper.keel.wait()
    let deadline = Date(timeIntervalSinceNow: 5)
    while !workers.allSatisfy(isGone), Date() < deadline { usleep(5_000) }
    #expect(workers.allSatisfy(isGone))
  }

  @Test func statusShowsTheWorkerAndAStopEndsIt() throws {
    let paper = try paper()
    let workers = try workers(paper)
    let text = try paper.run("status").output
    #expect(text.contains("watch: in worker \(workers[1]), sandbox: "))
    kill(workers[1], SIGKILL)
    try paper.until("it is started again") {
      try paper.slot("watch")?["restarts"]?.integer == 1
        && paper.slot("watch")?["state"]?.string == "live"
    }
    #expect(try paper.run("status").output.contains("; started again 1 time"))
    let last = try self.workers(paper)
    _ = try paper.run("stop")
    #expect(try paper.keel.wait().status == 0)
    #expect(last.allSatisfy(isGone))
    let replay = try paper.run("journal", "replay", paper.journal)
    #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
  }

  @Test func codeIsSwappedIntoAWorkerByAnOption() throws {
    let paper = try PaperKeel()
    #expect(try paper.slot("watch")?["isolation"]?.string == "guard")
    let build = try SessionFixture.watcher(["VERSION": "\"2.0.0\""])
    let swap = try paper.run(
      "swap", "watch", build, "--isolation", "process", "--shadow", "3")
    #expect(swap.status == 0, "\(swap.output)\(swap.errors)")
    #expect(try paper.slot("watch")?["isolation"]?.string == "process")
    _ = try paper.run("stop")
    _ = try paper.keel.wait()
  }

  /// A person who types it is told what it is not.
  @Test func theVerbIsNotForPeople() throws {
    let folder = TemporaryDirectory()
    let outcome = try SpawnedKeel.run(["worker"], in: folder)
    #expect(outcome.status == 2)
    #expect(try !SpawnedKeel.run(["--help"], in: folder).output.contains("worker"))
  }
}
