/// The shape of the tree: what stands at the top, and folders that are either a group or a target.
enum TreeRules {
  static let top: Set<String> = [
    "Package.swift", "Package.resolved", "Host", "PluginAPI", "Plugins", "Tests",
    "strategies.json", "README.md", "Makefile", "LICENSE", "CHANGELOG.md", ".swift-format", ".ci",
    ".gitignore",
  ]

  static func topLevel(_ paths: [String]) -> [Defect] {
    paths.filter { !$0.contains("/") && !top.contains($0) }.map {
      Defect(path: $0, why: "does not belong at the top; the tree is fixed")
    }
  }

  /// A target's path is its name below a group, and no target stands inside another.
  static func targets(_ targets: [Target], files: [String]) -> [Defect] {
    var defects: [Defect] = []
    for target in targets
    where target.path.split(separator: "/").last.map(String.init) != target.name {
      if target.name == "keel", target.path == "Host/CommandLine" { continue }
      defects.append(Defect(path: target.path, why: "is the folder of target \(target.name)"))
    }
    for outer in targets {
      for inner in targets where inner.path.hasPrefix(outer.path + "/") {
        defects.append(Defect(path: outer.path, why: "is a target and holds target \(inner.name)"))
      }
    }
    let sources = files.filter { $0.hasSuffix(".swift") || $0.hasSuffix(".c") }
    for file in sources where file != "Package.swift" {
      let isOwned = targets.contains { file.hasPrefix($0.path + "/") }
      let isPlugin = file.hasPrefix("Plugins/") || file.hasPrefix("Tests/Fixtures/")
      if !isOwned, !(isPlugin && file.hasSuffix(".c")) {
        defects.append(Defect(path: file, why: "belongs to no target of Package.swift"))
      }
    }
    return defects
  }

  struct Target: Equatable {
    let name: String
    let path: String
    var dependencies: Set<String> = []
  }
}
