import Research

/// How far a search is, in one line: how many trials, the best so far, how fast, how long still.
struct ResearchProgress {
  let title: String
  private let began: Int64

  init(title: String, now: Int64) {
    self.title = title
    began = now
  }

  func text(_ progress: Sweep.Progress, now: Int64) -> String {
    var parts = ["\(progress.done) of \(progress.planned)"]
    if progress.failed > 0 { parts.append("\(progress.failed) failed") }
    if let best = progress.best { parts.append("best \(FigureText.figure(best))") }
    // What was done before this run says nothing of its speed.
    let done = progress.done - progress.resumed
    let seconds = Double(max(now - began, 1)) / 1e9
    let rate = Double(done) / seconds
    if done > 0 {
      parts.append("\(FigureText.decimal(rate, places: rate < 10 ? 2 : 0)) trials/s")
      let left = Double(progress.planned - progress.done) / rate
      if left > 0, left < 1e9 { parts.append("\(Progress.clock(Int(left.rounded(.up)))) left") }
    }
    return "\(title)  " + parts.joined(separator: "  ")
  }
}
