/// "Did you mean": the candidate nearest to a misspelt name.
package struct Suggestion {
  /// Nil when nothing is near enough to be worth saying.
  package static func nearest(to name: String, among candidates: [String]) -> String? {
    var best: (name: String, distance: Int)?
    for candidate in candidates.sorted() {
      let distance = distance(Array(name.utf8), Array(candidate.utf8))
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(2, name.utf8.count / 3) else { return nil }
    return best.name
  }

  /// "did you mean \"fast\"?", or the list to choose from.
  package static func advice(for name: String, among candidates: [String]) -> String {
    if let near = nearest(to: name, among: candidates) { return "did you mean \"\(near)\"?" }
    guard !candidates.isEmpty else { return "there is none to choose from" }
    return "choose one of: \(candidates.joined(separator: ", "))"
  }

  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let above = row[j + 1]
        let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
        row[j + 1] = min(above + 1, row[j] + 1, replaced)
        diagonal = above
      }
    }
    return row[b.count]
  }
}
