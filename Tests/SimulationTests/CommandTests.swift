import Market
import PluginABI
import PluginBridge
import Simulation
import Testing

/// What is sent to the venue, and what it does not take.
@Suite struct CommandTests {
  private func isTaken(_ change: (inout keel_order) -> Void) -> Bool {
    var venue = SimulatedVenue(model: VenueModel(), instruments: 1)
    var command = keel_order()
    command.h = keel_event(
      KEEL_CMD_SUBMIT, of: keel_order.self, instrument: InstrumentID(rawValue: 0))
    command.order_id = 1
    command.qty = 5
    command.limit = 100
    command.side = UInt8(KEEL_BUY)
    command.order_type = UInt8(KEEL_LIMIT)
    command.tif = UInt8(KEEL_GTC)
    change(&command)
    return withUnsafeBytes(of: command) { bytes in
      venue.send(
        Record(bytes.baseAddress!.assumingMemoryBound(to: keel_event.self)),
        at: Timestamp(nanoseconds: 0))
    }
  }

  @Test func whatItExecutes() {
    #expect(isTaken { _ in })
    #expect(isTaken { ($0.order_type, $0.limit) = (UInt8(KEEL_MARKET), KEEL_NULL) })
    #expect(isTaken { $0.tif = UInt8(KEEL_IOC) })
    #expect(isTaken { $0.h.type = UInt16(KEEL_CMD_CANCEL) })
  }

  @Test func whatItDoesNot() {
    #expect(!isTaken { $0.limit = KEEL_NULL })
    #expect(!isTaken { $0.qty = 0 })
    #expect(!isTaken { $0.side = 0 })
    for time in [0, KEEL_FOK, KEEL_GTD, KEEL_DAY] { #expect(!isTaken { $0.tif = UInt8(time) }) }
    for type in [0, KEEL_STOP, KEEL_STOP_LIMIT, KEEL_TRAILING_STOP] {
      #expect(!isTaken { $0.order_type = UInt8(type) })
    }
    #expect(!isTaken { $0.h.type = UInt16(KEEL_CMD_AMEND) })
    #expect(!isTaken { $0.h.size = 40 })
  }

  @Test func theNextArrivalIsKnown() {
    let scenario = VenueScenario(latency: 10)
    #expect(scenario.venue.nextArrival == nil)
    scenario.run("@3, buy 1x5 ; @4, buy 1x5")
    #expect(scenario.venue.nextArrival == Timestamp(nanoseconds: 13))
    scenario.run("@13 -> #1 accepted")
    #expect(scenario.venue.nextArrival == Timestamp(nanoseconds: 14))
    scenario.run("cancel #1 ; @14 -> #2 accepted ; @30 -> #1 cancelled")
    #expect(scenario.venue.nextArrival == nil)
    #expect(scenario.venue.openOrders == 1)
  }
}
