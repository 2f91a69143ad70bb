/// Package.swift is the architecture diagram: what a file imports stands there for its target.
/// SwiftPM lets modules through that another dependency brings along; this rule does not.
enum DependencyRules {
  static func check(_ files: [SourceFile], _ targets: [TreeRules.Target]) -> [Defect] {
    let modules = Set(targets.map(\.name))
    return files.filter(\.isSwift).flatMap { file in
      targets.first { file.isUnder($0.path) }.map { check(file, $0, modules) } ?? []
    }
  }

  private static func check(
    _ file: SourceFile, _ target: TreeRules.Target, _ modules: Set<String>
  ) -> [Defect] {
    var isShared = false
    return file.code.enumerated().compactMap { index, line in
      // Sources that several targets compile name there what only some of them depend on.
      if line.hasPrefix("#if KEEL_MODULES") { isShared = true }
      if line.hasPrefix("#endif") { isShared = false }
      guard !isShared, let module = ImportRules.importedModule(line), modules.contains(module),
        !target.dependencies.contains(module)
      else { return nil }
      return Defect(
        path: file.path, line: index + 1,
        why: "imports \(module), which Package.swift does not name for \(target.name)")
    }
  }
}
