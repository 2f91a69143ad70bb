/// Words that must not reach the repository: unfinished work, crashes without a reason, and what
/// belongs to one machine.
enum WordRules {
  // Written in two halves, so that this file does not break its own rule.
  static let unfinished: [String] = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
  static let inCode: [String] = ["fatal" + "Error"]
  static let ofOneMachine: [String] = [
    "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", "/wo" + "rk/", "/op" + "t/swift",
    "artif" + "actory", "jf" + "rog", "nex" + "us.", "127.0.0.1:80" + "81",
  ]

  static func check(_ file: SourceFile) -> [Defect] {
    var defects: [Defect] = []
    let code = file.isSwift || file.isC ? file.code : []
    for (index, line) in file.lines.enumerated() {
      let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
      var found = unfinished.filter { words.contains(Substring($0)) }
      if index < code.count {
        let codeWords = CodeText.words(code[index])
        found += inCode.filter { codeWords.contains(Substring($0)) }
      }
      found += ofOneMachine.filter { line.contains($0) }
      defects += found.map {
        Defect(path: file.path, line: index + 1, why: "'\($0)' does not belong here")
      }
    }
    return defects
  }
}
