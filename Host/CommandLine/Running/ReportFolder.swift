import Backtesting
import Glibc
import JSON
import Performance

/// A new directory for the files of one report. What is there is never overwritten.
final class ReportFolder {
  let path: String
  private var orders: ExportFile?
  private var fills: ExportFile?
  private var isFinished = false

  init(path: String) throws(CommandError) {
    self.path = path
    guard mkdir(path, 0o755) == 0 else {
      let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
      throw CommandError(
        subject: path, "cannot make this directory: \(reason)",
        remedy: "Name one that is not there yet, in a place this user may write to")
    }
    orders = try ExportFile(path: path + "/orders.csv")
    fills = try ExportFile(path: path + "/fills.csv")
  }

  /// Of a run that failed nothing is left.
  deinit {
    guard !isFinished else { return }
    (orders, fills) = (nil, nil)
    for name in Self.names { unlink("\(path)/\(name)") }
    rmdir(path)
  }
  private static let names = ["equity.csv", "trades.csv", "report.json", "report.html"]

  /// Rows are written as they come: a run may have more of them than memory.
  func rows(_ names: ReportNames) -> ReportRows? {
    guard let orders, let fills else { return nil }
    return ReportRows(names, orders: orders.write, fills: fills.write)
  }

  func write(_ report: BacktestReport) throws(CommandError) {
    try orders?.finish()
    try fills?.finish()
    try file("equity.csv") { CSVReport(report.names, $0).equity(report.curve) }
    try file("trades.csv") { CSVReport(report.names, $0).trades(report.trades) }
    try file("report.json") { $0(report.json(pointsMax: nil, tradesMax: nil).text() + "\n") }
    try file("report.html") { HTMLReport(report).write($0) }
    isFinished = true
  }

  private func file(
    _ name: String, _ body: (@escaping (String) -> Void) -> Void
  ) throws(CommandError) {
    let file = try ExportFile(path: "\(path)/\(name)")
    body(file.write)
    try file.finish()
  }
}
