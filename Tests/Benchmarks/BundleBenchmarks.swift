import Glibc
import JSON
import Market
import PluginABI
import PluginHost
import Sessions

/// What trust costs: signatures by themselves, and 200 signed bundles from file to loaded code.
struct BundleBenchmarks {
  private static let count = 200
  private static let seed = [UInt8](repeating: 7, count: 32)

  func run() {
    signatures()
    bundles()
  }

  private func signatures() {
    guard let key = PrivateKey(seed: Self.seed) else { Benchmark.fail("a seed has 32 bytes") }
    for size in [200, 64 << 10] {
      let message = [UInt8](repeating: 1, count: size)
      let signature = key.signature(of: message)
      var valid = 0
      let verify = Benchmark.time(repetitions: 500) { count in
        for _ in 0..<count where key.publicKey.verifies(signature, of: message) { valid += 1 }
      }
      if valid == 0 { Benchmark.fail("a signature is refused") }
      Benchmark(name: "bundles.ed25519-verify, \(size) bytes", unit: "ns").report(verify)
      let sign = Benchmark.time(repetitions: 200) { count in
        for _ in 0..<count { valid += key.signature(of: message).count }
      }
      Benchmark(name: "bundles.ed25519-sign, \(size) bytes", unit: "ns").report(sign)
    }
  }

  /// Distinct builds of one library: the same code with other bytes behind it.
  private func bundles() {
    let scratch = "/tmp/keel-benchmark-bundles-\(getpid())"
    defer { Self.remove(scratch) }
    do {
      let key = PrivateKey(seed: Self.seed)!
      let paths = try make(in: scratch, by: key)
      var trust = TrustStore()
      trust.keys = [TrustStore.Key(key: key.publicKey, name: "benchmark")]
      let verifier = BundleVerifier(trust: trust, policy: .signed, now: LoadPolicy.wallClock())
      var size = 0
      let verifying = try Self.milliseconds {
        for path in paths {
          let bundle = try PluginBundle.read(path: path)
          _ = try verifier.verify(bundle)
          size = bundle.packed.count
        }
      }
      Benchmark(name: "bundles.read-and-verify, \(Self.count) bundles", unit: "ms")
        .report([verifying], [("bundleBytes", .integer(size))])
      let registry = PluginRegistry(
        storeDirectory: scratch + "/store",
        policy: LoadPolicy(elsewhere: .signed, trust: trust, residentBuildsMax: Self.count))
      let loading = try Self.milliseconds {
        for path in paths { _ = try registry.load(path: path) }
      }
      Benchmark(name: "bundles.verify-and-load, \(Self.count) bundles", unit: "ms", aim: 1_000)
        .report([loading], [("bundleBytes", .integer(size))])
    } catch { Benchmark.fail("\(error)") }
  }

  private func make(in scratch: String, by key: PrivateKey) throws -> [String] {
    mkdir(scratch, 0o700)
    let original = try PluginFile(
      path: BenchmarkPlugins.directory + "/libSMACrossover.so", bytesMax: 64 << 20)
    let probe = PluginRegistry(storeDirectory: scratch + "/store", policy: LoadPolicy())
    let descriptor = try probe.load(path: original.path).descriptors[0]
    return try (0..<Self.count).map { index in
      var bundle = try PluginBundle.pack(
        BundleManifest(
          id: descriptor.id, version: descriptor.version, abiMajor: Int(KEEL_ABI_MAJOR),
          abiMinor: Int(KEEL_ABI_DRAFT), plugins: [BundleManifest.Plugin(descriptor)]),
        library: original.bytes + Array("build \(index)".utf8), path: "benchmark.keel")
      try bundle.sign(with: key)
      let path = "\(scratch)/\(index).keel"
      try bundle.write(to: path, asFolder: false)
      return path
    }
  }

  private static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = MonotonicClock.now()
    try body()
    return Double(MonotonicClock.now() - start) / 1e6
  }

  private static func remove(_ folder: String) {
    for place in [folder + "/store", folder] {
      guard let stream = opendir(place) else { continue }
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { unlink("\(place)/\(name)") }
      }
      closedir(stream)
      rmdir(place)
    }
  }
}
