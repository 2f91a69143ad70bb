/// Findings by kind: how many exactly, and the worst of them as examples. Bounded.
package struct FindingLog: Sendable {
  package struct Entry: Sendable {
    package let kind: FindingKind
    package internal(set) var count = 0
    /// The greatest first, equal ones in the order in which they were found.
    package internal(set) var examples: [Finding] = []
  }

  private var entries: [Entry] = FindingKind.allCases.map { Entry(kind: $0) }
  private let places: [FindingKind: Int]
  private let examplesMax: Int

  package init(examplesMax: Int) {
    precondition(examplesMax >= 0, "examples are counted")
    self.examplesMax = examplesMax
    places = Dictionary(
      uniqueKeysWithValues: FindingKind.allCases.enumerated().map { ($1, $0) })
  }

  /// Only the kinds that were found.
  package var found: [Entry] { entries.filter { $0.count > 0 } }

  package func count(_ kind: FindingKind) -> Int { entries[places[kind]!].count }
  package func count(_ severity: FindingKind.Severity) -> Int {
    entries.reduce(0) { $1.kind.severity == severity ? $0 + $1.count : $0 }
  }
  package func examples(_ kind: FindingKind) -> [Finding] { entries[places[kind]!].examples }

  package mutating func add(_ finding: Finding) { add(finding, count: 1) }

  /// Of findings counted elsewhere: only an example of them is kept.
  mutating func add(_ finding: Finding, count: Int) {
    let place = places[finding.kind]!
    entries[place].count += count
    let examples = entries[place].examples
    let rank =
      examples.firstIndex { $0.value.magnitude < finding.value.magnitude } ?? examples.count
    guard rank < examplesMax else { return }
    entries[place].examples.insert(finding, at: rank)
    if entries[place].examples.count > examplesMax { entries[place].examples.removeLast() }
  }
}
