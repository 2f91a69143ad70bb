import Foundation
import PluginABI
import TestSupport
import Testing

@testable import PluginHost

/// A plugin in a worker is a plugin like any other.
@Suite struct WorkerTests {
  private let workers: WorkerBench

  init() throws { workers = try WorkerBench() }

  private func complete() throws -> String {
    try CPluginCompiler.compile("Tests/Fixtures/GoodPlugins/complete.c")
  }

  private static let values: [(name: String, value: ParameterValue)] = [
    ("size", .integer(7)), ("loud", .boolean(true)), ("label", .text("me")),
  ]

  private func active() throws -> PluginInstance {
    let instance = try workers.created(complete())
    try instance.set(Self.values)
    try instance.activate()
    return instance
  }

  @Test func aWorkerAnswersAsThePluginInTheHostDoes() throws {
    let path = try complete()
    let instances = [
      try workers.bench.created(path), try workers.created(path),
    ]
    #expect(instances[0].parameters.map(\.name) == instances[1].parameters.map(\.name))
    #expect(!instances[0].parameters.isEmpty)
    for instance in instances {
      try instance.set(Self.values)
      try instance.activate()
    }
    #expect(try instances[0].interests() == instances[1].interests())
    for turn in 1..<200 {
      let quotes = (0..<(turn % 7)).map { (bid: Int64(100 + $0), ask: Int64(101 + $0 * turn)) }
      let answers = instances.map { $0.give(quotes: quotes, now: Int64(turn) * 1_000_000_000) }
      #expect(answers[0].status == KEEL_OK && answers[1].status == KEEL_OK)
      #expect(answers[0].bytes == answers[1].bytes)
      #expect(instances[0].logLines == instances[1].logLines)
      #expect(instances[0].timers == instances[1].timers)
    }
    let states = try instances.map { try $0.saveState(sequence: 9) }
    #expect(states[0] == states[1] && !states[0].isEmpty)
    let next = try workers.created(path)
    try next.set(Self.values)
    try next.loadState(states[0], version: next.descriptor.stateVersion)
    try next.activate()
    #expect(try next.saveState(sequence: 9) == states[0])
    for instance in instances { try instance.deactivate() }
  }

  /// Batches and states as large as any.
  @Test func largeBatchesAndAnswersPass() throws {
    let flood = try workers.active(workers.bench.bad("floods_sink"))
    let answer = flood.give()
    let fits = InstanceLimits.standard.sinkBytes / MemoryLayout<keel_intent>.size
    #expect(answer.status == KEEL_OK && answer.types.count == fits)
    #expect(flood.timers == [UInt64(fits): Int64(KEEL_E_FULL)])
    let quotes = [UInt8](
      (0..<1800).flatMap { PluginInstance.quote(Int64($0), Int64($0) + 1, time: 1) })
    for _ in 0..<50 { #expect(flood.give(quotes, count: 1800).status == KEEL_OK) }
  }

  @Test func aFloodOfLogLinesIsLimitedOnce() throws {
    let instance = try workers.active(workers.bench.bad("logs_too_much"))
    _ = instance.give(now: 1)
    let lines = instance.logLines
    #expect(lines.count == 65)
    #expect(lines.last == "936 log lines dropped: too many at once")
  }

  @Test func creationFailsInItsOwnWords() throws {
    let path = try workers.bench.bad("create_refuses")
    let error = #expect(throws: PluginHostError.self) { try workers.created(path) }
    #expect(error?.code == .create)
    #expect(error?.message.contains("config is missing; write {\"model\": \"path\"}") == true)
    _ = try workers.created(path, config: "{}")
    let slot = #expect(throws: PluginHostError.self) {
      try workers.created(workers.bench.bad("null_slot"))
    }
    #expect(slot?.message.contains("keel_plugin.activate is NULL") == true)
  }

  /// A registry for workers runs nothing of a library in this process.
  @Test func describingLoadsNothingHere() throws {
    let directory = TemporaryDirectory()
    let registry = PluginRegistry(
      storeDirectory: directory.file("store"), policy: LoadPolicy(), workers: workers.options,
      describesInWorkers: true)
    let build = try registry.load(path: try complete())
    #expect(build.descriptors.map(\.id) == ["test.complete"])
    #expect(
      build.descriptors[0].stateSchema
        == (try workers.bench.load(complete())
          .descriptors[0].stateSchema))
    let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
    #expect(!maps.contains(build.storedPath))
    let hang = try workers.bench.bad("hangs_at_load")
    var options = workers.options
    options.controlDeadline = 300_000_000
    let impatient = PluginRegistry(
      storeDirectory: directory.file("store"), policy: LoadPolicy(), workers: options,
      describesInWorkers: true)
    let error = #expect(throws: PluginHostError.self) { try impatient.load(path: hang) }
    #expect(error?.message.contains("did not answer its library within 300 ms") == true)
    let crash = try workers.bench.bad("entry_crashes")
    let crashed = #expect(throws: PluginHostError.self) { try registry.load(path: crash) }
    #expect(crashed?.message.contains("SIGSEGV") == true)
  }

  @Test func aWorkerEndsWithItsInstance() throws {
    var process: Int32 = 0
    do {
      let instance = try active()
      process = try #require(instance.workerID)
      #expect(!WorkerBench.isGone(process))
      instance.destroy()
      #expect(WorkerBench.isGone(process))
    }
    do {
      let instance = try active()
      process = try #require(instance.workerID)
    }
    #expect(WorkerBench.isGone(process))
  }

  @Test func aWorkerHasNothingOfItsHost() throws {
    let instance = try active()
    let process = try #require(instance.workerID)
    #expect(try TemporaryDirectory.bytes(of: "/proc/\(process)/environ").isEmpty)
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
    #expect(Set(open) == ["0", "1", "2"])
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    #expect(instance.sandbox?.contains("no new privileges") == status.contains("NoNewPrivs:\t1"))
    #expect(instance.sandbox?.contains("system calls filtered") == status.contains("Seccomp:\t2"))
    #expect(instance.sandbox?.contains("a user of its own") == status.contains("Uid:\t65534"))
  }

  /// Where the kernel lets the filter in, all of it is refused; what a plugin needs is not.
  @Test func reachingOutIsRefused() throws {
    let instance = try workers.active(workers.bench.bad("reaches_out"))
    try #require(instance.sandbox?.contains("system calls filtered") == true)
    #expect(instance.give().status == KEEL_OK)
    let found = instance.timers
    for attempt in UInt64(1)...18 {
      #expect(found[attempt] == Int64(EPERM), "attempt \(attempt)")
    }
    if instance.sandbox?.contains("no files but libraries") == true,
      instance.sandbox?.contains("did not permit: no files") != true
    {
      #expect(found[20] == Int64(EACCES) && found[21] == Int64(EACCES))
    }
    #expect(found[30] == 0 && found[31] == 0)
  }

  @Test func aProgramThatIsNoWorkerIsNotWaitedForLong() throws {
    var options = workers.options
    options.program = "/bin/true"
    let build = try workers.bench.load(complete())
    let error = #expect(throws: PluginHostError.self) {
      try PluginInstance(
        build: build, descriptor: build.descriptors[0], name: "slot",
        instruments: workers.bench.instruments, placement: .worker(options))
    }
    #expect(error?.message.contains("it ended its process, with status 0") == true)
    options.program = "/no/such/program"
    let missing = #expect(throws: PluginHostError.self) {
      try PluginInstance(
        build: build, descriptor: build.descriptors[0], name: "slot",
        instruments: workers.bench.instruments, placement: .worker(options))
    }
    #expect(missing?.message.contains("cannot be started: No such file") == true)
  }
}
