import Foundation
import PluginABI
import Storage
import TestSupport
import Testing

@Suite struct StorageThreadTests {
  let scratch = Medium.memory.directory()
  var path: String { scratch.file("journal") }

  @Test(arguments: [true, false]) func aCommitWaitsForTheDisk(hasThread: Bool) throws {
    let faults = FaultScript()
    let options = JournalOptions(
      policy: .always, segmentBytes: 8192, hasThread: hasThread, system: faults.system)
    let writer = try JournalWriter(directory: path, session: 1, created: 0, options: options)
    faults.slowDown(microseconds: 500)
    for number in 1...200 {
      let before = faults.count(.syncMapped)
      try appendRecord(sampleTrade(number), to: writer)
      try writer.commit()
      #expect(writer.durablePosition == writer.position)
      #expect(faults.count(.syncMapped) > before)
    }
    try writer.close()
  }

  @Test func underBatchNobodyWaitsAndAllGetsThere() throws {
    let faults = FaultScript()
    let options = JournalOptions(
      policy: .batch(milliseconds: 5), segmentBytes: 1 << 20, system: faults.system)
    let writer = try JournalWriter(directory: path, session: 1, created: 0, options: options)
    for number in 1...500 {
      try appendRecord(sampleTrade(number), to: writer)
      try writer.commit()
    }
    var naps = 0
    while writer.durablePosition != writer.position, naps < 5000 {
      usleep(1000)
      naps += 1
    }
    #expect(writer.durablePosition == writer.position)
    #expect(faults.count(.syncMapped) < 250, "far fewer syncs than commits")
    try writer.close()
  }

  @Test func withoutAPolicyNothingIsSynced() throws {
    let faults = FaultScript()
    for hasThread in [true, false] {
      let options = JournalOptions(
        policy: .none, segmentBytes: 8192, hasThread: hasThread, system: faults.system)
      let writer = try JournalWriter(
        directory: scratch.file("\(hasThread)"), session: 1, created: 0, options: options)
      for number in 1...200 { try appendRecord(sampleTrade(number), to: writer) }
      try writer.close()
    }
    #expect(faults.count(.syncMapped) == 0 && faults.count(.sync) == 0)
  }

  /// While one sync is under way, all who come wait for the next one together.
  @Test func manyWhoWaitShareOneSync() throws {
    let faults = FaultScript()
    let options = JournalOptions(
      policy: .batch(milliseconds: 1 << 30), segmentBytes: 1 << 20, system: faults.system)
    let writer = try JournalWriter(directory: path, session: 1, created: 0, options: options)
    let durability = try #require(writer.durability)
    faults.slowDown(microseconds: 50_000)
    let before = faults.count(.syncMapped)
    let group = DispatchGroup()
    for number in 1...16 {
      try appendRecord(sampleTrade(number), to: writer)
      let position = writer.position
      group.enter()
      let thread = Thread {
        try? durability.wait(for: position)
        if durability.position.offset >= position.offset { group.leave() }
      }
      thread.start()
    }
    #expect(group.wait(timeout: .now() + 20) == .success)
    #expect(faults.count(.syncMapped) - before <= 8, "16 wait, and few syncs are made")
    try writer.close()
  }

  /// In a process of its own, where nobody else has such threads.
  @Test func theThreadEndsWithItsWriter() async {
    await #expect(processExitsWith: .success) {
      let scratch = Medium.memory.directory()
      func threads() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").filter {
          let name = try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)
          return name?.hasPrefix("keel-storage") == true
        }.count
      }
      for number in 0..<60 {
        let writer = try JournalWriter(
          directory: scratch.file("\(number)"), session: 1, created: 0, segmentBytes: 8192)
        try appendRecord(sampleTrade(1), to: writer)
        if number == 0 {
          var naps = 0
          while try threads() == 0, naps < 5000 {
            usleep(1000)
            naps += 1
          }
          guard try threads() == 1 else { exit(2) }
        }
        // Closed, or dropped as it is.
        if number % 2 == 0 { try writer.close() }
      }
      let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").filter {
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/\($0)")
        return target?.hasPrefix(scratch.path) == true
      }
      guard try threads() == 0, files.isEmpty else { exit(3) }
    }
  }
}
