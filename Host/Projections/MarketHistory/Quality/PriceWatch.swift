import Market

/// Moves of one stream's price that are out of all proportion, and prices that do not move.
///
/// Proportion is the median of the latest moves' sizes, zeros left out: one wild move, or many, do
/// not change it much. A move is 2 (b - a) / (b + a), the first term of the logarithm's series,
/// which grows as the log return does and is the same on every machine.
struct PriceWatch: Sendable {
  private static let window = 128
  private static let movesMin = 20
  private static let refreshEvery = 16
  /// Prices in which a jump may come back.
  private static let patience = 3

  private struct Jump {
    let from: Double
    let to: Double
    let move: Double
    let time: Timestamp
    let record: Int
    var left = PriceWatch.patience
  }

  private let scales: Double
  private let least: Double
  private let staleCount: Int
  private let staleTime: Nanoseconds
  private var moves: [Double] = []
  private var next = 0
  private var sorted: [Double] = []
  private var sinceRefresh = 0
  private var bound = Double.infinity
  private var price: Double?
  private var jump: Jump?
  private var frozen: (since: Timestamp, until: Timestamp, record: Int, count: Int)?

  init(_ options: QualityOptions, isOfBars: Bool) {
    scales = options.jumpScales
    least = options.jumpLeast / 1e4
    staleCount = isOfBars ? options.staleBars : options.staleTicks
    staleTime = isOfBars ? .zero : options.staleTime
    moves.reserveCapacity(Self.window)
    sorted.reserveCapacity(Self.window)
  }

  /// `price` is above zero, in any unit; `isSame` says that nothing at all has changed.
  mutating func take(
    _ price: Double, isSame: Bool, _ time: Timestamp, _ record: Int, _ instrument: InstrumentID,
    into log: inout FindingLog
  ) {
    takeSameness(isSame, time, record, instrument, into: &log)
    defer { self.price = price }
    guard let before = self.price else { return }
    if jump != nil {
      settle(price, instrument, into: &log)
      return
    }
    let move = 2 * (price - before) / (price + before)
    guard move != 0 else { return }
    if moves.count >= Self.movesMin, move.magnitude > bound {
      jump = Jump(from: before, to: price, move: move, time: time, record: record)
    }
    // A jump counts as no more than the bound, so that the next one still stands out.
    push(Swift.min(move.magnitude, bound))
  }

  mutating func finish(_ instrument: InstrumentID, into log: inout FindingLog) {
    if let jump { tell(jump, .jump, instrument, into: &log) }
    tellFrozen(instrument, into: &log)
  }

  private mutating func settle(
    _ price: Double, _ instrument: InstrumentID, into log: inout FindingLog
  ) {
    guard var open = jump else { return }
    if (price - open.from).magnitude <= (open.to - open.from).magnitude / 4 {
      tell(open, .badPrint, instrument, into: &log)
      jump = nil
      return
    }
    open.left -= 1
    jump = open.left > 0 ? open : nil
    if open.left == 0 { tell(open, .jump, instrument, into: &log) }
  }

  private func tell(
    _ jump: Jump, _ kind: FindingKind, _ instrument: InstrumentID, into log: inout FindingLog
  ) {
    log.add(
      Finding(
        kind, instrument, at: jump.time, record: jump.record, .basisPoints(jump.move * 1e4)))
  }

  private mutating func push(_ size: Double) {
    if moves.count < Self.window {
      moves.append(size)
    } else {
      moves[next] = size
      next = (next + 1) % Self.window
    }
    sinceRefresh += 1
    guard sinceRefresh >= Self.refreshEvery || moves.count == Self.movesMin else { return }
    sinceRefresh = 0
    sorted.removeAll(keepingCapacity: true)
    sorted.append(contentsOf: moves)
    sorted.sort()
    // 1.4826 medians are a standard deviation where moves are normal.
    bound = Swift.max(least, scales * 1.4826 * sorted[sorted.count / 2])
  }

  private mutating func takeSameness(
    _ isSame: Bool, _ time: Timestamp, _ record: Int, _ instrument: InstrumentID,
    into log: inout FindingLog
  ) {
    if isSame, frozen != nil {
      frozen?.count += 1
      frozen?.until = time
    } else {
      tellFrozen(instrument, into: &log)
      frozen = (time, time, record, 1)
    }
  }

  private func tellFrozen(_ instrument: InstrumentID, into log: inout FindingLog) {
    guard let frozen, frozen.count >= staleCount, frozen.until - frozen.since >= staleTime else {
      return
    }
    log.add(
      Finding(
        .stale, instrument, at: frozen.since, record: frozen.record,
        .duration(frozen.until - frozen.since)))
  }
}
