import Storage

/// Where in the journal to begin reading when only the last stretch of a slot is wanted: a mark
/// every so many turns, and fewer of them the longer the session runs.
struct JournalMarks {
  private struct Mark {
    var position: JournalPosition
    var turn: UInt64
  }
  private var marks: [Mark] = []
  private var interval: UInt64 = 512
  private static let marksMax = 1_024

  /// Between two turns; `position` is where the next turn will be written.
  mutating func note(_ position: JournalPosition, turn: UInt64) {
    guard turn >= (marks.last?.turn ?? 0) + interval else { return }
    marks.append(Mark(position: position, turn: turn))
    guard marks.count > Self.marksMax else { return }
    interval *= 2
    marks = marks.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }

  /// The newest mark at least this many turns back; nil for the journal's beginning.
  func position(turnsBack: UInt64, from turn: UInt64) -> JournalPosition? {
    guard turnsBack < turn else { return nil }
    return marks.last { $0.turn <= turn - turnsBack }?.position
  }
}
