import Market
import TestSupport
import Testing

@Suite struct FixedPointTests {
  /// Half to even, slowly: both neighbours, the nearer one, at equal distance the even one.
  private func slowDivision(_ dividend: Int, _ divisor: Int) -> Int {
    var below = 0
    while below * divisor > dividend { below -= 1 }
    while (below + 1) * divisor <= dividend { below += 1 }
    let (down, up) = (dividend - below * divisor, (below + 1) * divisor - dividend)
    if down == up { return below % 2 == 0 ? below : below + 1 }
    return down < up ? below : below + 1
  }

  @Test func roundsHalfToEven() {
    for dividend in -120...120 {
      for divisor in 1...25 {
        let fast = FixedPoint.divideHalfToEven(Int128(dividend), by: Int128(divisor))
        #expect(fast == Int128(slowDivision(dividend, divisor)), "\(dividend)/\(divisor)")
      }
    }
  }

  @Test func roundsAtTheEndsOfTheRange() {
    #expect(FixedPoint.divideHalfToEven(.max, by: 1) == .max)
    #expect(FixedPoint.divideHalfToEven(.min, by: 1) == .min)
    #expect(FixedPoint.divideHalfToEven(.max, by: .max) == 1)
    #expect(FixedPoint.divideHalfToEven(.min, by: .max) == -1)
    #expect(FixedPoint.divideHalfToEven(.max / 2, by: .max) == 0)
    #expect(FixedPoint.divideHalfToEven(.max / 2 + 1, by: .max) == 1)
  }

  @Test func rescales() {
    #expect(FixedPoint.rescale(15, from: -1, to: 0) == 2)
    #expect(FixedPoint.rescale(25, from: -1, to: 0) == 2)
    #expect(FixedPoint.rescale(-35, from: -1, to: 0) == -4)
    #expect(FixedPoint.rescale(7, from: 2, to: -2) == 70_000)
    #expect(FixedPoint.rescale(1, from: 38, to: 0) == FixedPoint.powerOfTen(38))
    #expect(FixedPoint.rescale(2, from: 38, to: 0) == nil)
    #expect(FixedPoint.rescale(1, from: 39, to: 0) == nil)
    #expect(FixedPoint.rescale(0, from: 99, to: 0) == 0)
    #expect(FixedPoint.rescale(.max, from: 0, to: 39) == 0)
  }

  @Test func floors() {
    for value in Int64(-40)...40 {
      for step in Int64(1)...9 {
        let floored = FixedPoint.floor(value, toMultipleOf: step)
        #expect(floored % step == 0 && floored <= value && value - floored < step)
      }
    }
  }
}
