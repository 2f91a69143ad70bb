package import Market
import PluginABI
package import PluginBridge

/// A venue made of the market data it is shown. Pure: time comes in with the records, answers go
/// out as records, and equal models and records give equal bytes.
///
/// **Time.** An order, amend or cancel sent at t is at the venue at t and the order leg's latency;
/// what the venue says is with the host after the report leg's, what it sees after the feed leg's.
/// Nothing overtakes what went the same way before. An order fills only on data that comes after
/// it was sent and is not older than its arrival: never on what triggered it, except in the mode
/// `standingPrices`. Of one time there come, in this order: commands as they were sent, orders
/// whose time is over, expiries, funding, reports that are due, then the data of that time as it
/// is given.
///
/// **Data.** Of several sources the finest seen so far decides the fills of an instrument: its
/// book, else quotes, else trades, else bars. Trades use up queues beside a book or quotes too. A
/// book is whole between two messages; a broken one fills nothing until the next full picture, and
/// an instrument that is not trading fills nothing. Displayed quantity is consumed once across all
/// own orders, until the data tells it anew.
///
/// **Order of one record.** Resting orders first, by price, then by age; then orders that came
/// since the last prices, by age; then trailing stops move, and held orders whose trigger is met
/// follow.
///
/// **Taking.** A limit that does not reach the other side of the book it finds rests at once. Any
/// other order takes from the next prices: level by level, as far as its limit accepts them. What
/// is left rests, waits (market) or is cancelled (immediate or cancel); fill or kill takes all or
/// nothing; post-only is refused if it could take. Market orders wait while prices are too old.
///
/// **Resting.** A resting order fills at its limit: when the other side reaches it, when a trade
/// goes through it, or when trades at its price have used up the queue before it (`QueueModel`). A
/// new price or a larger quantity gives its place up, a smaller quantity keeps it. An iceberg's
/// next displayed part joins the end of the queue.
///
/// **Triggers.** What buys looks at the ask, what sells at the bid, both at trades and bars. A
/// stop met by a quote, a book or a bar takes at once from what it met; one met by a trade beside
/// quotes takes from the next ones: it fills at the first price there is, not at its trigger.
///
/// **Bars.** Only a bar that opened after an order's arrival fills it. Its inside is a path in
/// straight lines: open, the extreme nearer to it (the high of two as near), the other one, close.
/// New orders are decided at the open; resting ones fill when the path goes through their limit,
/// held ones when it reaches their trigger. `pessimistic` walks to both extremes for stops alone
/// before that. Of a bar's volume own orders take at most `barShare`.
package struct SimulatedVenue: ~Copyable {
  private let engine: UnsafeMutablePointer<MatchingEngine>

  package init(model: VenueModel, instruments: Int) {
    engine = .allocate(capacity: 1)
    engine.initialize(to: MatchingEngine(model: model, instruments: instruments))
  }

  deinit {
    engine.deinitialize(count: 1)
    engine.deallocate()
  }

  package var openOrders: Int { engine.pointee.orders.count }

  /// When the venue next has something to do or to say without more data: a command arrives, an
  /// order ends, a report or delayed data comes out, funding is due. nil when nothing is.
  package var nextArrival: Timestamp? {
    let due = engine.pointee.nextDue
    return due == .max ? nil : Timestamp(nanoseconds: due)
  }

  /// Takes a command the host released at `now`. False for one it does not know how to execute.
  package func send(_ command: Record, at now: Timestamp) -> Bool {
    engine.pointee.send(command, at: now.nanoseconds)
  }

  /// Everything that has happened by `now` without data, and every report that is due.
  package func arrive(by now: Timestamp, into reports: inout RecordBuffer) {
    engine.pointee.arrive(by: now.nanoseconds, &reports)
  }

  /// Shows the venue one record of market data, before any strategy sees it.
  package func see(_ record: Record, into reports: inout RecordBuffer) {
    engine.pointee.see(record, &reports)
  }

  /// Whether market data reaches the host later than the venue. Then each record that was seen is
  /// handed to `delay` instead of to the strategies, and comes back from `takeDelayed`.
  package var delaysData: Bool { !engine.pointee.showsAtOnce }

  /// `source` is the record's place among the session's feeds.
  package func delay(_ record: Record, from source: UInt32, at now: Timestamp) {
    engine.pointee.delay(record, from: source, at: now.nanoseconds)
  }

  /// Delayed data that has reached the host by `now`, in the order in which it was seen. `body`
  /// returns false for a record that it has no room for: it stays the next one.
  package func takeDelayed(by now: Timestamp, _ body: (Record) -> Bool) {
    while let record = engine.pointee.dataUnderWay.next(by: now.nanoseconds), body(record) {
      engine.pointee.dataUnderWay.removeFirst()
    }
  }
}
