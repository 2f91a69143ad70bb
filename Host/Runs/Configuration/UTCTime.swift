/// "2024-01-01T00:00:00Z" and the nanoseconds since 1970 that it means.
enum UTCTime {
  /// Nil for any other form, a day that does not exist, or a year outside 1970...2261.
  static func parse(_ text: String) -> Int64? {
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
      (1970...2261).contains(year), (1...12).contains(month),
      (1...days(in: month, of: year)).contains(day), hour < 24, minute < 60, second < 60
    else { return nil }
    var nanoseconds: Int64 = 0
    if bytes.count > 20 {
      guard bytes[19] == UInt8(ascii: "."), bytes.count > 21,
        let fraction = number(20, bytes.count - 1)
      else { return nil }
      nanoseconds = fraction
      for _ in 0..<9 - (bytes.count - 21) { nanoseconds *= 10 }
    }
    let seconds = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    return seconds * 1_000_000_000 + nanoseconds
  }

  private static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    var total = day - 1
    for earlier in 1970..<year { total += isLeap(earlier) ? 366 : 365 }
    for earlier in 1..<month { total += days(in: earlier, of: year) }
    return total
  }
}
