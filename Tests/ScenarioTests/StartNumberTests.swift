import PluginABI
import PluginBridge
import Storage
import TestSupport
import Testing

@testable import Sessions

/// A host that starts again on what it had traded gives no name twice, for its orders or for what
/// the simulated venue executes.
@Suite struct StartNumberTests {
  private func names(start: UInt16) throws -> (orders: Set<String>, executions: Set<String>) {
    let fixture = try SessionFixture()
    let path = fixture.journalPath()
    var options = SessionOptions(
      storeDirectory: fixture.folder.file("store"), journalDirectory: path)
    options.start = start
    let session = try Session.make(try fixture.configuration(), options) { _, _, _ in }
    for _ in 0..<2_000 { _ = try session.step() }
    try session.finish()
    var (orders, executions): (Set<String>, Set<String>) = ([], [])
    var reader = try JournalReader(directory: path)
    while let record = try reader.next() {
      if record.type == KEEL_CMD_SUBMIT, let order = record.cast(to: keel_order.self)?.pointee {
        orders.insert(FixedText.read(order.client_id))
      } else if record.type == KEEL_EV_FILL, let fill = record.cast(to: keel_ev_fill.self)?.pointee
      {
        executions.insert(FixedText.read(fill.exec_id))
      }
    }
    try JournalFacts.expectReplay(path)
    return (orders, executions)
  }

  @Test func noNameIsGivenInTwoStarts() throws {
    let (first, second, third) = (
      try names(start: 1), try names(start: 2), try names(start: 3)
    )
    #expect(first.executions.count > 3 && first.orders.count > 3)
    #expect(first.executions.contains("s1") && second.executions.contains("s2-1"))
    for (one, other) in [(first, second), (second, third), (first, third)] {
      #expect(one.executions.isDisjoint(with: other.executions))
      #expect(one.orders.isDisjoint(with: other.orders))
    }
  }
}
