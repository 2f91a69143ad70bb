/// Prices, quantities and cash are fixed-point decimals: where the kernel keeps or weighs them, no
/// binary float is named.
enum LedgerRules {
  static let allowed: [String: String] = [
    "Host/Kernel/1-State/Portfolio+Rates.swift": "tells reports a rate, and counts by none"
  ]

  static func check(_ files: [SourceFile]) -> [Defect] {
    files.filter { isOfTheLedger($0) && allowed[$0.path] == nil }.flatMap { file in
      file.code.enumerated().compactMap { index, line in
        CodeText.words(line).contains { floats.contains(String($0)) }
          ? Defect(
            path: file.path, line: index + 1, why: "money is a fixed-point decimal, never a float")
          : nil
      }
    }
  }

  static func isOfTheLedger(_ file: SourceFile) -> Bool {
    guard let stage = StageRules.stage(of: file) else { return false }
    return stage != 2
  }

  private static let floats: Set<String> = ["Double", "Float", "Float16", "Float80"]
}
