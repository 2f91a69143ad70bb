package import Market

/// Times as people and JSON write them: "2024-01-01T00:00:05.250Z".
package enum UTCTime {
  /// To the millisecond.
  package static func text(_ time: Timestamp) -> String {
    let (seconds, nanoseconds) = floorDivide(time.nanoseconds, 1_000_000_000)
    let (days, ofDay) = floorDivide(seconds, 86_400)
    let date = date(days)
    return "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))"
      + "T\(pad(ofDay / 3_600, 2)):\(pad(ofDay / 60 % 60, 2)):\(pad(ofDay % 60, 2))"
      + ".\(pad(nanoseconds / 1_000_000, 3))Z"
  }

  /// With or without a fraction of up to nine digits. Nil for any other form, a day that does not
  /// exist, or a year outside 1970...2261.
  package static func parse(_ text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 30, bytes.last == UInt8(ascii: "Z") else { return nil }
    for (index, mark) in zip([4, 7, 10, 13, 16], "--T::".utf8) where bytes[index] != mark {
      return nil
    }
    func number(_ from: Int, _ to: Int) -> Int64? {
      var value: Int64 = 0
      for byte in bytes[from..<to] {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      }
      return value
    }
    guard let year = number(0, 4), let month = number(5, 7), let day = number(8, 10),
      let hour = number(11, 13), let minute = number(14, 16), let second = number(17, 19),
      (1970...2261).contains(year), (1...12).contains(month), hour < 24, minute < 60, second < 60
    else { return nil }
    // A day that does not exist comes back as another one.
    let days = days(year, month, day)
    guard date(days) == (year, month, day) else { return nil }
    var nanoseconds: Int64 = 0
    if bytes.count > 20 {
      guard bytes[19] == UInt8(ascii: "."), bytes.count > 21,
        let fraction = number(20, bytes.count - 1)
      else { return nil }
      nanoseconds = fraction
      for _ in 0..<9 - (bytes.count - 21) { nanoseconds *= 10 }
    }
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second
    return Timestamp(nanoseconds: seconds * 1_000_000_000 + nanoseconds)
  }

  // Days since 1970 and dates of the proleptic Gregorian calendar, in years that begin in March,
  // so that the leap day comes last, and in eras of 400 such years, which are all alike.

  private static let daysOfEra: Int64 = 146_097
  /// From the first day of the era that began in the year 0 to 1970.
  private static let daysBefore1970: Int64 = 719_468

  package static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = floorDivide(days + daysBefore1970, daysOfEra)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let (era, yearOfEra) = floorDivide(month <= 2 ? year - 1 : year, 400)
    let marchMonth = month <= 2 ? month + 9 : month - 3
    let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
    let dayOfEra = 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * daysOfEra + dayOfEra - daysBefore1970
  }

  private static func floorDivide(_ a: Int64, _ b: Int64) -> (quotient: Int64, rest: Int64) {
    let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
    return rest < 0 ? (quotient - 1, rest + b) : (quotient, rest)
  }

  private static func pad(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
