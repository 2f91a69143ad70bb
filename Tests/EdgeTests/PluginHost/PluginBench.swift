import Market
import PluginABI
import PluginBridge
import PluginHost
import TestSupport

/// A registry, an instrument table and batches for tests of plugins.
final class PluginBench {
  let directory = TemporaryDirectory()
  let registry: PluginRegistry
  let instruments: InstrumentTable

  init(policy: LoadPolicy = LoadPolicy(), instruments count: Int = 2) {
    registry = PluginRegistry(storeDirectory: directory.file("store/plugins"), policy: policy)
    instruments = InstrumentTable((0..<count).map(Self.instrument))
  }

  static func instrument(_ id: Int) -> keel_ev_instrument {
    var row = keel_ev_instrument()
    row.h = keel_event(
      Int(KEEL_EV_INSTRUMENT), of: keel_ev_instrument.self,
      instrument: InstrumentID(rawValue: UInt32(id)), time: Timestamp(nanoseconds: 0))
    row.px_exp = -2
    row.qty_exp = -3
    row.tick = 1
    row.lot = 1
    row.kind = UInt8(KEEL_KIND_SPOT)
    fill(&row.symbol, "SYM\(id)")
    fill(&row.venue, "SIM")
    return row
  }

  static func fill<Field>(_ field: inout Field, _ text: String) {
    withUnsafeMutableBytes(of: &field) { bytes in
      bytes.copyBytes(from: Array(text.utf8.prefix(bytes.count - 1)))
    }
  }

  func bad(_ name: String, flags: [String] = []) throws -> String {
    try CPluginCompiler.compile("Tests/Fixtures/BadPlugins/\(name).c", flags: flags)
  }

  func load(_ path: String) throws -> PluginBuild { try registry.load(path: path) }

  /// An active instance of a library's first plugin.
  func active(_ path: String, limits: InstanceLimits = .standard) throws -> PluginInstance {
    let instance = try created(path, limits: limits)
    try instance.activate()
    return instance
  }

  func created(
    _ path: String, config: String = "", limits: InstanceLimits = .standard
  ) throws -> PluginInstance {
    let build = try load(path)
    return try PluginInstance(
      build: build, descriptor: build.descriptors[0], config: config, name: "slot",
      instruments: instruments, limits: limits)
  }

  /// The error a load ends with.
  func refusal(_ path: String) throws -> PluginHostError {
    do throws(PluginHostError) {
      _ = try registry.load(path: path)
    } catch {
      return error
    }
    throw Unexpected(description: "\(path) was loaded")
  }
}

struct Unexpected: Error, CustomStringConvertible {
  let description: String
}

/// What one process() call answered.
struct Answer {
  let status: keel_status
  let bytes: [UInt8]

  var types: [Int] {
    bytes.withUnsafeBytes { buffer in RecordReader(buffer).map(\.type) }
  }
}

extension PluginInstance {
  /// Gives one batch of records.
  func give(
    _ events: [UInt8] = [], count: Int = 0, now: Int64 = 1, mode: Int = Int(KEEL_LIVE)
  ) -> Answer {
    events.withUnsafeBytes { buffer in
      var batch = keel_batch()
      batch.struct_size = UInt32(MemoryLayout<keel_batch>.size)
      batch.mode = UInt32(mode)
      batch.generation = 1
      batch.count = UInt32(count)
      batch.now = now
      batch.events = buffer.baseAddress
      batch.bytes = buffer.count
      var records: UnsafeRawPointer?
      var bytes = 0
      let status = process(processContext, &batch, &records, &bytes)
      return Answer(
        status: status, bytes: Array(UnsafeRawBufferPointer(start: records, count: bytes)))
    }
  }

  func give(quotes: [(bid: Int64, ask: Int64)], now: Int64 = 1, mode: Int = Int(KEEL_LIVE))
    -> Answer
  {
    var bytes: [UInt8] = []
    for quote in quotes { bytes += Self.quote(quote.bid, quote.ask, time: now) }
    return give(bytes, count: quotes.count, now: now, mode: mode)
  }

  static func quote(_ bid: Int64, _ ask: Int64, instrument: UInt32 = 0, time: Int64) -> [UInt8] {
    var quote = keel_ev_quote()
    quote.h = keel_event(
      Int(KEEL_EV_QUOTE), of: keel_ev_quote.self, instrument: InstrumentID(rawValue: instrument),
      time: Timestamp(nanoseconds: time))
    quote.bid = bid
    quote.ask = ask
    quote.bid_qty = 1
    quote.ask_qty = 1
    return withUnsafeBytes(of: quote) { Array($0) }
  }

  var timers: [UInt64: Int64?] {
    var found: [UInt64: Int64?] = [:]
    drainTimers { found[$0] = .some($1) }
    return found
  }

  var logLines: [String] {
    var lines: [String] = []
    drainLog { lines.append($1) }
    return lines
  }
}
