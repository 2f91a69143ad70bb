import Market
import TestSupport
import Testing

@Suite struct DecimalTextTests {
  @Test(
    arguments: [
      ("0", 0, 0), ("-12.5", -2, -1_250), ("+3", -1, 30), (".5", -1, 5), ("5.", 0, 5),
      ("0.00000001", -8, 1), ("1.500", -1, 15), ("1.0000", 0, 1), ("007", 0, 7), ("1200", 2, 12),
      ("1200.00", 2, 12), ("-0", -2, 0), ("9223372036854775807", 0, Int64.max),
      ("-9223372036854775807", 0, -Int64.max), ("0.0000000000000001", -16, 1),
    ] as [(String, Int, Int64)])
  func parses(_ text: String, _ exponent: Int, _ mantissa: Int64) throws {
    #expect(try DecimalText.parse(text, exponent: exponent) == mantissa)
  }

  @Test(
    arguments: [
      ("", 0, .empty), ("-", 0, .empty), ("+", 0, .empty), (".", -2, .empty),
      ("x", 0, .notANumber(at: 0)), ("1x", 0, .notANumber(at: 1)),
      ("--1", 0, .notANumber(at: 1)), ("+-1", 0, .notANumber(at: 1)),
      ("1-", 0, .notANumber(at: 1)), ("1.2.3", -2, .notANumber(at: 3)),
      ("1e5", 0, .notANumber(at: 1)), (" 1", 0, .notANumber(at: 0)),
      ("1,5", -1, .notANumber(at: 1)), ("١", 0, .notANumber(at: 0)),
      ("nan", 0, .notANumber(at: 0)),
      ("1.01", -1, .tooPrecise), ("0.1", 0, .tooPrecise), ("1250", 2, .tooPrecise),
      ("0.5", 2, .tooPrecise), ("1", 40, .tooPrecise),
      ("9223372036854775808", 0, .tooLarge), ("1", -40, .tooLarge),
      ("99999999999999999999", -2, .tooLarge),
      ("999999999999999999999999999999999999999999", 0, .tooLarge),
    ] as [(String, Int, DecimalText.Failure)])
  func refuses(_ text: String, _ exponent: Int, _ failure: DecimalText.Failure) {
    #expect(throws: failure) { try DecimalText.parse(text, exponent: exponent) }
  }

  @Test(
    arguments: [
      (0, -2, "0.00", "0"), (5, -2, "0.05", "0.05"), (-1_250, -2, "-12.50", "-12.5"),
      (100, 0, "100", "100"), (12, 2, "1200", "1200"), (0, 2, "0", "0"),
      (-1, -3, "-0.001", "-0.001"),
      (1_000, -3, "1.000", "1"),
    ] as [(Int64, Int, String, String)])
  func formats(_ mantissa: Int64, _ exponent: Int, _ text: String, _ trimmed: String) {
    #expect(DecimalText.format(mantissa, exponent: exponent) == text)
    #expect(DecimalText.format(mantissa, exponent: exponent, trimming: true) == trimmed)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func roundTrips(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let mantissa = Int64(bitPattern: random.next()) >> Int64.random(in: 0...62, using: &random)
      guard mantissa != .min else { continue }
      let exponent = Int.random(in: -16...3, using: &random)
      for trimming in [false, true] {
        let text = DecimalText.format(mantissa, exponent: exponent, trimming: trimming)
        #expect(try DecimalText.parse(text, exponent: exponent) == mantissa, "\(text)")
      }
      let wide = Int128(mantissa) * Int128(mantissa)
      let text = DecimalText.format(wide, exponent: min(0, exponent))
      #expect(try DecimalText.parseWide(text, exponent: min(0, exponent)) == wide, "\(text)")
    }
  }
}
