import Checksum
import Glibc
import Market
import MarketFiles
import PluginABI
import PluginBridge
import Sessions
import Storage
import TestSupport

/// How fast files of vendors are read: a million bars of one minute, plain and packed.
struct DataBenchmarks {
  private static let rows = 1_000_000
  private static let runs = 5
  /// Of the file with a million bars, wherever it is made.
  private static let checksum = "8bf270cd88e0f8f308d54b8839f844a8299a537219aa7e622141d61aa14ecfb1"
  private let folder = TemporaryDirectory()

  func run() {
    do {
      let plain = try folder.write("bars.csv", Self.text())
      try ToolRun.require(["gzip", "-1", "-k", plain])
      try parse("data.parse, bars as CSV", plain, aim: 10e6)
      try parse("data.parse, bars as CSV, gzip", plain + ".gz", aim: nil)
      try measure(plain)
      try whole(plain)
      try tape()
    } catch { Benchmark.fail("\(error)") }
  }

  private static func rate(_ body: () throws -> Int) rethrows -> Double {
    let start = MonotonicClock.now()
    let count = try body()
    guard count == rows else { Benchmark.fail("\(count) of \(rows) rows") }
    return Double(count) / Double(MonotonicClock.now() - start) * 1e9
  }

  /// Text to records in memory.
  private func parse(_ name: String, _ path: String, aim: Double?) throws {
    let rates = try (0..<Self.runs).map { _ in
      try Self.rate {
        let reader = try MarketFileReader(
          try MarketFile(path: path, MarketFileOptions()), table: [Self.instrument], instrument: 0)
        while try reader.next() != nil {}
        return reader.rowsRead
      }
    }
    Benchmark(name: name, unit: "rows/s", aim: aim).report(rates)
  }

  /// The pass that looks for the finest digits.
  private func measure(_ path: String) throws {
    let rates = try (0..<Self.runs).map { _ in
      try Self.rate {
        let found = try MarketFile(path: path, MarketFileOptions()).finestDecimals()
        return found.price == 2 ? Self.rows : 0
      }
    }
    Benchmark(name: "data.measure, bars as CSV", unit: "rows/s").report(rates)
  }

  /// Text to a tape on the disk, synced.
  private func whole(_ path: String) throws {
    let rates = try (0..<Self.runs).map { run in
      try Self.rate {
        let input = TapeImport.Input(
          file: try MarketFile(path: path, MarketFileOptions()), instrument: 0)
        var work = try TapeImport(
          [input], table: [Self.instrument], to: folder.file("\(run).tape"))
        return try work.run(isSorting: false) { _ in true }.rows
      }
    }
    Benchmark(name: "data.import, bars as CSV to a tape", unit: "rows/s").report(rates)
  }

  private func tape() throws {
    let rates = try (0..<Self.runs).map { _ in
      try Self.rate {
        let tape = try Tape(path: folder.file("0.tape"))
        var time: Int64 = 0
        var count = 0
        for record in RecordReader(tape.records) {
          guard record.time.nanoseconds >= time else { return 0 }
          time = record.time.nanoseconds
          count += 1
        }
        return count
      }
    }
    Benchmark(name: "data.tape, read", unit: "records/s").report(rates)
  }

  private static let instrument: keel_ev_instrument = {
    var row = Quotes.instrument()
    row.qty_exp = 0
    return row
  }()

  /// Bars of a random walk: the same bytes on every machine.
  private static func text() -> [UInt8] {
    var state: UInt64 = 42
    func draw() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33)
    }
    var bytes = Array("timestamp_ms,open,high,low,close,volume\n".utf8)
    bytes.reserveCapacity(60 << 20)
    func put(_ number: Int, decimals: Int, _ end: Character) {
      bytes += Array(DecimalText.format(Int64(number), exponent: -decimals).utf8)
      bytes += Array(end.utf8)
    }
    var before = 5_000_000
    for row in 0..<rows {
      let draws = (0..<6).map { _ in draw() }
      let open = before + draws[0] % 101 - 50
      let close = open + draws[1] % 2_001 - 1_000
      put(1_577_836_800_000 + (row + 1) * 60_000, decimals: 0, ",")
      put(open, decimals: 2, ",")
      put(max(open, close) + draws[2] % 501, decimals: 2, ",")
      put(min(open, close) - draws[3] % 501, decimals: 2, ",")
      put(close, decimals: 2, ",")
      put(1_000 + draws[4] % 100_000, decimals: 0, "\n")
      before = close
    }
    var hash = checksum_sha256()
    checksum_sha256_init(&hash)
    bytes.withUnsafeBytes { checksum_sha256_update(&hash, $0.baseAddress, $0.count) }
    var digest = [UInt8](repeating: 0, count: Int(CHECKSUM_SHA256_BYTES))
    checksum_sha256_final(&hash, &digest)
    let found = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    guard found == checksum else { Benchmark.fail("the bars have another checksum: \(found)") }
    return bytes
  }
}
