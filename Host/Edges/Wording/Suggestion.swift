/// "Did you mean": the known word that was probably meant by a mistyped one.
package enum Suggestion {
  /// Longer words are nobody's slip, and not worth the work.
  private static let bytesMax = 64

  /// The nearest known word within a third of the word's length, the first of equals; else the
  /// only one that the word begins.
  package static func nearest(to word: String, among known: [String]) -> String? {
    guard word.utf8.count <= bytesMax else { return nil }
    let scored = known.map { (word: $0, distance: distance(word, $0)) }
    let best = scored.min { $0.distance < $1.distance }
    if let best, best.distance <= max(1, word.count / 3) { return best.word }
    guard word.count >= 2 else { return nil }
    let begun = known.filter { $0.hasPrefix(word) }
    return begun.count == 1 ? begun[0] : nil
  }

  /// What to do about `word`: the nearest known one, or those to choose from.
  package static func remedy(for word: String, among known: [String]) -> String {
    if let near = nearest(to: word, among: known) { return "did you mean \"\(near)\"?" }
    guard !known.isEmpty else { return "there is none to choose from" }
    let shown = known.prefix(12).map { "\"\($0)\"" }.joined(separator: ", ")
    return "choose one of \(shown)" + (known.count > 12 ? " and \(known.count - 12) more" : "")
  }

  /// Edits between two words, where swapping two neighbours counts as one.
  package static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first.lowercased())
    let b = Array(second.lowercased())
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var current = [i + 1]
      for j in b.indices {
        var best = min(previous[j + 1], current[j]) + 1
        best = min(best, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforePrevious[j - 1] + 1)
        }
        current.append(best)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[b.count]
  }
}
