import Glibc
import PluginABI
import TestSupport
import Testing

@testable import PluginHost

/// Code that runs in workers alone, on every way into the host.
@Suite struct ConfinementTests {
  private let folder = TemporaryDirectory()
  private let workers: WorkerBench

  init() throws {
    workers = try WorkerBench()
    for name in ["strange", "trusted", "signed"] { mkdir(folder.file(name), 0o755) }
  }

  private func registry(inWorkers: Bool = false) -> PluginRegistry {
    var policy = LoadPolicy(
      elsewhere: .signed,
      directories: [
        PluginDirectory(path: folder.file("strange"), policy: .workers),
        PluginDirectory(path: folder.file("trusted"), policy: .trusted),
        PluginDirectory(path: folder.file("signed"), policy: .signed),
      ],
      trust: BundleBench.trust((BundleBench.acme, "acme")))
    policy.clock = { BundleBench.now }
    return PluginRegistry(
      storeDirectory: folder.file("store"), policy: policy, workers: workers.options,
      describesInWorkers: inWorkers)
  }

  private func instance(
    _ build: PluginBuild, _ placement: Placement
  ) throws(PluginHostError) -> PluginInstance {
    try PluginInstance(
      build: build, descriptor: build.descriptors[0], name: "slot",
      instruments: workers.bench.instruments, placement: placement)
  }

  private func isMapped(_ build: PluginBuild) throws -> Bool {
    String(decoding: try TemporaryDirectory.bytes(of: "/proc/self/maps"), as: UTF8.self)
      .contains(build.storedPath)
  }

  private func refusal(_ build: PluginBuild) -> PluginHostError? {
    BundleBench.error { () throws(PluginHostError) in _ = try instance(build, .guarded) }
  }

  /// By scan, by path, and by id from what is on offer: each with a probe, which would run it in a
  /// child that is not confined.
  @Test(arguments: ["scan", "path", "offer"])
  func nothingOfAWorkersDirectoryRunsHere(_ way: String) throws {
    let registry = registry()
    let path = folder.file("strange/one.so")
    try folder.write("strange/one.so", try BundleBench.library())
    var probed: [String] = []
    let probe: (String) -> PluginHostError? = { path in
      probed.append(path)
      return nil
    }
    let build: PluginBuild
    switch way {
    case "scan":
      build = try registry.scan(directory: folder.file("strange"))[0].result.get()
    case "path": build = try registry.load(path: path, probe: probe)
    default:
      #expect(registry.offer(path: path).confinement != nil)
      build = try registry.find(id: "com.acme.one", version: nil, probe: probe).0
    }
    #expect(probed == [] && build.standing.place == .workersAsUntrusted)
    let error = refusal(build)
    #expect(error?.code == .refusedByPolicy)
    #expect(error?.message.contains("runs in worker processes alone") == true)
    #expect(try !isMapped(build))
    let worker = try instance(build, .worker(workers.options))
    #expect((worker.workerID ?? 0) > 0)
    #expect(try !isMapped(build))
  }

  @Test func aWorkersDirectoryTakesUnsignedBundlesAndStrangers() throws {
    let registry = registry()
    for (name, signers) in [("none", []), ("strange", [BundleBench.stranger])] {
      let bundle = try BundleBench.bundle(
        BundleBench.manifest(id: "com.acme.\(name)"), signers: signers)
      let path = folder.file("strange/\(name).keel")
      try TemporaryDirectory.write(path, bundle.packed)
      let build = try registry.load(path: path)
      #expect(refusal(build) != nil)
      #expect(try !isMapped(build))
    }
    // What its manifest says is held against what the worker tells.
    let liar = try BundleBench.bundle(
      BundleBench.manifest { $0.plugins[0].version = "9.0.0" },
      library: BundleBench.library(more: "liar"))
    try folder.write("strange/liar.keel", liar.packed)
    let lie = BundleBench.error { () throws(PluginHostError) in
      _ = try registry.load(path: folder.file("strange/liar.keel"))
    }
    #expect(lie?.code == .disagreement)
  }

  @Test func aBundleThatAsksForAWorkerGetsOne() throws {
    let registry = registry()
    let manifest = BundleBench.manifest {
      $0.capabilities.isWorkerOnly = true
      $0.capabilities.memoryMegabytes = 64
    }
    let bundle = try BundleBench.bundle(manifest, signers: [BundleBench.acme])
    try folder.write("signed/one.keel", bundle.packed)
    let build = try registry.load(path: folder.file("signed/one.keel"))
    #expect(build.standing.place == .workersAsAsked && build.standing.memoryMegabytes == 64)
    #expect(refusal(build)?.message.contains("its bundle asks for a worker process") == true)
    #expect(try !isMapped(build))
    _ = try instance(build, .worker(workers.options))
    // A trusted copy of the library does not take back what its author asked for.
    try folder.write("trusted/one.so", bundle.library)
    #expect(try registry.load(path: folder.file("trusted/one.so")) === build)
    #expect(refusal(build) != nil)
  }

  /// The same bytes from two places: who is trusted decides, whichever came first.
  @Test(arguments: [["strange", "trusted"], ["trusted", "strange"]])
  func whoIsTrustedDecides(_ places: [String]) throws {
    let registry = registry()
    var probes = 0
    for place in places {
      try folder.write("\(place)/one.so", try BundleBench.library(more: places[0]))
      let build = try registry.load(path: folder.file("\(place)/one.so")) { _ in
        probes += 1
        return nil
      }
      #expect((refusal(build) != nil) == (place == "strange" && places[0] == "strange"))
    }
    #expect(probes == 1)
  }

  /// To be let in because it is known vouches for nothing.
  @Test func aKnownCopyElsewhereFreesNothing() throws {
    let registry = registry()
    let library = try BundleBench.library()
    try folder.write("strange/one.so", library)
    let build = try registry.load(path: folder.file("strange/one.so"))
    for place in ["one.so", "signed/one.so"] {
      try folder.write(place, library)
      #expect(try registry.load(path: folder.file(place)) === build)
      #expect(refusal(build) != nil)
    }
  }

  @Test func theTighterBoundOfMemoryHolds() throws {
    let registry = registry()
    let hog = try TemporaryDirectory.bytes(of: workers.misbehaving("HOG", in: "process"))
    let plain = try registry.load(path: folder.write("trusted/plain.so", hog))
    let descriptor = BundleManifest.Plugin(plain.descriptors[0])
    var manifest = BundleBench.manifest(id: descriptor.id, version: descriptor.version)
    manifest.plugins = [descriptor]
    manifest.capabilities.memoryMegabytes = 96
    let bundle = try BundleBench.bundle(manifest, library: hog + [0], signers: [BundleBench.acme])
    try folder.write("signed/hog.keel", bundle.packed)
    let build = try registry.load(path: folder.file("signed/hog.keel"))
    var options = workers.options
    options.memoryBytes = 1 << 40
    #expect(build.standing.bounded(options).memoryBytes == 96 << 20)
    options.memoryBytes = 1 << 20
    #expect(build.standing.bounded(options).memoryBytes == 1 << 20)
    options.memoryBytes = 0
    let bounded = try instance(build, .worker(build.standing.bounded(options)))
    try bounded.activate()
    #expect(bounded.give().status == KEEL_E_FAULT)
    #expect(bounded.faultText?.contains("SIGSEGV at 0x8") == true, "\(bounded.faultText ?? "")")
  }

  @Test func aBareLibraryIsFoundByItsIdOnceSomebodyWantsIt() throws {
    let registry = registry()
    try folder.write("trusted/old.so", try BundleBench.library(version: "1.0.0"))
    _ = registry.scan(directory: folder.file("trusted"))
    try folder.write("trusted/new.so", try BundleBench.library(version: "1.1.0"))
    try folder.write("strange/newer.so", try BundleBench.library(version: "1.2.0"))
    try folder.write("signed/newest.so", try BundleBench.library(version: "1.3.0"))
    for path in ["trusted/new.so", "strange/newer.so", "signed/newest.so"] {
      _ = registry.offer(path: folder.file(path))
    }
    #expect(registry.offers[0].plugins == nil && registry.builds.count == 1)
    #expect(try registry.find(id: "com.acme.one", version: "1.1.0").1.version == "1.1.0")
    #expect(registry.offers[0].plugins?.map(\.version) == ["1.1.0"])
    #expect(registry.builds.count == 2)
    let (build, _) = try registry.find(id: "com.acme.one", version: nil)
    #expect(build.descriptors[0].version == "1.2.0" && refusal(build) != nil)
    // Again is the same, and asks nobody.
    #expect(try registry.find(id: "com.acme.one", version: nil).0 === build)
    #expect(registry.builds.count == 3)
  }

  @Test func aBareLibraryThatFailsWhenAskedIsRefusedAndNotAskedAgain() throws {
    let registry = registry()
    try folder.write(
      "trusted/bad.so", try TemporaryDirectory.bytes(of: workers.bench.bad("entry_crashes")))
    _ = registry.offer(path: folder.file("trusted/bad.so"))
    #expect(
      BundleBench.error { () throws(PluginHostError) in
        _ = try registry.find(id: "com.acme.one", version: nil)
      }?.code == .unknownPlugin)
    guard case .refused(let error) = registry.offers[0].state else {
      Issue.record("it is still on offer")
      return
    }
    #expect(error.message.contains("SIGSEGV"))
    #expect(!registry.offers[0].mayBeAsked)
  }
}
