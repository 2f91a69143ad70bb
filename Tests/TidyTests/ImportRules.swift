/// Who may name whom: the direction of the architecture, where Package.swift alone cannot hold it.
enum ImportRules {
  struct Rule {
    let folder: String
    let why: String
    let isAllowed: @Sendable (String) -> Bool
  }

  static let world: Set<String> = ["Foundation", "FoundationEssentials", "Glibc", "Dispatch"]
  static let edges: Set<String> = [
    "PluginBoundary", "Checksum", "JSON", "Storage", "PluginHost", "Networking", "APIServer",
    "SystemLibraries", "Wording", "MarketFiles", "Signing", "WorkerChannel", "PluginChecks",
  ]
  static let projections: Set<String> = ["History", "MarketHistory", "Performance"]
  static let runs: Set<String> = ["Configuration", "Backtesting", "Research", "Sessions"]

  static let rules: [Rule] =
    ["PluginAPI/Market", "PluginAPI/PluginBridge", "Host/Kernel", "Host/Simulation"].map { folder in
      Rule(folder: folder, why: "is pure: no system, no edges, no runs") {
        !world.contains($0) && !edges.contains($0) && !projections.contains($0)
          && !runs.contains($0)
      }
    } + [
      Rule(folder: "PluginAPI/PluginSDK", why: "is Embedded: the ABI and its runtime only") {
        // Glibc stands in for PluginRuntime where the same sources are built as ordinary Swift.
        ["PluginABI", "PluginRuntime", "Market", "Glibc"].contains($0)
      },
      Rule(folder: "Host/Simulation", why: "invents markets, it does not decide") {
        $0 != "Kernel"
      },
      Rule(folder: "Host/Edges", why: "touches the world, it does not decide or compose") {
        $0 != "Kernel" && $0 != "Simulation" && !projections.contains($0) && !runs.contains($0)
      },
      Rule(folder: "Host/Projections", why: "reads history, it does not decide or compose") {
        $0 != "Kernel" && $0 != "Simulation" && !runs.contains($0)
      },
      Rule(folder: "Host/Projections/MarketHistory", why: "is pure: no system, no edges") {
        !world.contains($0) && !edges.contains($0)
      },
      Rule(folder: "Host", why: "never links what plugins link") {
        !["PluginSDK", "PluginRuntime", "PluginTesting"].contains($0)
      },
    ]
    + ["Plugins", "Tests/Fixtures"].map { folder in
      Rule(folder: folder, why: "sees PluginSDK only") { $0 == "PluginSDK" }
    }

  static func check(_ file: SourceFile) -> [Defect] {
    guard file.isSwift else { return [] }
    var defects: [Defect] = []
    for (index, line) in file.code.enumerated() {
      guard let module = importedModule(line) else { continue }
      for rule in rules where file.isUnder(rule.folder) && !rule.isAllowed(module) {
        defects.append(
          Defect(
            path: file.path, line: index + 1,
            why: "imports \(module), but \(rule.folder) \(rule.why)"))
      }
    }
    return defects
  }

  static func importedModule(_ line: String) -> String? {
    let words = CodeText.words(line).map(String.init)
    guard let place = words.firstIndex(of: "import"), place + 1 < words.count else { return nil }
    let before: Set<String> = [
      "public", "package", "internal", "private", "fileprivate",
      "testable", "preconcurrency", "_exported",
    ]
    guard words[..<place].allSatisfy(before.contains) else { return nil }
    let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "typealias"]
    let next = words[place + 1]
    return kinds.contains(next) && place + 2 < words.count ? words[place + 2] : next
  }
}
