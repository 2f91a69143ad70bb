import Market
import PluginABI
import PluginBridge
import Simulation
import Testing

/// What is sent to the venue, and what it does not take.
@Suite struct CommandTests {
  private func isTaken(_ change: (inout keel_order) -> Void) -> Bool {
    let venue = SimulatedVenue(model: VenueModel(), instruments: 1)
    var command = keel_order()
    command.h = keel_event(
      KEEL_CMD_SUBMIT, of: keel_order.self, instrument: InstrumentID(rawValue: 0))
    command.order_id = 1
    command.qty = 5
    command.limit = 100
    (command.trigger, command.trail, command.expires) = (KEEL_NULL, KEEL_NULL, KEEL_NULL)
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
    for time in [KEEL_IOC, KEEL_FOK, KEEL_DAY] { #expect(isTaken { $0.tif = UInt8(time) }) }
    #expect(isTaken { ($0.tif, $0.expires) = (UInt8(KEEL_GTD), 9) })
    #expect(isTaken { ($0.order_type, $0.trigger) = (UInt8(KEEL_STOP_LIMIT), 9) })
    for type in [KEEL_STOP, KEEL_TAKE_PROFIT, KEEL_IF_TOUCHED] {
      #expect(isTaken { ($0.order_type, $0.trigger, $0.limit) = (UInt8(type), 9, KEEL_NULL) })
    }
    #expect(
      isTaken {
        ($0.order_type, $0.trail, $0.limit) = (UInt8(KEEL_TRAILING_STOP), 9, KEEL_NULL)
      })
    for type in [KEEL_CMD_CANCEL, KEEL_CMD_AMEND, KEEL_CMD_QUERY] {
      #expect(isTaken { $0.h.type = UInt16(type) })
    }
  }

  @Test func whatItDoesNot() {
    #expect(!isTaken { $0.limit = KEEL_NULL })
    #expect(!isTaken { $0.qty = 0 })
    #expect(!isTaken { $0.side = 0 })
    #expect(!isTaken { $0.display = -1 })
    #expect(!isTaken { $0.h.inst = 1 })
    #expect(!isTaken { $0.tif = 0 })
    #expect(!isTaken { $0.tif = UInt8(KEEL_GTD) })
    for type in [0, KEEL_STOP, KEEL_STOP_LIMIT, KEEL_TRAILING_STOP, KEEL_TAKE_PROFIT] {
      #expect(!isTaken { $0.order_type = UInt8(type) })
    }
    #expect(!isTaken { ($0.order_type, $0.trigger) = (UInt8(KEEL_STOP_LIMIT), -1) })
    #expect(!isTaken { $0.h.type = UInt16(KEEL_EV_QUOTE) })
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

  @Test func whatTheVenuesRulesForbidIsRefusedWithAReason() {
    let scenario = VenueScenario(VenueModel()) {
      ($0.tick, $0.lot, $0.min_qty, $0.min_notional) = (5, 2, 4, 500)
    }
    scenario.run(
      """
      buy 4x99, buy 5x100, buy 2x100, buy 4x100, buy 6x100 stop=101 ; @1 -> #1 rejected offTick,\
       #2 rejected offLot, #3 rejected belowMinimum, #4 rejected belowNotional, #5 rejected offTick
      buy 6x100 ; @2 -> #6 accepted
      """)
  }

  @Test func anOrderIsAskedAfter() {
    VenueScenario().run(
      """
      quote 99x5|101x5 ; buy 8x101 ; quote 99x5|101x5 -> #1 accepted, #1 5x101 taker
      query #1, query #7 ; @1 -> #1 partiallyFilled, #7 rejected notFound
      """)
  }
}
