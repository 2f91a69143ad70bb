package import Market
import Wording

/// What each month and each day brought, by the calendar of UTC.
package struct CalendarReturns: Sendable, Equatable {
  package struct Month: Sendable, Equatable {
    package let year: Int
    /// From 1.
    package let month: Int
    package fileprivate(set) var value: Double
  }
  package struct Year: Sendable, Equatable {
    package let year: Int
    /// From January; nil where nothing was measured.
    package fileprivate(set) var months: [Double?]
    package fileprivate(set) var value: Double
  }

  package private(set) var months: [Month] = []
  package private(set) var years: [Year] = []
  package private(set) var bestDay: Double?
  package private(set) var worstDay: Double?

  package init(times: [Timestamp], equity: [Double]) {
    guard times.count == equity.count, times.count > 1 else { return }
    // A return belongs to the time at which its period ended.
    var (monthStart, yearStart, dayStart) = (equity[0], equity[0], equity[0])
    var before: (year: Int, month: Int, day: Int64)?
    var day = Int64.min
    for (index, value) in equity.enumerated().dropFirst() {
      let previous = equity[index - 1]
      guard previous > 0 else { break }
      // What ends at midnight belongs to the day it ends.
      let number = Self.day(of: times[index] + Nanoseconds(-1))
      let date = UTCTime.date(number)
      let (year, month) = (Int(date.year), Int(date.month))
      if before?.year != year {
        yearStart = previous
        years.append(Year(year: year, months: Array(repeating: nil, count: 12), value: 0))
      }
      if before?.year != year || before?.month != month {
        monthStart = previous
        months.append(Month(year: year, month: month, value: 0))
      }
      if day != number { dayStart = previous }
      (before, day) = ((year, month, number), number)
      let monthly = value / monthStart - 1
      months[months.count - 1].value = monthly
      years[years.count - 1].months[month - 1] = monthly
      years[years.count - 1].value = value / yearStart - 1
      let isLastOfDay =
        index + 1 == equity.count
        || Self.day(of: times[index + 1] + Nanoseconds(-1)) != number
      if isLastOfDay {
        let daily = value / dayStart - 1
        bestDay = Swift.max(bestDay ?? daily, daily)
        worstDay = Swift.min(worstDay ?? daily, daily)
      }
    }
  }

  package var bestMonth: Month? { months.max { $0.value < $1.value } }
  package var worstMonth: Month? { months.min { $0.value < $1.value } }

  private static func day(of time: Timestamp) -> Int64 {
    let (quotient, rest) = time.nanoseconds.quotientAndRemainder(
      dividingBy: 86_400_000_000_000)
    return rest < 0 ? quotient - 1 : quotient
  }
}
