// swift-tools-version: 6.2
import PackageDescription

// The architecture, in the order an event flows through it. A target exists to forbid an import;
// Host/ARCHITECTURE.md says which and why.

/// Set by `make fuzz`; see `fuzzingTargets`.
let isFuzzing = Context.environment["KEEL_FUZZING"] != nil
let instrumented: [SwiftSetting] = isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer"])] : []

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]
// For what one thread goes through on every event, or every row of a file. Debug builds, which all
// tests are, check that no two accesses overlap; in a release those checks were a third of a
// session's turn.
let unchecked: [SwiftSetting] = [
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
  // For `InPlace`, and nothing else.
  .enableExperimentalFeature("RawLayout"),
]
let embedded: [SwiftSetting] = [
  .enableExperimentalFeature("Embedded"),
  .treatAllWarnings(as: .error),
  // Without sections of their own, unused functions stay in every plugin: twice the size. The
  // frame pointers SwiftPM asks for cost a nanosecond of every call into one.
  .unsafeFlags([
    "-wmo", "-parse-as-library", "-enforce-exclusivity=unchecked", "-Xfrontend",
    "-function-sections", "-Xcc", "-Xclang", "-Xcc", "-mframe-pointer=none",
  ]),
]

// Thread-local storage by descriptor needs no symbol of the dynamic linker; other architectures
// have it anyway.
let frameless = ["-Xclang", "-mframe-pointer=none"]
#if arch(x86_64)
  let hiddenFlags = ["-fvisibility=hidden", "-mtls-dialect=gnu2"] + frameless
#else
  let hiddenFlags = ["-fvisibility=hidden"] + frameless
#endif

func cTarget(
  _ name: String, _ path: String, _ dependencies: [Target.Dependency] = [], hidden: Bool = false
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path,
    cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"] + (hidden ? hiddenFlags : []))])
}
func part(
  _ name: String, in folder: String, _ dependencies: [Target.Dependency] = [],
  alsoInSDK: Bool = false, onEveryEvent: Bool = false, excluding: [String] = []
) -> Target {
  // Sources that the SDK compiles too import their neighbours only where those are modules.
  .target(
    name: name, dependencies: dependencies, path: "\(folder)/\(name)",
    exclude: excluding,
    swiftSettings: strict + instrumented + (alsoInSDK ? [.define("KEEL_MODULES")] : [])
      + (onEveryEvent ? unchecked : []))
}
func plugin(_ name: String, in folder: String) -> Target {
  .target(
    name: name, dependencies: ["PluginSDK"], path: "\(folder)/\(name)", swiftSettings: embedded,
    linkerSettings: [
      .unsafeFlags([
        "-Xlinker", "--version-script=\(Context.packageDirectory)/PluginAPI/plugin.map",
        "-Xlinker", "--gc-sections", "-Xlinker", "--strip-all",
      ])
    ])
}
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(name)",
    swiftSettings: strict)
}

let pluginTargets = [
  plugin("SMACrossover", in: "Plugins/Strategies"),
  plugin("SMACrossover2", in: "Plugins/Strategies"),
  plugin("BarCrossover", in: "Plugins/Strategies"),
  plugin("AdaptiveTrend", in: "Plugins/Strategies"),
  plugin("MarketMaker", in: "Plugins/Strategies"),
  plugin("Momentum", in: "Plugins/AlphaModels"),
  plugin("SyntheticMarket", in: "Plugins/DataProviders"),
  plugin("SMACrossoverFaulty", in: "Tests/Fixtures"),
  plugin("CountingStrategy", in: "Tests/Fixtures"),
  plugin("TickMaker", in: "Tests/Fixtures"),
  plugin("OrderEachQuote", in: "Tests/Fixtures"),
]

// Coverage-guided fuzzing needs every module built for it, and a runtime that not every toolchain
// has: `make fuzz` asks for it, and builds in a folder of its own.
let fuzzingTargets: [Target] = [
  .systemLibrary(name: "LibFuzzer", path: "Tests/LibFuzzer"),
  .executableTarget(
    name: "FuzzProgram", dependencies: ["Fuzzing", "LibFuzzer"], path: "Tests/FuzzProgram",
    swiftSettings: strict,
    linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
]

let package = Package(
  name: "keel",
  products: [.executable(name: "keel", targets: ["keel"])]
    + pluginTargets.map { .library(name: $0.name, type: .dynamic, targets: [$0.name]) },
  targets: [
    // What both sides see.
    cTarget("PluginABI", "PluginAPI/PluginABI"),
    part("Market", in: "PluginAPI", alsoInSDK: true),
    part("PluginBridge", in: "PluginAPI", ["PluginABI", "Market"], alsoInSDK: true),

    // What a plugin author sees. PluginTesting compiles the same sources as ordinary Swift, without
    // PluginRuntime: its allocator serves a plugin alone, never a process.
    cTarget("PluginRuntime", "PluginAPI/PluginRuntime", hidden: true),
    .target(
      name: "PluginSDK", dependencies: ["PluginABI", "PluginRuntime"], path: "PluginAPI/PluginSDK",
      swiftSettings: embedded),
    part("PluginTesting", in: "PluginAPI", ["PluginABI", "PluginConformance"]),

    // What a plugin promises, as tests: for `keel plugin check` and for authors' own.
    cTarget("PluginConformance", "PluginAPI/PluginConformance", ["PluginABI"]),

    // Pure: no Foundation, no Glibc, no clock, no file.
    part("Kernel", in: "Host", ["PluginABI", "Market", "PluginBridge"], onEveryEvent: true),
    part("Simulation", in: "Host", ["PluginABI", "Market", "PluginBridge"], onEveryEvent: true),

    // The only code that touches the world.
    cTarget("PluginBoundary", "Host/Edges/PluginBoundary", ["PluginABI"]),
    cTarget("WorkerChannel", "Host/Edges/WorkerChannel", ["PluginABI", "PluginBoundary"]),
    cTarget("Checksum", "Host/Edges/Checksum"),
    cTarget("Signing", "Host/Edges/Signing"),
    part("JSON", in: "Host/Edges", ["Market"]),
    part("Storage", in: "Host/Edges", ["PluginABI", "Market", "PluginBridge", "Checksum"]),
    part(
      "PluginHost", in: "Host/Edges",
      [
        "PluginABI", "Market", "PluginBridge", "PluginBoundary", "WorkerChannel", "Checksum",
        "Signing", "JSON", "Wording",
      ]),
    part("PluginChecks", in: "Host/Edges", ["PluginABI", "PluginHost", "PluginConformance"]),
    part("Networking", in: "Host/Edges"),
    // Pure, for all that speaks to people: "did you mean", and times as text.
    part("Wording", in: "Host/Edges", ["Market"]),

    part(
      "MarketFiles", in: "Host/Edges",
      ["PluginABI", "Market", "PluginBridge", "Storage", "JSON", "Wording"], onEveryEvent: true),

    // Reads what was journaled, and decides nothing.
    part(
      "History", in: "Host/Projections",
      ["PluginABI", "Market", "PluginBridge", "Storage", "JSON", "Wording"]),
    part(
      "Performance", in: "Host/Projections",
      ["PluginABI", "Market", "PluginBridge", "JSON", "Wording"]),

    // Pure: bars made of market data, and what is wrong with it.
    part("MarketHistory", in: "Host/Projections", ["PluginABI", "Market", "PluginBridge"]),

    // Composition.
    part(
      "Configuration", in: "Host/Runs", ["Market", "JSON", "Wording"],
      excluding: ["strategies.schema.json"]),
    part(
      "Sessions", in: "Host/Runs",
      [
        "PluginABI", "Market", "PluginBridge", "Kernel", "Simulation", "Storage", "PluginHost",
        "Configuration", "History", "JSON", "Wording",
      ], onEveryEvent: true),
    part(
      "Backtesting", in: "Host/Runs",
      [
        "PluginABI", "Market", "PluginBridge", "Kernel", "Simulation", "Configuration", "Sessions",
        "History", "Performance", "Wording",
      ]),
    part(
      "Research", in: "Host/Runs", ["Market", "PluginHost", "Performance", "JSON", "Wording"]),
    .executableTarget(
      name: "keel",
      dependencies: [
        "PluginABI", "Market", "PluginBridge", "Kernel", "Simulation", "Storage", "PluginHost",
        "PluginChecks", "Networking", "History", "MarketHistory", "Configuration", "Sessions",
        "JSON", "Wording",
        "MarketFiles", "Performance", "Backtesting", "Research",
      ],
      path: "Host/CommandLine", swiftSettings: strict),

    // Proof.
    .target(
      name: "TestSupport", dependencies: ["PluginABI", "Market", "PluginBridge"],
      path: "Tests/TestSupport", swiftSettings: strict),
    tests("KernelTests", ["Kernel", "History", "PluginABI", "Market", "PluginBridge"]),
    tests(
      "SimulationTests",
      ["Simulation", "Kernel", "MarketHistory", "PluginABI", "Market", "PluginBridge"]),
    tests(
      "EdgeTests",
      [
        "PluginABI", "Market", "PluginBridge", "PluginHost", "Storage", "Checksum",
        "PluginBoundary", "JSON", "Networking", "MarketFiles", "Signing",
      ]),
    tests("PluginTests", ["PluginABI", "PluginTesting"]),
    tests(
      "PerformanceTests",
      ["Performance", "PluginABI", "Market", "PluginBridge", "JSON", "Wording"]),
    tests("ResearchTests", ["Research", "Performance", "Market", "JSON"]),
    tests(
      "CommandLineTests",
      [
        "PluginABI", "PluginBridge", "Configuration", "History", "JSON", "Market",
        "MarketHistory", "Storage", "Wording", "Backtesting", "Performance", "Simulation", "keel",
      ]),
    tests(
      "ScenarioTests",
      [
        "PluginABI", "Market", "PluginBridge", "Kernel", "Storage", "PluginHost", "Configuration",
        "Sessions", "History", "JSON",
      ]),
    part(
      "Fuzzing", in: "Tests",
      [
        "PluginABI", "Market", "PluginBridge", "Kernel", "Checksum", "Storage", "History",
        "Configuration", "JSON", "PluginHost", "WorkerChannel",
      ]),
    tests("FuzzCorpusTests", ["Fuzzing"]),
    tests("TidyTests", []),
    cTarget("AllocationCounter", "Tests/AllocationCounter"),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "PluginABI", "Market", "PluginBridge", "Kernel", "Simulation", "Storage", "PluginHost",
        "Checksum", "Configuration", "Sessions", "JSON", "Performance", "MarketHistory",
        "Research", "TestSupport", "AllocationCounter", "MarketFiles",
      ],
      path: "Tests/Benchmarks", swiftSettings: strict),
  ] + pluginTargets + (isFuzzing ? fuzzingTargets : [])
)
