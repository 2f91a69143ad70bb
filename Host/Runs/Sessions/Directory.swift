import Kernel
package import Market
package import PluginABI
import PluginBridge

/// The session's tables of names: assets and instruments, in the order in which they were first
/// named. Ids are positions in them and are never reused.
package struct Directory: Sendable {
  package private(set) var assets: [String] = [""]
  package private(set) var instruments: [keel_ev_instrument] = []

  package init() {}

  package mutating func asset(_ code: String) -> AssetID {
    if let index = assets.firstIndex(of: code) { return AssetID(rawValue: UInt32(index)) }
    assets.append(code)
    return AssetID(rawValue: UInt32(assets.count - 1))
  }

  package func code(_ asset: AssetID) -> String {
    Int(asset.rawValue) < assets.count ? assets[Int(asset.rawValue)] : "?"
  }

  /// Adds a definition whose asset codes are set; gives it its id and the ids of its assets.
  package mutating func add(_ definition: keel_ev_instrument) -> InstrumentID {
    var record = definition
    let id = InstrumentID(rawValue: UInt32(instruments.count))
    record.h.inst = id.rawValue
    record.base = asset(FixedText.read(record.base_code)).rawValue
    record.quote = asset(FixedText.read(record.quote_code)).rawValue
    record.settle = asset(FixedText.read(record.settle_code)).rawValue
    instruments.append(record)
    return id
  }

  /// A row as a journal tells it, under the number it has there.
  mutating func place(_ code: String, at asset: UInt32) {
    guard asset < Self.rowsMax else { return }
    while assets.count <= Int(asset) { assets.append("") }
    assets[Int(asset)] = code
  }
  mutating func place(_ definition: keel_ev_instrument) {
    guard definition.h.inst < Self.rowsMax else { return }
    let row = Int(definition.h.inst)
    while instruments.count <= row { instruments.append(keel_ev_instrument()) }
    instruments[row] = definition
  }
  private static let rowsMax: UInt32 = 1 << 20

  package func find(symbol: String) -> InstrumentID? {
    instruments.firstIndex { FixedText.read($0.symbol) == symbol }
      .map { InstrumentID(rawValue: UInt32($0)) }
  }

  package func find(symbol: String, venue: String) -> InstrumentID? {
    instruments.firstIndex {
      FixedText.read($0.symbol) == symbol && FixedText.read($0.venue) == venue
    }.map { InstrumentID(rawValue: UInt32($0)) }
  }

  package func symbol(_ id: InstrumentID) -> String {
    id.index < instruments.count ? FixedText.read(instruments[id.index].symbol) : "?"
  }

  package func venue(_ id: InstrumentID) -> String {
    id.index < instruments.count ? FixedText.read(instruments[id.index].venue) : "?"
  }
}

extension Directory {
  mutating func code(_ codec: inout SnapshotCodec) {
    var (codes, rows) = (assets.map(CodedText.init), instruments.map(CodedRow.init))
    codec.list(&codes, limit: Int(Self.rowsMax))
    codec.list(&rows, limit: Int(Self.rowsMax))
    guard codec.isReading else { return }
    assets = codes.map(\.text)
    instruments = rows.map(\.record)
  }

  private struct CodedText: SnapshotElement {
    var text = ""
    static var blank: CodedText { CodedText() }
    mutating func code(_ codec: inout SnapshotCodec) { codec.text(&text) }
  }
  private struct CodedRow: SnapshotElement {
    var record = keel_ev_instrument()
    static var blank: CodedRow { CodedRow() }
    mutating func code(_ codec: inout SnapshotCodec) { codec.raw(&record) }
  }
}
