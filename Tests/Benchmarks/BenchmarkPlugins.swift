import Glibc
import PluginABI
import PluginHost
import TestSupport

/// The plugins that are measured, loaded as a session loads them.
struct BenchmarkPlugins {
  let registry: PluginRegistry
  let counting: PluginBuild
  let countingC: PluginBuild
  /// Where the built libraries are.
  static let directory = ".build/release"
  /// Gone when the run is over.
  private let folder: TemporaryDirectory
  var scratch: String { folder.path }

  init() {
    folder = TemporaryDirectory()
    registry = PluginRegistry(
      storeDirectory: folder.path + "/store",
      policy: LoadPolicy(residentBuildsMax: 4_096))
    do {
      counting = try registry.load(path: Self.directory + "/libCountingStrategy.so")
      countingC = try registry.load(
        path: try CPluginCompiler.compile("Tests/Fixtures/GoodPlugins/counting_strategy.c"))
    } catch { Benchmark.fail("\(error)") }
  }

  /// A directory that holds links to these libraries alone, for a session to scan.
  func folder(_ name: String, _ libraries: [String]) throws -> String {
    Self.folder("\(scratch)/\(name)", libraries)
  }

  /// The same anywhere, without loading a plugin first.
  static func folder(_ path: String, _ libraries: [String]) -> String {
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { Benchmark.fail("\(path): mkdir") }
    for library in libraries {
      let file = library.split(separator: "/").last ?? ""
      let target = library.hasPrefix("/") ? library : "\(CPluginCompiler.root)/\(library)"
      _ = symlink(target, "\(path)/\(file)")
    }
    return path
  }

  func instance(_ build: PluginBuild) -> PluginInstance {
    do {
      let instance = try PluginInstance(
        build: build, descriptor: build.descriptors[0], name: "benchmark",
        instruments: InstrumentTable([Quotes.instrument()]))
      try instance.set([])
      try instance.activate()
      return instance
    } catch { Benchmark.fail("\(error)") }
  }
}
