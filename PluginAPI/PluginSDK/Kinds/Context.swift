public import PluginABI
#if KEEL_MODULES
  public import Market
#endif

/// A strategy's hands: what it knows of its slot, and the intents it sends. Intents are wishes; the
/// host's answer comes as `onOrder`. Nothing here waits or allocates.
public struct Context: PluginContext {
  public var port: HostPort
  /// The only clock.
  public internal(set) var now = Timestamp.distantPast
  public internal(set) var mode = Mode.warmup
  public internal(set) var generation: UInt32 = 0
  /// Batches this slot has seen in all its generations.
  public internal(set) var batchCount: UInt64 = 0
  public internal(set) var orders = OpenOrders()
  /// Intents the host had no room for in the batch that carried them.
  public internal(set) var intentsDropped: UInt64 = 0

  var sink: UnsafePointer<keel_sink>?
  private var positions = SortedMap<InstrumentID, Int64>()
  /// Part of the state, so that an id is never used twice, whatever is loaded.
  private var intentNext: UInt64 = 1

  init(port: HostPort) {
    self.port = port
    positions.reserveCapacity(64)
  }

  /// What this slot holds, as a signed mantissa: negative is short.
  public func position(_ instrument: InstrumentID) -> Int64 { positions[instrument] ?? 0 }

  /// Whether an answer may reach a venue.
  public var isLive: Bool { mode == .live || mode == .drain }

  // Each of these answers the intent's id, or nil when this batch's budget is spent.

  @discardableResult
  public mutating func placeLimit(
    _ side: Side, _ quantity: Quantity, at limit: Price, on instrument: InstrumentID,
    timeInForce: TimeInForce = .goodTillCancelled, isPostOnly: Bool = false,
    isReduceOnly: Bool = false
  ) -> UInt64? {
    var intent = keel_intent(.place, instrument)
    intent.side = side.rawValue
    intent.qty = quantity.mantissa
    intent.limit = limit.mantissa
    intent.order_type = OrderType.limit.rawValue
    intent.tif = timeInForce.rawValue
    intent.flags = UInt8(
      (isPostOnly ? KEEL_INF_POST_ONLY : 0) | (isReduceOnly ? KEEL_INF_REDUCE_ONLY : 0))
    return sendPlacing(&intent, side, limit)
  }

  @discardableResult
  public mutating func placeMarket(
    _ side: Side, _ quantity: Quantity, on instrument: InstrumentID, isReduceOnly: Bool = false
  ) -> UInt64? {
    var intent = keel_intent(.place, instrument)
    intent.side = side.rawValue
    intent.qty = quantity.mantissa
    intent.order_type = OrderType.market.rawValue
    intent.tif = TimeInForce.immediateOrCancel.rawValue
    intent.flags = UInt8(isReduceOnly ? KEEL_INF_REDUCE_ONLY : 0)
    return sendPlacing(&intent, side, nil)
  }

  /// Any order the ABI can name: start from `keel_intent(.place, instrument)`.
  @discardableResult
  public mutating func place(_ intent: keel_intent) -> UInt64? {
    guard let side = Side(rawValue: intent.side), intent.qty > 0 else { return nil }
    var intent = intent
    return sendPlacing(&intent, side, Price?(abi: intent.limit))
  }

  /// Hold this much, on this side; the host works out the order.
  @discardableResult
  public mutating func target(
    _ side: Side, _ quantity: Quantity, on instrument: InstrumentID
  ) -> UInt64? {
    var intent = keel_intent(.target, instrument)
    intent.side = side.rawValue
    intent.qty = quantity.mantissa
    return send(&intent)
  }

  @discardableResult
  public mutating func flatten(_ instrument: InstrumentID) -> UInt64? {
    target(.buy, .zero, on: instrument)
  }

  @discardableResult
  public mutating func amend(
    _ order: OpenOrder, limit: Price, quantity: Quantity
  ) -> UInt64? {
    guard let id = order.id else { return nil }
    var intent = keel_intent(.amend, order.instrument)
    intent.order_id = id
    intent.limit = limit.mantissa
    intent.qty = quantity.mantissa
    return send(&intent)
  }

  /// Once is enough: an order already being cancelled, or not answered yet, is left alone.
  @discardableResult
  public mutating func cancel(_ order: OpenOrder) -> UInt64? {
    guard let id = order.id, !order.isCancelling else { return nil }
    var intent = keel_intent(.cancel, order.instrument)
    intent.order_id = id
    let sent = send(&intent)
    if sent != nil, isLive { orders.cancelling(id) }
    return sent
  }

  @discardableResult
  public mutating func cancelAll(on instrument: InstrumentID? = nil) -> UInt64? {
    var intent = keel_intent(.cancelAll, instrument)
    return send(&intent)
  }

  private mutating func sendPlacing(
    _ intent: inout keel_intent, _ side: Side, _ limit: Price?
  ) -> UInt64? {
    guard let id = send(&intent) else { return nil }
    // Only a live intent is answered to this instance; others would wait here for ever.
    if isLive {
      orders.sent(
        OpenOrder(
          intent: id, instrument: InstrumentID(rawValue: intent.h.inst), side: side, limit: limit,
          quantity: Quantity(mantissa: intent.qty)))
    }
    return id
  }

  private mutating func send(_ intent: inout keel_intent) -> UInt64? {
    guard let sink, let push = sink.pointee.push else { return nil }
    intent.intent_id = intentNext
    guard push(sink, &intent, MemoryLayout<keel_intent>.size) == Status.ok else {
      intentsDropped += 1
      return nil
    }
    intentNext += 1
    return intent.intent_id
  }

  mutating func begin(_ batch: UnsafePointer<keel_batch>, _ sink: UnsafePointer<keel_sink>) {
    self.sink = sink
    now = Timestamp(nanoseconds: batch.pointee.now)
    mode = Mode(rawValue: batch.pointee.mode) ?? .shadow
    generation = batch.pointee.generation
    batchCount = batch.pointee.slot_count
  }

  mutating func apply(_ update: PositionUpdate) {
    positions[update.instrument] = update.signedQuantity
  }

  /// Orders and positions are the host's facts: it tells them to whoever takes over, and its word
  /// stands whatever a state says. So only the numbering is kept.
  func write(to state: inout StateWriter) { state.write(intentNext) }
  mutating func restore(from state: inout StateReader) throws(StateError) {
    intentNext = try state.read()
  }
}
