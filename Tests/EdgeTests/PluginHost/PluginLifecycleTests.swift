import Glibc
import PluginABI
import PluginHost
import TestSupport
import Testing

@Suite struct PluginLifecycleTests {
  let bench = PluginBench()

  private func complete(limits: InstanceLimits = .standard) throws -> PluginInstance {
    try bench.created(
      CPluginCompiler.compile("Tests/Fixtures/GoodPlugins/complete.c"), limits: limits)
  }

  @Test func fromCreateToDestroy() throws {
    let instance = try complete()
    #expect(instance.parameters.map(\.name) == ["size", "weight", "loud", "speed", "label"])
    #expect(instance.descriptor.stateVersion == 3 && instance.descriptor.isDeterministic)
    try instance.set([("size", .integer(7)), ("loud", .boolean(true)), ("label", .text("me"))])
    try instance.activate()
    let wanted: UInt64 = 1 << UInt64(KEEL_EV_QUOTE) | 1 << UInt64(KEEL_EV_BAR)
    #expect(
      try instance.interests()
        == Interests(
          types: wanted, barInterval: 60_000_000_000, warmupRecords: 20, warmupTime: 5))
    let answer = instance.give(quotes: [(100, 101), (101, 102)], now: 5)
    #expect(answer.status == KEEL_OK)
    #expect(answer.types == [Int(KEEL_IN_TARGET), Int(KEEL_IN_TARGET)])
    let quantity = answer.bytes.withUnsafeBytes { $0.load(as: keel_intent.self).qty }
    #expect(quantity == 7)
    #expect(instance.give().bytes.isEmpty, "an empty batch is legal")
    #expect(instance.logLines == ["me saw 2"])
    try instance.quiesce(deadline: 99)
    #expect(instance.timers == [77: 99])
    try instance.resume()
    #expect(instance.timers == [77: Int64?.none])
    try instance.deactivate()
    instance.destroy()
    #expect(instance.phase == .destroyed && !instance.isQuarantined)
    #expect(instance.give().status == KEEL_E_STALE)
  }

  @Test func orderOfCallsIsKept() throws {
    let instance = try complete()
    #expect(throws: PluginHostError.self) { try instance.deactivate() }
    let error = #expect(throws: PluginHostError.self) { try instance.activate() }
    #expect(error?.message == "test.complete refuses activate: size was never set (KEEL_E_STATE)")
    try instance.set([("size", .integer(1))])
    try instance.activate()
    #expect(throws: PluginHostError.self) { try instance.set([("size", .integer(2))]) }
    #expect(throws: PluginHostError.self) { try instance.activate() }
  }

  @Test func everyWrongParameterIsNamed() throws {
    let instance = try complete()
    let error = #expect(throws: PluginHostError.self) {
      try instance.set([
        ("wieght", .decimal(0.1)), ("weight", .decimal(1.5)), ("loud", .integer(1)),
        ("speed", .text("fats")), ("label", .text("longer than fifteen")),
        ("weight", .integer(1)),
      ])
    }
    #expect(error?.code == .parameter)
    #expect(
      error?.defects.map(\.message) == [
        "parameter \"wieght\" is unknown to test.complete",
        "parameter \"weight\": 1.5 is out of range, expected 0 to 1",
        "parameter \"loud\": expected true or false, got 1",
        "parameter \"speed\": \"fats\" is not a choice; did you mean \"fast\"?",
        "parameter \"label\": the text has 19 bytes, expected 0 to 15",
        "parameter \"weight\" is given twice",
        "parameter \"size\" is missing",
      ])
    #expect(error?.defects[0].remedy == "did you mean \"weight\"?")
    #expect(error?.defects[6].remedy == "set it: The position it asks for.")
    for value: ParameterValue in [.integer(0), .integer(101), .decimal(1), .decimal(.nan)] {
      #expect(instance.defects(in: [("size", value)]).count == 1)
    }
    #expect(
      instance.defects(in: [("weight", .decimal(1)), ("loud", .boolean(true))], liveOnly: true)
        .map(\.message) == ["parameter \"loud\" cannot change while it runs"])
  }

  @Test(arguments: [0, 1, 7])
  func stateRoundTrip(step: Int) throws {
    var limits = InstanceLimits.standard
    limits.stateStep = step
    let old = try complete(limits: limits)
    #expect(old.hasState)
    try old.set([("size", .integer(1))])
    try old.activate()
    _ = old.give(quotes: [(1, 2), (2, 3)])
    let state = try old.saveState(sequence: 9)
    #expect(state.count == 24)
    #expect(try old.saveState(sequence: 9) == state)
    let new = try complete(limits: limits)
    try new.set([("size", .integer(1))])
    try new.loadState(state, version: 3)
    try new.activate()
    #expect(try new.saveState(sequence: 9) == state)
  }

  @Test func badStateIsRefused() throws {
    let instance = try complete()
    let short = #expect(throws: PluginHostError.self) {
      try instance.loadState([1, 2, 3], version: 3)
    }
    #expect(short?.message.contains("the state is too short (KEEL_E_IO)") == true)
    let old = #expect(throws: PluginHostError.self) {
      try instance.loadState([], version: 1)
    }
    #expect(old?.message == "test.complete 1.2.0 reads state from version 2 on, this is version 1")
    var limits = InstanceLimits.standard
    limits.stateBytesMax = 8
    let bounded = try complete(limits: limits)
    let huge = #expect(throws: PluginHostError.self) { try bounded.saveState(sequence: 0) }
    #expect(huge?.message == "its state is more than the 8 bytes allowed")
    let stateless = try bench.created(bench.bad("traps"))
    #expect(throws: PluginHostError.self) { try stateless.saveState(sequence: 0) }
  }

  @Test func creationFailsCleanly() throws {
    let path = try bench.bad("create_refuses")
    let error = #expect(throws: PluginHostError.self) { try bench.created(path) }
    #expect(error?.code == .create)
    #expect(error?.message.contains("config is missing; write {\"model\": \"path\"}") == true)
    _ = try bench.created(path, config: "{}")
    let slot = #expect(throws: PluginHostError.self) {
      try bench.created(bench.bad("null_slot"))
    }
    #expect(slot?.message == "keel_plugin.activate is NULL")
    let crash = #expect(throws: PluginHostError.self) {
      try bench.created(bench.bad("create_crashes"))
    }
    #expect(crash?.code == .fault)
    let build = try bench.load(bench.bad("wrong_plugin"))
    let wrong = #expect(throws: PluginHostError.self) {
      try PluginInstance(
        build: build, descriptor: build.descriptors[1], name: "slot",
        instruments: bench.instruments)
    }
    #expect(wrong?.message == "create(\"test.second\") made \"test.first\"")
  }

  @Test func lateCallsAreHarmless() throws {
    let path = try bench.bad("uses_host_late")
    try bench.active(path).destroy()
    let next = try bench.active(path)
    #expect(next.give(now: 4).status == KEEL_OK)
    #expect(
      next.timers == [1: Int64(KEEL_E_STALE), 2: Int64(KEEL_E_STALE), 3: 0, 4: 1, 5: 1])
    #expect(next.logLines.isEmpty)
  }

  @Test func logFloodIsLimited() throws {
    let instance = try bench.active(bench.bad("logs_too_much"))
    _ = instance.give(now: 1)
    let first = instance.logLines
    #expect(first.count == 65)
    #expect(first.last == "936 log lines dropped: too many at once")
    _ = instance.give(now: 2)
    #expect(instance.logLines == ["1000 log lines dropped: too many at once"])
    _ = instance.give(now: 1_000_000_000)
    #expect(instance.logLines.count == 20 + 1, "twenty lines a second come back")
  }

  /// A line of a plugin's stays one, and moves no cursor.
  @Test func whatAPluginSaysCannotForgeOtherLines() throws {
    let source = """
      #define BEFORE static const char forged[] = "a\\x1b[2Jb\\nkeel: halted\\r";
      #define ON_ACTIVATE \\
        s->host->log(s->host, KEEL_LOG_INFO, (keel_str){forged, sizeof forged - 1});
      #include "subject.h"

      """
    let path = try CPluginCompiler.compile(
      text: source, flags: ["-std=gnu11"],
      folder: "\(CPluginCompiler.root)/Tests/Fixtures/CheckedPlugins")
    let instance = try bench.active(path)
    var lines: [String] = []
    instance.drainLog { lines.append($1) }
    #expect(lines == ["a\u{B7}[2Jb\u{B7}keel: halted\u{B7}"])
  }

  /// In a program of its own, with the C sources of the boundary and a counting malloc.
  @Test func processAllocatesNothing() throws {
    let program = bench.directory.file("benchmark")
    let boundary = CPluginCompiler.root + "/Host/Edges/PluginBoundary"
    let sources = ["boundary", "guard", "leaves", "calls"].map { "\(boundary)/\($0).c" }
    let include = "\(CPluginCompiler.root)/PluginAPI/PluginABI/include"
    try ToolRun.require(
      [
        "cc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-clobbered", "-I",
        "\(boundary)/include", "-I", include,
      ]
        + ["\(CPluginCompiler.root)/Tests/Fixtures/BoundaryBenchmark.c"] + sources
        + ["-o", program, "-lpthread"])
    let said = try ToolRun.require([program, bench.bad("plain")])
    #expect(said.contains("\"allocations\": 0}"), "\(said)")
  }
}
