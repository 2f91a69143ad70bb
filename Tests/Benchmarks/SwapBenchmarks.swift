import Configuration
import JSON
import Sessions

/// Swaps a trading strategy back and forth between two versions while it has orders open, and
/// measures the pause: from the last return of the old code to the first call of the new.
struct SwapBenchmarks {
  let plugins: BenchmarkPlugins
  private static let swaps = 100

  func run() {
    do {
      let session = try makeSession()
      var pauses: [Double] = []
      var adopted = 0
      for index in 0..<Self.swaps {
        guard let report = try swap(session, to: index % 2 == 0 ? "2" : "") else { break }
        if let pause = report.pauseNanoseconds { pauses.append(Double(pause) / 1e3) }
        adopted += report.ordersAdopted
      }
      Benchmark(name: "swap.pause", unit: "us", aim: 50)
        .report(pauses, [("ordersAdopted", .integer(adopted))])
      try session.finish()
    } catch { Benchmark.fail("\(error)") }
  }

  private func makeSession() throws -> Session {
    let configuration = try Configuration.load(path: "strategies.json")
    return try Session.make(
      configuration,
      SessionOptions(
        storeDirectory: plugins.scratch + "/store",
        journalDirectory: plugins.scratch + "/swap.journal")
    ) { _, _, _ in }
  }

  private func swap(_ session: Session, to version: String) throws -> SwapReport? {
    var options = SwapOptions()
    options.shadowBatches = 5
    options.probationBatches = 5
    let index = session.swapCount
    while session.openOrderIDs(slot: "trend").isEmpty {
      guard try session.step() else { return nil }
    }
    try session.beginSwap(
      slot: "trend",
      to: .path("\(BenchmarkPlugins.directory)/libSMACrossover\(version).so"), options: options)
    while session.isSwapping(slot: "trend") {
      guard try session.step() else { return nil }
    }
    return session.swapReport(index)
  }
}
