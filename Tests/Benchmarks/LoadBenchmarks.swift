import Glibc
import JSON
import PluginHost
import Sessions

/// Verify, load and create one more build, and what each leaves behind.
struct LoadBenchmarks {
  let plugins: BenchmarkPlugins
  private static let builds = 64

  func run() {
    for name in ["libCountingStrategy.so", "libSMACrossover.so"] {
      measure(BenchmarkPlugins.directory + "/" + name)
    }
    sizes()
  }

  /// Distinct builds of one library: the same code with other bytes behind it.
  private func measure(_ path: String) {
    guard let original = Self.read(path) else { Benchmark.fail("\(path) cannot be read") }
    var times: [Double] = []
    let before = Memory.now()
    var kept: [PluginInstance] = []
    for index in 0..<Self.builds {
      let copy = "\(plugins.scratch)/build-\(index).so"
      Self.write(original + Array("build \(index) \(path)".utf8), to: copy)
      let start = MonotonicClock.now()
      do {
        let build = try plugins.registry.load(path: copy)
        kept.append(plugins.instance(build))
      } catch { Benchmark.fail("\(error)") }
      times.append(Double(MonotonicClock.now() - start) / 1e6)
    }
    let alive = Memory.now()
    for instance in kept { instance.destroy() }
    let retired = Memory.now()
    let name = path.split(separator: "/").last.map(String.init) ?? path
    Benchmark(name: "load.verify-load-create, \(name)", unit: "ms", aim: 2)
      .report(times, [("fileBytes", .integer(original.count))])
    for (state, memory) in [("live", alive), ("retired", retired)] {
      let resident = Double(memory.resident - before.resident) / Double(Self.builds)
      let anonymous = Double(memory.anonymous - before.anonymous) / Double(Self.builds)
      Benchmark(name: "load.resident-per-generation, \(name), \(state)", unit: "bytes")
        .report([resident], [("ofThatNotBackedByItsFile", .double(anonymous))])
    }
  }

  private func sizes() {
    for name in ["SMACrossover", "SMACrossover2", "Momentum", "SyntheticMarket"] {
      let path = "\(BenchmarkPlugins.directory)/lib\(name).so"
      guard let bytes = Self.read(path) else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      Benchmark(name: "size.\(name)", unit: "bytes")
        .report(
          [Double(bytes.count)],
          [("needsSwiftRuntime", .bool(text.contains("libswift")))])
    }
  }

  private static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: ftell(file))
    fseek(file, 0, SEEK_SET)
    return fread(&bytes, 1, bytes.count, file) == bytes.count ? bytes : nil
  }

  private static func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { Benchmark.fail("\(path) cannot be written") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
