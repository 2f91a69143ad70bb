import Glibc
import JSON
import Sessions

/// One measured quantity, printed as one line of JSON. Times are compared by ratio within one run:
/// a shared machine's absolute times drift.
struct Benchmark {
  let name: String
  let unit: String
  /// The aim it is held against; nil where there is none.
  var aim: Double?

  func report(_ samples: [Double], _ extra: [(String, JSONValue)] = []) {
    let sorted = samples.sorted()
    guard !sorted.isEmpty else { return }
    func quantile(_ q: Double) -> JSONValue {
      .double(sorted[Swift.min(sorted.count - 1, Int(Double(sorted.count) * q))])
    }
    var members: [(String, JSONValue)] = [
      ("name", .string(name)), ("unit", .string(unit)), ("min", .double(sorted[0])),
      ("median", quantile(0.5)), ("p99", quantile(0.99)),
      ("max", .double(sorted[sorted.count - 1])), ("samples", .integer(sorted.count)),
    ]
    if let aim { members.append(("aim", .double(aim))) }
    Self.write(members + extra)
  }

  static func write(_ members: [(String, JSONValue)]) {
    let line = JSONValue.object(members).text() + "\n"
    _ = line.withCString { Glibc.write(STDOUT_FILENO, $0, strlen($0)) }
  }

  /// Nanoseconds per repetition, several times over.
  static func time(runs: Int = 7, repetitions: Int, _ body: (Int) -> Void) -> [Double] {
    (0..<runs).map { _ in
      let start = MonotonicClock.now()
      body(repetitions)
      return Double(MonotonicClock.now() - start) / Double(repetitions)
    }
  }

  static func fail(_ message: String) -> Never {
    let line = "benchmark: \(message)\n"
    _ = line.withCString { Glibc.write(STDERR_FILENO, $0, strlen($0)) }
    exit(1)
  }
}
