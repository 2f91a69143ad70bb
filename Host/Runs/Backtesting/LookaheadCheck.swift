package import Market

/// Whether decisions hang on what came after them: a run over data that ends early must decide, up
/// to its end, what the whole run decided.
package struct LookaheadCheck: Sendable {
  package struct Finding: Sendable, Equatable {
    /// Where the data of the shorter run ended.
    package var cut: Timestamp
    /// Its place among the decisions, from 0.
    package var index: Int
    package var whole: DecisionTrace.Decision?
    package var truncated: DecisionTrace.Decision?
  }

  private let whole: [DecisionTrace.Decision]

  package init(whole: [DecisionTrace.Decision]) { self.whole = whole }

  /// The first decision before `cut` that differs; nil where none does.
  package func compare(
    _ truncated: [DecisionTrace.Decision], cut: Timestamp
  ) -> Finding? {
    let known = whole.prefix { $0.time < cut }
    for index in 0..<Swift.max(known.count, truncated.count) {
      let first = index < known.count ? known[index] : nil
      let second = index < truncated.count ? truncated[index] : nil
      guard first != second else { continue }
      // What is decided at the end of the data itself, the whole run may decide a turn later.
      if first == nil, let second, second.time >= cut { return nil }
      return Finding(cut: cut, index: index, whole: first, truncated: second)
    }
    return nil
  }

  /// Where data is cut: evenly inside of the span.
  package static func cuts(_ count: Int, from first: Timestamp, to last: Timestamp) -> [Timestamp] {
    let span = (last - first).count
    guard count > 0, span > 0 else { return [] }
    return (1...count).map {
      first + Nanoseconds(Int64(Double(span) * Double($0) / Double(count + 1)))
    }
  }
}
