internal import PluginABI
#if KEEL_MODULES
  internal import Market
#endif

/// The C function tables of one instance. They belong to the instance because the ABI promises
/// that they live until destroy, and because a library's writable globals would be shared.
struct ExtensionTables {
  enum Kind { case strategy, alpha, data, exchange }

  var strategy = keel_strategy()
  var alpha = keel_alpha()
  var data = keel_data()
  var exchange = keel_exchange()
  var state = keel_state()
  var parameters = keel_params()
  var interests = keel_interests()
  var swap = keel_swap()

  init() {
    strategy.struct_size = UInt32(MemoryLayout<keel_strategy>.size)
    strategy.process = Thunks.process
    alpha.struct_size = UInt32(MemoryLayout<keel_alpha>.size)
    alpha.process = Thunks.process
    data.struct_size = UInt32(MemoryLayout<keel_data>.size)
    data.attach = Thunks.attach
    data.subscribe = Thunks.subscribe
    data.unsubscribe = Thunks.unsubscribe
    data.poll = Thunks.poll
    exchange.struct_size = UInt32(MemoryLayout<keel_exchange>.size)
    exchange.attach = Thunks.attach
    exchange.submit = Thunks.command
    exchange.amend = Thunks.command
    exchange.cancel = Thunks.command
    exchange.query = Thunks.command
    exchange.reconcile = Thunks.reconcile
    state.struct_size = UInt32(MemoryLayout<keel_state>.size)
    state.save = Thunks.save
    state.load = Thunks.load
    parameters.struct_size = UInt32(MemoryLayout<keel_params>.size)
    parameters.count = Thunks.parameterCount
    parameters.info = Thunks.parameterInfo
    parameters.set = Thunks.parameterSet
    interests.struct_size = UInt32(MemoryLayout<keel_interests>.size)
    interests.get = Thunks.interests
    swap.struct_size = UInt32(MemoryLayout<keel_swap>.size)
    swap.quiesce = Thunks.quiesce
    swap.resume = Thunks.resume
  }

  /// The table by its id, if this kind of plugin offers it.
  static func find(_ id: UnsafePointer<CChar>, in box: PluginBox) -> UnsafeRawPointer? {
    let tables = box.tables
    let isEventDriven = box.kind == .strategy || box.kind == .alpha
    if isSame(id, KEEL_STRATEGY) {
      return box.kind == .strategy ? address(&tables.pointee.strategy) : nil
    }
    if isSame(id, KEEL_ALPHA) { return box.kind == .alpha ? address(&tables.pointee.alpha) : nil }
    if isSame(id, KEEL_DATA) { return box.kind == .data ? address(&tables.pointee.data) : nil }
    if isSame(id, KEEL_EXCHANGE) {
      return box.kind == .exchange ? address(&tables.pointee.exchange) : nil
    }
    if isSame(id, KEEL_STATE) {
      return box.info.stateVersion > 0 ? address(&tables.pointee.state) : nil
    }
    if isSame(id, KEEL_PARAMS) { return address(&tables.pointee.parameters) }
    if isSame(id, KEEL_INTERESTS) {
      return isEventDriven ? address(&tables.pointee.interests) : nil
    }
    if isSame(id, KEEL_SWAP) { return isEventDriven ? address(&tables.pointee.swap) : nil }
    return nil
  }

  /// The tables do not move while their box lives, so their addresses may leave.
  private static func address<Table>(_ table: UnsafePointer<Table>) -> UnsafeRawPointer {
    UnsafeRawPointer(table)
  }

  private static func isSame(_ id: UnsafePointer<CChar>, _ name: String) -> Bool {
    var index = 0
    for byte in name.utf8 {
      guard UInt8(bitPattern: id[index]) == byte else { return false }
      index += 1
    }
    return id[index] == 0
  }
}
