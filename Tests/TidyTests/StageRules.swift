/// The kernel flows one way: stage n names no type that stage n+1 or a later one declares.
enum StageRules {
  static func check(_ files: [SourceFile]) -> [Defect] {
    var declaredIn: [String: Int] = [:]
    let staged = files.compactMap { file in stage(of: file).map { (file, $0) } }
    for (file, stage) in staged {
      for type in NameRules.declaredTypes(file) where type.depth == 0 {
        declaredIn[type.name] = min(stage, declaredIn[type.name] ?? stage)
      }
    }
    var defects: [Defect] = []
    for (file, stage) in staged {
      for (index, line) in file.code.enumerated() {
        for word in CodeText.words(line) {
          guard let later = declaredIn[String(word)], later > stage else { continue }
          defects.append(
            Defect(
              path: file.path, line: index + 1,
              why: "names \(word), which stage \(later) declares"))
        }
      }
    }
    return defects
  }

  /// `Host/Kernel/3-Intents/Inbox.swift` is in stage 3.
  static func stage(of file: SourceFile) -> Int? {
    guard file.isSwift, file.isUnder("Host/Kernel"), file.folders.count >= 3 else { return nil }
    return file.folders[2].split(separator: "-").first.flatMap { Int($0) }
  }
}
