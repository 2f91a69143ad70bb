import Market
import Wording

/// Times written as `2024-01-01T09:30:00.25Z`: a blank for the T, an offset for the Z, fewer
/// parts; without an offset it is UTC. The last day is remembered, as rows share it.
struct TimeText {
  private var dayText: (UInt64, UInt16) = (0, 0)
  private var day: Int64 = 0

  /// Nil where these bytes are no time.
  mutating func parse(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    guard text.count >= 10, let start = text.baseAddress else { return nil }
    guard let midnight = midnight(UnsafeRawPointer(start)) else { return nil }
    var place = 10
    func two(_ limit: Int64) -> Int64? {
      guard place + 2 <= text.count else { return nil }
      let (a, b) = (text[place] &- 48, text[place + 1] &- 48)
      guard a < 10, b < 10, Int64(a) * 10 + Int64(b) < limit else { return nil }
      return Int64(a) * 10 + Int64(b)
    }
    guard place < text.count else { return midnight }
    guard text[place] == UInt8(ascii: "T") || text[place] == UInt8(ascii: " ") else { return nil }
    place += 1
    var time = midnight
    for (index, unit) in [3_600, 60, 1].enumerated() {
      if index > 0 {
        guard place < text.count, text[place] == UInt8(ascii: ":") else {
          // Seconds may be left out, minutes not.
          guard index == 2 else { return nil }
          break
        }
        place += 1
      }
      guard let part = two(index == 0 ? 24 : 60) else { return nil }
      time += part * Int64(unit) * 1_000_000_000
      place += 2
    }
    if place < text.count, text[place] == UInt8(ascii: ".") || text[place] == UInt8(ascii: ",") {
      guard let fraction = Self.fraction(text, &place) else { return nil }
      time += fraction
    }
    guard let offset = Self.offset(text, &place), place == text.count else { return nil }
    return time - offset
  }

  /// The first ten bytes as a day.
  private mutating func midnight(_ start: UnsafeRawPointer) -> Int64? {
    let bytes = (
      start.loadUnaligned(as: UInt64.self),
      start.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    )
    if bytes == dayText { return day }
    let text = String(
      decoding: UnsafeRawBufferPointer(start: start, count: 10), as: UTF8.self)
    guard let time = UTCTime.parse(text.replacing("/", with: "-") + "T00:00:00Z") else {
      return nil
    }
    (dayText, day) = (bytes, time.nanoseconds)
    return day
  }

  /// Digits beyond the ninth must be zeros.
  private static func fraction(_ text: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> Int64? {
    place += 1
    var (value, unit) = (Int64(0), Int64(100_000_000))
    let start = place
    while place < text.count, text[place] &- 48 < 10 {
      let digit = Int64(text[place] - 48)
      guard unit > 0 || digit == 0 else { return nil }
      value += digit * unit
      unit /= 10
      place += 1
    }
    return place > start ? value : nil
  }

  /// "Z", "UTC", "+02:00", "+0200", "-05", or nothing.
  private static func offset(_ text: UnsafeBufferPointer<UInt8>, _ place: inout Int) -> Int64? {
    let rest = text[place...].drop { $0 == UInt8(ascii: " ") }
    place = text.count
    if rest.isEmpty || rest.elementsEqual("Z".utf8) || rest.elementsEqual("UTC".utf8) { return 0 }
    guard let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
      return nil
    }
    let digits = rest.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard digits.count == 2 || digits.count == 4, digits.allSatisfy({ $0 &- 48 < 10 }) else {
      return nil
    }
    let numbers = digits.map { Int64($0 - 48) }
    let hours = numbers[0] * 10 + numbers[1]
    let minutes = numbers.count == 4 ? numbers[2] * 10 + numbers[3] : 0
    guard hours < 24, minutes < 60 else { return nil }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3_600 + minutes * 60) * 1_000_000_000
  }
}
