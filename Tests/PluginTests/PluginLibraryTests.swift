import Foundation
import PluginABI
import PluginTesting
import TestSupport
import Testing

/// The plugins as built: what they ask of the system, and what they do when they are loaded.
@Suite struct PluginLibraryTests {
  static let names = [
    "SMACrossover", "SMACrossover2", "SMACrossoverFaulty", "Momentum", "SyntheticMarket",
  ]

  @Test(arguments: names) func needsLibcAlone(_ name: String) throws {
    let tool = try #require(Workbench.find("readelf"), "readelf is absent: install binutils")
    let dynamic = try ToolRun.run([tool, "-dW", Workbench.library(name)]).output
    let needed = dynamic.split(separator: "\n").filter { $0.contains("(NEEDED)") }
    #expect(needed.count == 1 && needed[0].contains("libc.so.6"), "\(needed)")
    #expect(!dynamic.contains("TEXTREL") && !dynamic.contains("STATIC_TLS"))
  }

  @Test(arguments: names) func exportsItsEntryAlone(_ name: String) throws {
    let tool = try #require(Workbench.find("readelf"), "readelf is absent: install binutils")
    let symbols = try ToolRun.run([tool, "--dyn-syms", "-W", Workbench.library(name)]).output
    var exported: [Substring] = []
    for line in symbols.split(separator: "\n") {
      // Num: Value Size Type Bind Vis Ndx Name
      let words = line.split(separator: " ")
      guard words.count >= 8, words[6] != "UND", words[4] != "LOCAL", words[6] != "Ndx" else {
        continue
      }
      exported.append(words[7])
    }
    #expect(exported == ["keel_entry_v0"])
    // Of libc it imports nothing younger than Debian 10's, and never its allocator.
    #expect(!symbols.contains("GLIBC_2.3") && !symbols.contains("malloc"))
    #expect(!symbols.contains("UND free") && !symbols.contains("UND posix_memalign"))
  }

  @Test func syntheticMarketIsDeterministicAndOrdered() throws {
    func run() throws -> [FakeEvent] {
      let host = try FakeHost(
        library: Workbench.library("SyntheticMarket"), instruments: [.fake(0), .fake(1)])
      try host.set("seed", 7)
      try host.set("barSeconds", 7)
      try host.activate()
      #expect(host.subscribe([.quotes, .trades, .bars], on: 0) == KEEL_OK)
      #expect(host.subscribe([.quotes, .bars], on: 1, interval: 3_000_000_000) == KEEL_OK)
      #expect(host.subscribe([.quotes], on: 9) == KEEL_E_UNSUPPORTED)
      for second in 1...60 {
        #expect(host.poll(until: Int64(second) * 1_000_000_000).status == KEEL_OK)
      }
      return host.published
    }
    let first = try run()
    #expect(try run() == first)
    let times = first.map(\.header.ts_recv)
    #expect(times == times.sorted())
    #expect(first.filter { Int($0.header.type) == KEEL_EV_QUOTE }.count == 2 * 591)
    #expect(first.filter { Int($0.header.type) == KEEL_EV_TRADE }.count == 197)
    #expect(first.filter { Int($0.header.type) == KEEL_EV_BAR }.count == 8 + 20)
    for quote in first.compactMap({ $0.read(keel_ev_quote.self) })
    where Int(quote.h.type) == KEEL_EV_QUOTE {
      #expect(quote.ask - quote.bid == 2 && quote.bid > 0)
    }
  }

  @Test func aFullFeedLosesNothing() throws {
    func run(capacity: Int) throws -> [FakeEvent] {
      let host = try FakeHost(library: Workbench.library("SyntheticMarket"))
      try host.set("events", 100)
      try host.activate()
      host.subscribe([.quotes, .trades])
      host.capacity = capacity
      for _ in 0..<200 where host.poll(until: 20_000_000_000).status == KEEL_S_END { break }
      #expect(host.poll(until: 20_000_000_000).status == KEEL_S_END)
      return host.published
    }
    let whole = try run(capacity: .max)
    #expect(whole.count == 100)
    #expect(try run(capacity: 1) == whole)
    #expect(try run(capacity: 7) == whole)
  }

  @Test func momentumFollowsTheTrend() throws {
    let host = try FakeHost(library: Workbench.library("Momentum"))
    try host.set("short", 1)
    try host.set("long", 2)
    try host.activate()
    host.send(.quote(999, 1001), .quote(1009, 1011))
    let signal = try #require(host.signals.first)
    // 40 x (1010 - 1005) / 1005
    #expect(abs(signal.score - 40 * 5 / 1005.0) < 1e-12)
    #expect(signal.count == 1)
    #expect(signal.values.0.key == UInt32(KEEL_VALUE_EDGE_BPS))
    #expect(abs(signal.values.0.value - 40 * 5 / 1005.0) < 1e-12)
    host.clear()
    // The average of these two is zero: no edge can be told.
    host.send(.quote(-1011, -1009))
    #expect(host.signals.isEmpty)
  }

  @Test func theAllocatorKeepsItsPromises() throws {
    let runtime = Workbench.root + "/PluginAPI/PluginRuntime/"
    let check = try String(
      contentsOfFile: Workbench.root + "/Tests/Fixtures/arena-check.c", encoding: .utf8)
    let outcome = try Workbench.compileAndRun(
      check, by: "clang", sources: [runtime + "arena.c", runtime + "rounding.c"],
      flags: ["-I", runtime, "-I", runtime + "include", "-fno-builtin"])
    #expect(outcome.status == 0, "\(outcome.output)")
  }
}
