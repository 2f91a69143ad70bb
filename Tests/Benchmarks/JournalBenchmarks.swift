import AllocationCounter
import Checksum
import JSON
import PluginABI
import PluginBridge
import Sessions
import Storage

/// What writing a journal costs the thread that appends, what waiting for the disk costs, and how
/// fast a journal is read and sealed.
struct JournalBenchmarks {
  let plugins: BenchmarkPlugins
  private static let records = 2_000_000
  private static let runs = 5

  func run() {
    do {
      for bytes in [80, 160] { try append(bytes) }
      try commit()
      try read()
    } catch { Benchmark.fail("\(error)") }
    hash("journal.seal, SHA-256", isPortable: false)
    hash("journal.seal, SHA-256 without its instructions", isPortable: true)
  }

  /// Under `batch`, the thread at work. Each run is one journal: its rolls and syncs are in it.
  private func append(_ bytes: Int) throws {
    var rates: [Double] = []
    var allocations = 0.0
    for run in 0..<Self.runs {
      let journal = try writer("append-\(bytes)-\(run)", .batch(milliseconds: 50))
      let words = Self.record(bytes: bytes)
      try words.withUnsafeBytes { record in
        try journal.append(record)
        let before = allocation_counter_read()
        let start = MonotonicClock.now()
        for _ in 1..<Self.records { try journal.append(record) }
        let nanoseconds = Double(MonotonicClock.now() - start)
        // The storage thread's own are in it: some for each segment, none for a record.
        allocations = max(
          allocations, Double(allocation_counter_read() - before) / Double(Self.records))
        rates.append(Double(Self.records) / nanoseconds * 1e9)
      }
      try journal.close()
    }
    Benchmark(
      name: "journal.append, \(bytes) bytes, batch, with its thread", unit: "records/s", aim: 5e6
    ).report(
      rates, [("allocationsPerRecord", .double(allocations < 0.0001 ? 0 : allocations))])
  }

  /// One record, one sync.
  private func commit() throws {
    let journal = try writer("commit", .always)
    let words = Self.record(bytes: 120)
    var times: [Double] = []
    try words.withUnsafeBytes { record in
      for _ in 0..<1000 {
        let start = MonotonicClock.now()
        try journal.append(record)
        try journal.commit()
        times.append(Double(MonotonicClock.now() - start))
      }
    }
    try journal.close()
    Benchmark(name: "journal.commit, one record under always", unit: "ns").report(times)
  }

  private func read() throws {
    let journal = try writer("read", .none)
    let words = Self.record(bytes: 120)
    try words.withUnsafeBytes { for _ in 0..<Self.records { try journal.append($0) } }
    try journal.close()
    var rates: [Double] = []
    for _ in 0..<Self.runs {
      let start = MonotonicClock.now()
      var reader = try JournalReader(directory: journal.path)
      while try reader.next() != nil {}
      let seconds = Double(MonotonicClock.now() - start) / 1e9
      guard reader.recordsRead == Self.records else { Benchmark.fail("records are missing") }
      rates.append(Double(Self.records) / seconds)
    }
    Benchmark(name: "journal.read, 120 bytes", unit: "records/s", aim: 2e7).report(rates)
    let start = MonotonicClock.now()
    let report = try JournalChain.verify(directory: journal.path)
    let seconds = Double(MonotonicClock.now() - start) / 1e9
    guard report.mismatch == nil, report.unsealedBytes == 0 else {
      Benchmark.fail("the journal does not verify")
    }
    Benchmark(name: "journal.verify", unit: "GB/s")
      .report([Double(report.sealedBytes) / seconds / 1e9])
  }

  private func hash(_ name: String, isPortable: Bool) {
    let bytes = [UInt8](repeating: 7, count: 16 << 20)
    let rates = (0..<Self.runs).map { _ in
      let start = MonotonicClock.now()
      var state = checksum_sha256()
      if isPortable {
        checksum_sha256_portable_init(&state)
      } else {
        checksum_sha256_init(&state)
      }
      bytes.withUnsafeBytes { checksum_sha256_update(&state, $0.baseAddress, $0.count) }
      var digest = [UInt8](repeating: 0, count: Int(CHECKSUM_SHA256_BYTES))
      checksum_sha256_final(&state, &digest)
      return Double(bytes.count) / Double(MonotonicClock.now() - start)
    }
    Benchmark(name: name, unit: "GB/s").report(rates)
  }

  private func writer(
    _ name: String, _ policy: JournalPolicy
  ) throws(StorageError) -> JournalWriter {
    try JournalWriter(
      directory: "\(plugins.scratch)/\(name).journal", session: 1, created: 0,
      options: JournalOptions(policy: policy))
  }

  /// A header and zeros.
  private static func record(bytes: Int) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: bytes / 8)
    words.withUnsafeMutableBytes { all in
      var header = keel_event(KEEL_EV_TRADE, of: keel_event.self)
      header.size = numericCast(bytes)
      all.storeBytes(of: header, as: keel_event.self)
    }
    return words
  }
}
