import Configuration
import JSON
import Sessions
import TestSupport

/// Swaps a strategy back and forth between two builds while it has orders open and quotes come
/// without a pause, and measures it: from the last return of the old code to the first call of the
/// new. Every order must come through every swap.
struct SwapBenchmarks {
  let plugins: BenchmarkPlugins
  private static let swaps = 200

  func run() {
    for orders in [0, 100] {
      do { try measure(orders) } catch { Benchmark.fail("\(error)") }
    }
  }

  private func measure(_ orders: Int) throws {
    let builds = try ["1.0.0", "2.0.0"].map { version in
      try CPluginCompiler.compile(
        "Tests/Fixtures/GoodPlugins/resting_orders.c",
        flags: ["-DORDERS=\(orders)", "-DBUILD=\"\(version)\""])
    }
    let session = try makeSession(builds[0], orders: orders)
    while session.openOrderIDs(slot: "measured").count < orders {
      guard try session.step() else { Benchmark.fail("the market ended before the orders rested") }
    }
    let resting = session.openOrderIDs(slot: "measured")
    var pauses: [Double] = []
    for index in 1...Self.swaps {
      let report = try swap(session, to: builds[index % 2])
      guard let pause = report.pauseNanoseconds, report.ordersAdopted == orders else {
        Benchmark.fail("swap \(index) went wrong: \(report.json.text())")
      }
      pauses.append(Double(pause) / 1e3)
    }
    guard session.openOrderIDs(slot: "measured") == resting else {
      Benchmark.fail("orders were lost or made by swapping")
    }
    Benchmark(name: "swap.pause, \(orders) open orders", unit: "us", aim: 50)
      .report(
        pauses, [("ordersAdopted", .integer(orders * Self.swaps)), ("ordersLost", .integer(0))])
    try session.finish()
  }

  private func makeSession(_ build: String, orders: Int) throws -> Session {
    let directory = try plugins.folder(
      "swap-\(orders)", [build, BenchmarkPlugins.directory + "/libSyntheticMarket.so"])
    var configuration = BenchmarkConfiguration(
      plugin: "dev.keel.resting-orders", directory: directory)
    configuration.syntheticEvents = 1_000_000
    return try Session.make(
      try configuration.parsed(),
      SessionOptions(
        storeDirectory: plugins.scratch + "/store",
        journalDirectory: "\(plugins.scratch)/swap-\(orders).journal")
    ) { _, _, _ in }
  }

  private func swap(_ session: Session, to path: String) throws -> SwapReport {
    var options = SwapOptions()
    options.orders = .adopt
    options.shadowBatches = 5
    options.probationBatches = 5
    let index = session.swapCount
    try session.beginSwap(slot: "measured", to: .path(path), options: options)
    while session.isSwapping(slot: "measured") {
      guard try session.step() else { Benchmark.fail("the market ended during a swap") }
    }
    return session.swapReport(index)
  }
}
