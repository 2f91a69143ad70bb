package import Market

/// "2024-01-01T00:00:05.250Z": the session's time for people and JSON.
package enum UTCText {
  package static func text(_ time: Timestamp) -> String {
    let seconds = FixedSplit.floorDivide(time.nanoseconds, 1_000_000_000)
    let milliseconds = (time.nanoseconds - seconds * 1_000_000_000) / 1_000_000
    let days = FixedSplit.floorDivide(seconds, 86_400)
    let ofDay = seconds - days * 86_400
    let date = civil(days)
    return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))"
      + "T\(pad(ofDay / 3_600, 2)):\(pad(ofDay / 60 % 60, 2)):\(pad(ofDay % 60, 2))"
      + ".\(pad(milliseconds, 3))Z"
  }

  /// Days since 1970 to a date of the proleptic Gregorian calendar, counted in years that begin
  /// in March, so that the leap day comes last.
  private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = FixedSplit.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  private static func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}

private enum FixedSplit {
  static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
    a >= 0 ? a / b : (a - b + 1) / b
  }
}
