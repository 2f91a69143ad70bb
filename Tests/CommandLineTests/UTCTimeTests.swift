import Market
import Testing
import Wording

@Suite struct UTCTimeTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (951_827_696_500_000_000, "2000-02-29T12:34:56.500Z"),
      (-1, "1969-12-31T23:59:59.999Z"), (-86_400_000_000_000, "1969-12-31T00:00:00.000Z"),
      (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
      (Int64.max, "2262-04-11T23:47:16.854Z"), (Int64.min, "1677-09-21T00:12:43.145Z"),
    ] as [(Int64, String)])
  func text(_ nanoseconds: Int64, _ text: String) {
    #expect(UTCTime.text(Timestamp(nanoseconds: nanoseconds)) == text)
  }

  /// Every day that can be written is read back, and follows the one before it.
  @Test func everyDayIsReadBack() {
    let day: Int64 = 86_400_000_000_000
    for number in Int64(0)...106_600 {
      let time = Timestamp(nanoseconds: number * day + day - 1_000_000)
      let text = UTCTime.text(time)
      guard UTCTime.parse(text) == time else {
        Issue.record("\(text) is read back as \(String(describing: UTCTime.parse(text)))")
        return
      }
    }
  }

  @Test(arguments: [
    "", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-02-30T00:00:00Z",
    "2100-02-29T00:00:00Z", "2024-04-31T00:00:00Z", "2024-01-00T00:00:00Z",
    "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-01-01T24:00:00Z",
    "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024-01-01T00:00:00.Z",
    "2024-01-01T00:00:00.0000000001Z", "2024-01-01T00:00:00,5Z", "1969-12-31T00:00:00Z",
    "2262-01-01T00:00:00Z", "2024-01-01T00:00:00+00:00", "2o24-01-01T00:00:00Z",
  ])
  func refuses(_ text: String) { #expect(UTCTime.parse(text) == nil) }
}
