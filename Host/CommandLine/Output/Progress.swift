/// The state behind a progress line: how far, how fast, how long still. Time is an argument.
struct Progress {
  let title: String
  let unit: String
  /// nil where the end is not known.
  let total: Int?
  private let began: Int64
  private var shown: Int64?
  private(set) var done = 0

  /// A line is due at most this often.
  static let intervalNanoseconds: Int64 = 100_000_000

  init(_ title: String, unit: String, total: Int?, now: Int64) {
    self.title = title
    self.unit = unit
    self.total = total
    began = now
  }

  /// The line to show, or nil when the last one is recent enough.
  mutating func advance(to done: Int, now: Int64) -> String? {
    self.done = done
    if let shown, now - shown < Self.intervalNanoseconds, done != total { return nil }
    shown = now
    return line(now: now)
  }

  func line(now: Int64) -> String {
    let seconds = Double(max(now - began, 1)) / 1e9
    let rate = Double(done) / seconds
    var text = title
    if let total, total > 0 { text += "  \(done * 100 / total)%" }
    text += "  \(Self.short(Double(done))) \(unit)  \(Self.short(rate)) \(unit)/s"
    if let total, rate > 0, done < total {
      text += "  " + Self.clock(Int((Double(total - done) / rate).rounded(.up))) + " left"
    }
    return text
  }

  /// 950, 1.2 k, 34.5 M, 7.0 G.
  static func short(_ value: Double) -> String {
    for (scale, suffix) in [(1e9, " G"), (1e6, " M"), (1e3, " k")] where value >= scale {
      let tenths = Int((value / scale * 10).rounded())
      return "\(tenths / 10).\(tenths % 10)\(suffix)"
    }
    return String(Int(value.rounded()))
  }

  /// 00:09, 12:34, 2:05:00.
  static func clock(_ seconds: Int) -> String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
    let hours = seconds / 3600
    let rest = "\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    return hours > 0 ? "\(hours):\(rest)" : rest
  }
}
