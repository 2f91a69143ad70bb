import JSON
import Kernel
import Market
import PluginABI
import PluginBridge
import TestSupport
import Testing

@testable import Sessions

/// The host's books against the venue's. Books: a kernel with one slot that holds 5 of the
/// perpetual P bought at 100, and has two orders at the venue: #1 buys 3 at 90, #2 sells 4 at 120.
@Suite struct ReconciliationTests {
  @Test func equalBooksNeedNothing() throws {
    let books = try ReconciledBooks()
    let answer = books.reconcile(books.truth())
    #expect(answer.outcome == .equal && answer.words.isEmpty && answer.differences.isEmpty)
  }

  @Test func aMissingFillIsBookedOnce() throws {
    let books = try ReconciledBooks()
    var truth = books.truth()
    truth.orders[0].filled = 2
    truth.fills.append(books.fill(order: 0, quantity: 2, price: 90, execution: "v7"))
    truth.positions[0].qty = 7
    truth.positions[0].average = KEEL_NULL
    let answer = try books.mend(truth, [.missingFill])
    #expect(books.position == 7)
    #expect(books.order(0)?.filled.mantissa == 2)
    #expect(answer.words(books.directory).first?.contains("missingFill P") == true)
    // Told again with all that was told before, it is no news.
    #expect(books.reconcile(truth).outcome == .equal)
  }

  @Test func aFillWithoutANameIsBookedOnce() throws {
    let books = try ReconciledBooks()
    var truth = books.truth()
    for _ in 0..<2 {
      truth.fills.append(books.fill(order: nil, quantity: 1, price: 90, execution: ""))
    }
    truth.positions[0].qty = 7
    truth.positions[0].average = KEEL_NULL
    let ids = try books.mend(truth, [.missingFill, .missingFill]).executions
    #expect(Set(ids).count == 2 && ids.allSatisfy { $0.hasPrefix("keel-") })
    #expect(books.position == 7)
    let again = try ReconciledBooks()
    #expect(try again.mend(truth, [.missingFill, .missingFill]).executions == ids)
  }

  @Test func anOrderThatIsGoneEnds() throws {
    let books = try ReconciledBooks()
    var truth = books.truth()
    truth.orders.removeFirst()
    try books.mend(truth, [.orderGone])
    #expect(books.order(0)?.state == .cancelled)
    #expect(books.order(0)?.reason == UInt16(KEEL_REASON_RECONCILED))
    #expect(books.order(1)?.isOpen == true)
  }

  @Test func anOrderOfNobodyIsTheHosts() throws {
    let books = try ReconciledBooks()
    var truth = books.truth()
    truth.orders.append(books.order(quantity: 6, limit: 80, client: "manual", venue: "v99"))
    try books.mend(truth, [.orderUnknown])
    #expect(books.openOrders(of: 0) == 1 && books.openOrders(of: 1) == 2)
  }

  @Test func anOrderWhoseRecordWasLostGoesToItsSlot() throws {
    let books = try ReconciledBooks()
    var truth = books.truth()
    // The name that this session would have given its next order.
    var client = Array(books.clientID(0).utf8)
    client[client.count - 1] = UInt8(ascii: "f")
    client[client.count - 8] = UInt8(ascii: "7")
    let name = String(decoding: client, as: UTF8.self)
    truth.orders.append(books.order(quantity: 6, limit: 80, client: name, venue: ""))
    try books.mend(truth, [.orderUnknown])
    #expect(books.openOrders(of: 1) == 3)
  }

  @Test func anUnknownOutcomeIsKnown() throws {
    let books = try ReconciledBooks(acknowledged: false)
    #expect(books.order(0)?.state == .pending)
    try books.mend(books.truth(), [.orderState, .orderState])
    #expect(books.order(0)?.state == .accepted && books.order(1)?.state == .accepted)
  }

  @Test func whatIsFilledWithoutATraceIsTakenFromTheOrder() throws {
    let books = try ReconciledBooks()
    var truth = books.truth()
    truth.orders[0].filled = 1
    truth.orders[0].average = 88
    truth.positions[0].qty = 6
    truth.positions[0].average = KEEL_NULL
    try books.mend(truth, [.orderState])
    #expect(books.position == 6 && books.order(0)?.filled.mantissa == 1)
  }

  @Test func aPositionOfNobodyIsTheHosts() throws {
    let books = try ReconciledBooks()
    var truth = books.truth()
    truth.positions[0].qty = 2
    truth.positions[0].average = 103
    let answer = try books.mend(truth, [.position, .averagePrice])
    #expect(books.position == 2)
    #expect(books.kernel.state.positions[0, ReconciledBooks.perpetual].quantity == -3)
    #expect(books.kernel.state.positions[1, ReconciledBooks.perpetual].quantity == 5)
    #expect(answer.executions.first?.hasPrefix("keel-") == true)
    // The same difference another day is another one.
    truth.positions[0].average = KEEL_NULL
    truth.positions[0].qty = 5
    // What the host's own slot lost by it is no loss at the venue.
    try books.mend(truth, [.position, .balance])
    truth.positions[0].qty = 2
    try books.mend(truth, [.position])
    #expect(books.position == 2)
  }

  @Test func aBalanceIsCorrected() throws {
    let books = try ReconciledBooks()
    var truth = books.truth()
    truth.balances[0].total += 1_234
    try books.mend(truth, [.balance])
    let balance = books.kernel.state.cash[0, AssetID(rawValue: 2)]
    #expect(balance[.corrected] == 1_234 * 100_000_000)
  }

  @Test func averagesAreHeldAgainstEachOther() throws {
    let books = try ReconciledBooks()
    var truth = books.truth()
    truth.positions[0].average = 101
    let answer = books.reconcile(truth)
    #expect(answer.outcome == .failed)
    #expect(answer.differences.map(\.kind) == [.averagePrice])
    var tolerance = Reconciliation.Tolerance()
    tolerance.averagePrice = 10_000
    #expect(books.reconcile(truth, tolerance).outcome == .equal)
  }

  @Test(arguments: [
    "instrument", "order instrument", "hedging", "terms", "closed", "name", "position", "balance",
    "asset", "untold",
  ])
  func whatCannotBeMendedStopsTrading(_ what: String) throws {
    let books = try ReconciledBooks()
    var (truth, tolerance) = (books.truth(), Reconciliation.Tolerance())
    switch what {
    case "instrument": truth.positions[0].h.inst = 7
    case "order instrument": truth.orders[0].h.inst = 7
    case "hedging": truth.positions[0].position_side = UInt8(KEEL_POSITION_LONG)
    case "terms": truth.orders[0].limit = 91
    case "closed":
      books.cancel(0)
    case "name": truth.orders.append(books.order(quantity: 1, limit: 80, client: "", venue: ""))
    case "position":
      truth.positions[0].qty = 50
      tolerance.positionWorthMax = 1_000_000_000
    case "balance":
      truth.balances[0].total += 200_000_000_000
      tolerance.balanceMax = 1_000_000_000
    case "asset": truth.balances[0].asset = 7_000
    default: truth.fills = [books.fill(order: 0, quantity: 1, price: 90, execution: "")]
    }
    if what == "untold" { truth.tells = .orders }
    let answer = books.reconcile(truth, tolerance)
    #expect(answer.outcome == .failed)
    let state = answer.withRecords { records in
      records.map { $0.cast(to: keel_rec_trading.self)?.pointee.state }
    }
    #expect(state == [UInt32(KEEL_TRADING_HALTED)])
    let report = answer.report(books.directory)
    #expect(report["outcome"]?.string == "failed")
    let refused = report["differences"]?.elements?.filter { $0["outcome"]?.string == "refused" }
    #expect(refused?.isEmpty == false && refused?.first?["why"]?.string != nil)
  }

  /// Any truth at all: what is mended is one with the venue afterwards, and nothing traps.
  @Test func whateverAVenueSays() throws {
    var outcomes: [Reconciliation.Outcome: Int] = [:]
    try FuzzRound.run("ReconciliationFuzz", usual: 150) { round in
      let books = try ReconciledBooks(acknowledged: round.chance(2))
      let truth = books.randomTruth(&round)
      let answer = books.reconcile(truth)
      outcomes[answer.outcome, default: 0] += 1
      #expect(books.reconcile(truth).words == answer.words)
      if answer.outcome == .mended {
        books.apply(answer)
        #expect(books.reconcile(truth).outcome == .equal, "\(round)")
      }
    }
    #expect(outcomes.count > 0)
  }
}

extension Reconciliation {
  func words(_ directory: Directory) -> [String] { differences.map { $0.words(directory) } }

  var executions: [String] {
    withRecords { records in
      records.compactMap { Fill($0).map { FixedText.read($0.raw.pointee.exec_id) } }
    }
  }
}
