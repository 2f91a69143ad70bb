package import PluginABI
import PluginBoundary

/// The session's instruments as plugins see them: dense by id, rows never moved, so that a pointer
/// a plugin was given stays good. Written by the session's thread, read by any.
package final class InstrumentTable {
  let table: UnsafeMutablePointer<plugin_instruments>
  private let rows: UnsafeMutablePointer<keel_ev_instrument>
  package let capacity: Int

  package init(capacity: Int) {
    precondition(capacity > 0, "a session has at least one instrument")
    self.capacity = capacity
    rows = .allocate(capacity: capacity)
    table = .allocate(capacity: 1)
    table.initialize(to: plugin_instruments(rows: UnsafePointer(rows), count: 0, pad: 0))
  }

  package convenience init(_ instruments: [keel_ev_instrument]) {
    self.init(capacity: max(1, instruments.count))
    for instrument in instruments { add(instrument) }
  }

  deinit {
    rows.deallocate()
    table.deallocate()
  }

  package var count: Int { Int(table.pointee.count) }

  /// The row's h.inst is its place in the table.
  package func add(_ instrument: keel_ev_instrument) {
    precondition(count < capacity, "the table was made for \(capacity) instruments")
    precondition(Int(instrument.h.inst) == count, "instrument ids are dense")
    (rows + count).initialize(to: instrument)
    table.pointee.count += 1
  }

  /// A new epoch: tick, lot and limits only. Between two batches.
  package func update(_ instrument: keel_ev_instrument) {
    let index = Int(instrument.h.inst)
    precondition(index < count, "only a known instrument has a new epoch")
    precondition(
      rows[index].px_exp == instrument.px_exp && rows[index].qty_exp == instrument.qty_exp,
      "exponents are constant for the life of an id")
    rows[index] = instrument
  }

  package subscript(_ id: UInt32) -> keel_ev_instrument {
    precondition(Int(id) < count, "unknown instrument")
    return rows[Int(id)]
  }
}
