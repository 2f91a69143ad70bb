import Market
import Wording

/// Times as a report shows them: UTC, no longer than what they say.
enum ReportTime {
  static func day(_ time: Timestamp?) -> String {
    time.map { String(UTCTime.text($0).prefix(10)) } ?? NumberText.absent
  }

  static func minute(_ time: Timestamp?) -> String {
    time.map { String(UTCTime.text($0).prefix(16)).replacing("T", with: " ") }
      ?? NumberText.absent
  }

  /// Days where the whole span is long, minutes where it is not.
  static func text(_ time: Timestamp, span: Nanoseconds) -> String {
    span.count > 40 * 86_400_000_000_000 ? day(time) : minute(time)
  }

  struct Tick {
    let time: Timestamp
    let text: String
  }

  /// About `count` round times within the span: years, months, days, hours or minutes.
  static func ticks(_ from: Timestamp, _ to: Timestamp, count: Int) -> [Tick] {
    let span = (to - from).count
    guard span > 0, count > 0 else { return [] }
    let wanted = span / Int64(count)
    let day: Int64 = 86_400_000_000_000
    if wanted >= 20 * day { return months(from, to, every: wanted / (30 * day) + 1) }
    let minute: Int64 = 60_000_000_000
    let steps: [Int64] = [
      1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 5_760, 10_080, 20_160,
    ].map { $0 * minute }
    let step = steps.first { $0 >= wanted } ?? 30 * day
    var ticks: [Tick] = []
    var at = from.nanoseconds - from.nanoseconds % step
    while at <= to.nanoseconds, ticks.count <= 4 * count {
      let time = Timestamp(nanoseconds: at)
      if time >= from {
        let text = UTCTime.text(time)
        let isDaily = step >= day
        let hours = text.dropFirst(11).prefix(5)
        let shown = isDaily || hours == "00:00" ? text.dropFirst(5).prefix(5) : hours
        ticks.append(Tick(time: time, text: String(shown)))
      }
      at += step
    }
    return ticks
  }

  private static func months(_ from: Timestamp, _ to: Timestamp, every wanted: Int64) -> [Tick] {
    let steps: [Int] = [1, 2, 3, 6, 12, 24, 60, 120, 240]
    let step: Int = steps.first { Int64($0) >= wanted } ?? 600
    let day: Int64 = 86_400_000_000_000
    var ticks: [Tick] = []
    // Each day of the span, in steps that meet every month's first day.
    var number = from.nanoseconds / day
    while number * day <= to.nanoseconds {
      let date = UTCTime.date(number)
      if date.day == 1 {
        let month = Int(date.year) * 12 + Int(date.month) - 1
        let time = Timestamp(nanoseconds: number * day)
        if month % step == 0, time >= from {
          let isYear = date.month == 1
          ticks.append(
            Tick(
              time: time,
              text: isYear ? "\(date.year)" : String(UTCTime.text(time).prefix(7))))
        }
        number += 28
      } else {
        number += 1
      }
    }
    return ticks
  }
}
