import Foundation
import JSON
import TestSupport
import Testing

/// Prices, and the figures that other programs computed from them.
struct GoldenData: CustomTestStringConvertible {
  static let names = ["COINBASE_BTCUSD_1d", "FTX_BTC-PERP_1h", "US_SPY_1d_last1000"]

  /// Beside the package, or where KEEL_SHARED_DATA says.
  static let folder: String = {
    let place = ProcessInfo.processInfo.environment["KEEL_SHARED_DATA"]
    return place ?? "\(CPluginCompiler.root)/../shared/data"
  }()
  static let isPresent = FileManager.default.fileExists(atPath: "\(folder)/golden/models.json")
  static let absence = "there are no models.json in \(folder)/golden; KEEL_SHARED_DATA says where"

  let name: String
  let entry: JSONValue
  let times: [Int64]
  let closes: [Double]
  /// As they were written.
  let closeTexts: [String]
  var testDescription: String { name }
  var periodsPerYear: Double { entry["periods_per_year"]?.double ?? 0 }

  init(_ name: String) throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/golden/models.json"))
    let all = try JSONValue.parse(Array(bytes), limits: JSONLimits(bytesMax: 1 << 24))
    self.name = name
    entry = try #require(all[name])
    let file = try #require(entry["input_file"]?.string)
    let text = try String(contentsOfFile: "\(Self.folder)/\(file)", encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).dropFirst().map { $0.split(separator: ",") }
    let count = Int(entry["n_bars"]?.integer ?? 0)
    let used = rows.suffix(count)
    times = try used.map { try #require(Int64($0[0])) * 1_000_000 }
    closes = try used.map { try #require(Double($0[4])) }
    closeTexts = used.map { String($0[4]) }
  }

  func value(_ group: String, _ key: String) throws -> Double {
    try #require(entry[group]?[key]?.double, "\(name): \(group).\(key)")
  }

  /// Long while the mean of ten closes is above that of twenty.
  var positions: [Bool] {
    func mean(_ window: Int, _ index: Int) -> Double? {
      guard index + 1 >= window else { return nil }
      return closes[(index + 1 - window)...index].reduce(0, +) / Double(window)
    }
    return closes.indices.map { index in
      guard let fast = mean(10, index), let slow = mean(20, index) else { return false }
      return fast > slow
    }
  }
}

/// Whether two numbers agree to nine digits.
func isNear(_ a: Double?, _ b: Double?, _ tolerance: Double = 1e-9) -> Bool {
  guard let a, let b else { return a == nil && b == nil }
  return abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-12)
}
