import Kernel
import Market
import PluginBridge
import PluginHost
import Testing

@testable import Sessions

/// How tests move a session on, and what they ask of it.
extension Session {
  /// So many turns, with the kernel's books checked after each.
  func run(turns: Int) throws {
    for _ in 0..<turns where try step() { checkInvariants() }
  }

  /// Turns until `condition` holds; a failed expectation when it does not within `limit`.
  func run(until what: String, limit: Int = 4_000, _ condition: () -> Bool) throws {
    var turns = 0
    while !condition() {
      turns += 1
      try #require(turns <= limit, "after \(limit) turns still not: \(what)")
      try #require(try step(), "the data ended before: \(what)")
      checkInvariants()
    }
  }

  func runUntilOrderRests(_ slot: String) throws {
    try run(until: "an order of \(slot) rests") { !openOrderIDs(slot: slot).isEmpty }
  }

  func runUntilSwapEnds(_ slot: String) throws {
    try run(until: "the swap of \(slot) is over") { !isSwapping(slot: slot) }
  }

  /// From the beginning of a swap to its end; answers the report.
  func swap(
    _ slot: String, to path: String, _ options: SwapOptions = .brief()
  ) throws -> SwapReport {
    try beginSwap(slot: slot, to: .path(path), options: options)
    try runUntilSwapEnds(slot)
    return lastSwap
  }

  var lastSwap: SwapReport { swapReport(swapCount - 1) }

  func outcome(_ index: Int) -> SwapReport.Outcome { swapReport(index).outcome }

  func number(of slot: String) -> UInt32 { slots.first { $0.name == slot }!.number }
  func version(of slot: String) -> String {
    slots.first { $0.name == slot }!.live.descriptor.version
  }
  func generation(of slot: String) -> UInt32 { kernel.slots[number(of: slot)].generation }
  func isParked(_ slot: String) -> Bool { kernel.slots[number(of: slot)].isParked }

  func batches(of slot: String) -> UInt64 { kernel.slots[number(of: slot)].batches }
  func tally(of slot: String) -> Tally { tallies[Int(number(of: slot)) - 1] }
  /// Those that wait in the book for long, not those that cross it.
  func restingOrderIDs(_ slot: String) -> [UInt64] {
    openOrderIDs(slot: slot).filter { order($0)?.type == .limit }
  }
  var openOrderCount: Int { kernel.state.orders.openCount }
  func isCancelled(_ id: UInt64) -> Bool { order(id)?.state == .cancelled }

  func order(_ id: UInt64) -> Order? { kernel.state.orders[id] }

  /// What the C strategy in `watch` counted, read from its state.
  func watched() throws -> WatcherFacts {
    let slot = slots.first { $0.name == "watch" }!
    return WatcherFacts(try slot.live.saveState(sequence: kernel.sequence))
  }
}
