import Foundation
import PluginABI
import TestSupport
import Testing

@testable import PluginHost

/// Plugins that do in a worker what no guard survives: the worker ends, the host says why.
@Suite struct WorkerFaultTests {
  private let workers: WorkerBench

  init() throws { workers = try WorkerBench() }

  private static let calls = [
    "create", "activate", "process", "save", "load", "deactivate", "destroy",
  ]
  private static let deeds = ["CRASH", "LOOP", "SLEEP", "EXIT", "ABORT"]

  /// Goes through every call; answers how far it came.
  private func live(_ path: String) throws -> (instance: PluginInstance?, failure: String?) {
    var workers = workers
    workers.options.controlDeadline = 400_000_000
    workers.options.answerDeadline = 400_000_000
    var instance: PluginInstance?
    do {
      let made = try workers.created(path, limits: WorkerBench.impatient())
      instance = made
      try made.loadState([1, 2, 3], version: 1)
      try made.activate()
      if made.give().status != KEEL_OK { return (made, made.faultText) }
      _ = try made.saveState(sequence: 1)
      try made.deactivate()
      made.destroy()
      return (made, made.faultText)
    } catch let error as PluginHostError { return (instance, error.message) }
  }

  @Test(arguments: calls, deeds) func whateverItDoesTheWorkerEndsAndIsNamed(
    _ call: String, _ deed: String
  ) throws {
    let (instance, failure) = try live(workers.misbehaving(deed, in: call))
    let text = try #require(failure, "\(deed) in \(call) goes unnoticed")
    let word = ["save": "state.save", "load": "state.load"][call] ?? call
    #expect(text.contains(word), "\(text)")
    switch deed {
    case "CRASH": #expect(text.contains("SIGSEGV at 0x8"))
    case "LOOP": #expect(text.contains("deadline of 20 ms overrun"))
    case "SLEEP": #expect(text.contains("did not answer"))
    case "EXIT": #expect(text.contains("ended its process, with status 1"))
    default: #expect(text.contains("SIGABRT"))
    }
    if let instance {
      #expect(instance.isQuarantined && instance.workerID == 0)
      #expect(instance.give().status < KEEL_OK)
    }
  }

  @Test func aPluginThatBehavesGoesThroughAllCalls() throws {
    let (instance, failure) = try live(workers.misbehaving("CRASH", in: "nowhere"))
    #expect(instance != nil && failure == nil)
  }

  @Test func memoryIsBounded() throws {
    var workers = workers
    workers.options.memoryBytes = 96 << 20
    let instance = try workers.active(workers.misbehaving("HOG", in: "process"))
    #expect(instance.give().status == KEEL_E_FAULT)
    #expect(instance.faultText?.contains("SIGSEGV at 0x8") == true, "\(instance.faultText ?? "")")
  }

  /// One that a host holds more than once: each has a process of its own.
  @Test func workersOfOneBuildDoNotDisturbEachOther() throws {
    let path = try workers.bench.bad("null_dereference")
    let instances = try (0..<4).map { _ in try workers.active(path) }
    #expect(Set(instances.compactMap(\.workerID)).count == 4)
    #expect(instances[1].give().status == KEEL_E_FAULT)
    #expect(instances.map(\.isQuarantined) == [false, true, false, false])
  }

  private static let lies: [(how: String, text: String)] = [
    ("beyond", "its index leads beyond the ring"), ("back", "its index leads beyond the ring"),
    ("inside", "its index lies inside a message"), ("short", "its index lies inside a message"),
    ("nothing", "a message has an impossible size"), ("odd", "a message has an impossible size"),
    ("huge", "a message has an impossible size"), ("more", "a message has an impossible size"),
    ("unknown", "a message of kind 99 does not belong there"),
    ("hello", "does not belong there"), ("other", "it answers another request"),
    ("timer", "does not belong there"), ("saved", "does not belong there"),
    ("empty-record", "it holds what is no answer"), ("long-record", "it holds what is no answer"),
    ("odd-record", "it holds what is no answer"), ("cut-record", "it holds what is no answer"),
    ("foreign-record", "it holds what is no answer"), ("binary-fault", "%s%n"),
    ("log", "its answer to process does not end"),
    ("ends", "it ended its process, with status 3, in process"),
    ("silent", "it did not answer process within 300 ms"),
  ]

  @Test(arguments: lies.indices) func aWorkerThatLiesIsFoundOut(_ place: Int) throws {
    let (how, text) = Self.lies[place]
    var workers = workers
    workers.options.program = try WorkerBench.hostile()
    workers.options.answerDeadline = 300_000_000
    workers.options.controlDeadline = 1_000_000_000
    let instance = try workers.active(workers.bench.bad("plain"), name: how)
    let process = try #require(instance.workerID)
    let answer = instance.give()
    #expect(answer.status == KEEL_E_FAULT && answer.bytes.isEmpty)
    #expect(instance.faultText?.contains(text) == true, "\(instance.faultText ?? "no fault")")
    #expect(WorkerBench.isGone(process))
  }

  /// Indices, sizes and bytes that change while they are read.
  @Test func movingIndicesAreRead() throws {
    var workers = workers
    workers.options.program = try WorkerBench.hostile()
    workers.options.answerDeadline = 50_000_000
    workers.options.controlDeadline = 100_000_000
    for _ in 0..<10 {
      let instance = try workers.active(workers.bench.bad("plain"), name: "moves")
      for _ in 0..<1_000 where !instance.isQuarantined { _ = instance.give() }
      instance.destroy()
    }
  }
}
