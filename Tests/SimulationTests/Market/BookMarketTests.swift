import Kernel
import Market
import MarketHistory
import PluginABI
import PluginBridge
import Simulation
import TestSupport
import Testing

/// A market of agents on a book, read as the kernel reads a venue's.
@Suite struct BookMarketTests {
  /// Gives every record to a kernel, one time after another.
  private func replay(
    _ tape: InventedTape, books: Int, levels: Int, after: (borrowing Kernel, Record) -> Void
  ) -> Kernel {
    var limits = Limits()
    limits.books = books
    limits.bookLevels = levels
    var kernel = Kernel(session: 1, limits: limits)
    var effects = Effects(limits: limits)
    tape.forEach { record in
      var bytes = RecordBytes(record.bytes)
      let sequence = kernel.sequence + 1
      bytes.forEachHeader { $0.seq = sequence }
      bytes.withBytes { kernel.handle($0, last: sequence, at: record.time, into: &effects) }
      after(kernel, record)
    }
    return kernel
  }

  @Test(arguments: [UInt64(1), 2, 3]) func theKernelBuildsTheSameBook(_ seed: UInt64) {
    let tape = InventedTape(.book, seed: seed, records: 6_000, instruments: 2)
    var (quotes, wrong) = (0, 0)
    let kernel = replay(tape, books: 2, levels: 128) { kernel, record in
      guard let quote = Quote(record), let book = kernel.state.book(record.instrument) else {
        return
      }
      quotes += 1
      // A quote follows its message: it is the best of the book.
      let isSame =
        book.isValid && book.breaks == 0 && book.bestBid?.price == quote.bid
        && book.bestAsk?.price == quote.ask && book.bestBid?.quantity == quote.bidQuantity
        && book.bestAsk?.quantity == quote.askQuantity
      if !isSame { wrong += 1 }
    }
    #expect(quotes > 500 && wrong == 0)
    for id in UInt32(0)...1 {
      let book = kernel.state.book(InstrumentID(rawValue: id))
      #expect(book?.isValid == true && book?.breaks == 0)
      #expect((4...40).contains(book?.bids.count ?? 0) && (4...40).contains(book?.asks.count ?? 0))
    }
    kernel.checkInvariants()
  }

  @Test func itIsNeverCrossedAndPassesTheCheck() {
    for seed in UInt64(1)...4 {
      let tape = InventedTape(.book, seed: seed, records: 12_000, instruments: 2)
      let report = tape.check()
      #expect(report.errors == 0 && report.warnings == 0, "\(report.log.found)")
      #expect(report.streams.count == 6 && report.streams.allSatisfy { $0.coverage == 1 })
      var crossed = 0
      tape.forEach { record in
        guard let quote = Quote(record), let bid = quote.bid, let ask = quote.ask else { return }
        if bid >= ask { crossed += 1 }
      }
      #expect(crossed == 0)
    }
  }

  @Test func tradesMeetWhatRests() {
    let tape = InventedTape(.book, seed: 9, records: 20_000)
    var best: Quote?
    var (trades, through, wrong) = (0, 0, 0)
    tape.forEach { record in
      if let quote = Quote(record) { best = quote }
      guard let trade = Trade(record), let best, let bid = best.bid, let ask = best.ask else {
        return
      }
      trades += 1
      let isBuy = trade.aggressor == .buy
      if isBuy ? trade.price < ask : trade.price > bid { wrong += 1 }
      if trade.price != (isBuy ? ask : bid) { through += 1 }
    }
    #expect(trades > 500 && through > 10 && wrong == 0)
  }

  @Test func theBookFollowsWhatIsBelieved() {
    // A market whose price moves much: the book's mid must go along.
    let tape = InventedTape(.book, seed: 5, records: 60_000) { $0.volatility = 20 }
    let mids = tape.mids()
    let spread = (mids.max() ?? 0) / (mids.min() ?? 1) - 1
    #expect(spread > 0.01)
    var widths: [Double] = []
    tape.forEach { record in
      guard let quote = Quote(record), let bid = quote.bid, let ask = quote.ask else { return }
      widths.append(Double(ask.mantissa - bid.mantissa) / Double(bid.mantissa))
    }
    #expect(widths.sorted()[widths.count / 2] < 0.002)
  }

  @Test func messagesAreNumberedWithoutAGap() {
    let tape = InventedTape(.book, seed: 1, records: 5_000)
    var last: UInt64 = 0
    var isOpen = false
    var (several, wrong) = (0, 0)
    tape.forEach { record in
      guard let update = BookUpdate(record) else { return }
      if isOpen {
        if update.venueSequence != last { wrong += 1 }
        several += 1
      } else {
        let continues = update.isSnapshot || update.venueSequenceBefore == last
        if update.venueSequence != last + 1 || !continues { wrong += 1 }
      }
      last = update.venueSequence
      isOpen = !update.isLast
    }
    #expect(!isOpen && last > 1_000 && several > 200 && wrong == 0)
  }
}
