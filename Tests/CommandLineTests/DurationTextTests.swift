import Market
import Testing
import Wording

@Suite struct DurationTextTests {
  @Test(arguments: [
    ("1ns", 1), ("250ms", 250_000_000), ("1m", 60_000_000_000), ("4h", 14_400_000_000_000),
    ("7d", 604_800_000_000_000), ("90s", 90_000_000_000),
  ]) func aLengthOfTimeIsRead(_ text: String, _ nanoseconds: Int64) {
    #expect(DurationText.parse(text) == Nanoseconds(nanoseconds))
  }

  @Test(arguments: ["", "m", "1", "0s", "-1m", "1.5h", "1 m", "1min", "9999999d", "٣m"])
  func anythingElseIsNone(_ text: String) { #expect(DurationText.parse(text) == nil) }

  @Test(arguments: [
    (60_000_000_000, "1m"), (90_000_000_000, "90s"), (0, "0ns"), (7, "7ns"),
    (86_400_000_000_000, "1d"),
  ]) func itIsWrittenAsItIsRead(_ nanoseconds: Int64, _ text: String) {
    #expect(DurationText.exact(Nanoseconds(nanoseconds)) == text)
  }

  @Test(arguments: [
    (0, "0 s"), (999, "999 ns"), (200_000_000_000, "3 min 20 s"), (86_400_000_000_000, "1 d"),
    (90_061_000_000_000, "1 d 1 h"), (1_500_000, "1 ms 500 us"), (-60_000_000_000, "-1 min"),
    (Int64.min, "-106751 d 23 h"),
  ]) func itIsSaidInTwoUnits(_ nanoseconds: Int64, _ text: String) {
    #expect(DurationText.text(Nanoseconds(nanoseconds)) == text)
  }
}
