import Market
package import PluginBridge

/// A market that never was, of one or several instruments, from a seed: the same seed gives the
/// same bytes, in any process and on any machine. Records come in the order of time.
package struct InventedMarket: Sendable {
  package enum Model: String, CaseIterable, Sendable {
    /// Prices through calm, trending and volatile times: quotes and trades.
    case regimes
    /// Agents on an order book: its changes, the trades and the quotes that follow.
    case book
  }

  private let shape: MarketShape
  private var path: PricePath
  private var quoting: [QuoteMarket] = []
  private var books: [BookMarket] = []
  /// Instruments in the order in which they quote within a step.
  private var order: [Int] = []
  private var stepTime: Timestamp

  package init(_ model: Model, _ instruments: [InventedInstrument], _ shape: MarketShape) {
    precondition(!instruments.isEmpty && shape.ifSound != nil, "a market is of something")
    self.shape = shape
    path = PricePath(instruments, shape)
    stepTime = shape.start
    for (number, instrument) in instruments.enumerated() {
      switch model {
      case .regimes: quoting.append(QuoteMarket(instrument, shape, number: number))
      case .book: books.append(BookMarket(instrument, shape, number: number))
      }
    }
    order = Array(quoting.indices)
  }

  package var regime: MarketRegime { path.regime }
  package var jumps: Int { path.jumps }

  /// What `next` may write at once.
  package var bytesMax: Int {
    RecordWriter.recordBytesMax
      * Swift.max(
        quoting.count * QuoteMarket.recordsMax, BookMarket.recordsMax(levels: shape.levels))
  }

  /// What happens next: whole messages, of one time or a step's.
  package mutating func next(into buffer: inout RecordBuffer) {
    if books.isEmpty { quoteAll(into: &buffer) } else { actOne(into: &buffer) }
  }

  private mutating func quoteAll(into buffer: inout RecordBuffer) {
    path.advance()
    for index in quoting.indices { quoting[index].drawDelay(within: shape.step) }
    for place in order.indices {
      var place = place
      while place > 0, isBefore(order[place], order[place - 1]) {
        order.swapAt(place, place - 1)
        place -= 1
      }
    }
    var last = stepTime
    for index in order {
      // A trade stands a nanosecond behind its quote.
      let time = Swift.max(stepTime + quoting[index].delay, last)
      quoting[index].quote(
        path.points[index], agitation: path.agitation(index), at: time, into: &buffer)
      last = time + Nanoseconds(1)
    }
    stepTime = Swift.max(stepTime + shape.step, last)
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    (quoting[a].delay, a) < (quoting[b].delay, b)
  }

  private mutating func actOne(into buffer: inout RecordBuffer) {
    var first = 0
    for index in books.indices where books[index].nextTime < books[first].nextTime { first = index }
    while stepTime + shape.step <= books[first].nextTime {
      path.advance()
      stepTime = stepTime + shape.step
    }
    books[first].act(fair: path.points[first].price, into: &buffer)
  }
}
