package import JSON
package import Kernel
import Market
import PluginABI
package import PluginBridge

/// Holds the host's books of one account against the venue's, and says which records make them one.
/// Pure: the records are tried on a copy of the state, so that what they lead to is known before
/// any of them is part of a turn. Equal questions get equal answers, synthetic ids included.
///
/// In this order: fills by their execution ids, orders, positions, balances; each step sees what
/// the ones before it have mended.
package struct Reconciliation: ~Copyable {
  /// How large a difference may be to be mended without a person.
  package struct Tolerance: Sendable {
    /// Worth of one position's difference, in 10^-6 of its settlement asset; nil is any.
    package var positionWorthMax: Int64?
    /// Of one balance, in 10^-6 of the asset; nil is any.
    package var balanceMax: Int64?
    /// Parts per million between average prices.
    package var averagePrice: Int64 = 100

    package init() {}
  }
  package enum Outcome: String, Sendable { case equal, mended, failed }

  package private(set) var differences: [ReconciliationDifference] = []
  /// The records that mend them, or the one that halts trading; whole words.
  package private(set) var words: [UInt64] = []
  let truth: VenueTruth
  let tolerance: Tolerance
  /// As the records so far make it.
  var state: State

  private init(_ state: borrowing State, _ truth: VenueTruth, _ tolerance: Tolerance) {
    self.state = State(copying: state)
    self.truth = truth
    self.tolerance = tolerance
    compareFills()
    if truth.tells.contains(.orders) { compareOrders() }
    if truth.tells.contains(.positions) { comparePositions() }
    if truth.tells.contains(.balances) { compareBalances() }
  }

  package static func run(
    _ state: borrowing State, _ truth: VenueTruth, tolerance: Tolerance = Tolerance()
  ) -> Reconciliation {
    var first = Reconciliation(state, truth, tolerance)
    if first.outcome == .mended {
      // What was to be one must be one now.
      let second = Reconciliation(first.state, truth, tolerance)
      first.differences += second.differences.filter { $0.outcome != .noted }.map {
        var left = $0
        left.outcome = .refused("it is still there once everything is mended")
        return left
      }
    }
    if first.outcome == .failed { first.halt() }
    return first
  }

  package var outcome: Outcome {
    var outcome = Outcome.equal
    for difference in differences {
      switch difference.outcome {
      case .refused: return .failed
      case .mended: outcome = .mended
      case .noted: break
      }
    }
    return outcome
  }

  package func withRecords<R>(_ body: (RecordReader) -> R) -> R {
    words.withUnsafeBytes { body(RecordReader($0)) }
  }

  package func report(_ directory: Directory) -> JSONValue {
    .object([
      ("account", .integer(truth.account)),
      ("outcome", .string(outcome.rawValue)),
      ("differences", .array(differences.map { $0.json(directory) })),
    ])
  }

  // MARK: records

  mutating func note(_ difference: ReconciliationDifference) { differences.append(difference) }

  /// Tries a record on the copy; `holds` says whether it did what it was to do. A record that did
  /// not is none of those that mend.
  mutating func mend<C: BitwiseCopyable>(
    _ record: C, _ difference: ReconciliationDifference, orElse why: String,
    _ holds: (borrowing State) -> Bool
  ) {
    var difference = difference
    let before = words.count
    append(record)
    apply(from: before)
    if !holds(state) {
      words.removeLast(words.count - before)
      difference.outcome = .refused(why)
    }
    note(difference)
  }

  /// Tries a record that may be known already; it counts only where `isNews`.
  mutating func attempt<C: BitwiseCopyable>(_ record: C, _ isNews: (borrowing State) -> Bool)
    -> Bool
  {
    let before = words.count
    append(record)
    apply(from: before)
    if isNews(state) { return true }
    words.removeLast(words.count - before)
    return false
  }

  private mutating func append<C: BitwiseCopyable>(_ record: C) {
    withUnsafeBytes(of: record) { bytes in
      for place in stride(from: 0, to: bytes.count, by: 8) {
        words.append(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      }
    }
  }

  private mutating func apply(from start: Int) {
    words.withUnsafeBytes { bytes in
      for record in RecordReader(UnsafeRawBufferPointer(rebasing: bytes[(start * 8)...])) {
        state.apply(record)
      }
    }
  }

  /// Nothing is mended by halves: what is left for a person is all of it.
  private mutating func halt() {
    words.removeAll()
    var record = keel_rec_trading()
    record.h = keel_event(KEEL_REC_TRADING, of: keel_rec_trading.self)
    record.state = UInt32(KEEL_TRADING_HALTED)
    FixedText.writePrefix(of: "reconciliation", to: &record.who)
    let first = differences.first { if case .refused = $0.outcome { true } else { false } }
    if let first, case .refused(let why) = first.outcome {
      FixedText.writePrefix(of: "\(first.kind.rawValue): \(why)", to: &record.why)
    }
    append(record)
  }
}
