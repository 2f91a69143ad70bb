import Market
import TestSupport
import Testing

@Suite struct InstrumentTests {
  private func instrument(_ price: Int, _ quantity: Int, multiplier: Int64 = 1) -> Instrument {
    Instrument(
      id: InstrumentID(rawValue: 0), kind: .perpetual, priceExponent: price,
      quantityExponent: quantity, tick: Price(mantissa: 5), lot: Quantity(mantissa: 10),
      quantityMin: .zero, notionalMin: .zero(.none), multiplier: multiplier,
      base: AssetID(rawValue: 1), quote: AssetID(rawValue: 2), settlement: AssetID(rawValue: 2))
  }

  /// With at most sixteen decimals together, worth is the exact product.
  @Test(arguments: [1, 2] as [UInt64])
  func worthIsExact(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2_000 {
      let exponents = (
        Int.random(in: -8...0, using: &random), Int.random(in: -8...0, using: &random)
      )
      let price = Int64.random(in: -1_000_000_000...1_000_000_000, using: &random)
      let quantity = Int64.random(in: 0...1_000_000_000, using: &random)
      let worth = try #require(
        instrument(exponents.0, exponents.1)
          .notional(Price(mantissa: price), Quantity(mantissa: quantity)))
      var expected = Int128(price) * Int128(quantity)
      for _ in 0..<(16 + exponents.0 + exponents.1) { expected *= 10 }
      #expect(worth == Money(units: expected, asset: AssetID(rawValue: 2)))
    }
  }

  @Test func worthBeyondTheLedgerIsNil() {
    let most = Price(mantissa: .max)
    #expect(instrument(0, 0).notional(most, Quantity(mantissa: .max)) == nil)
    #expect(instrument(-8, -8).notional(most, Quantity(mantissa: .max)) != nil)
    #expect(instrument(-8, -8, multiplier: 4).notional(most, Quantity(mantissa: .max)) == nil)
    #expect(instrument(-8, -7).notional(most, Quantity(mantissa: .max)) == nil)
    #expect(instrument(-8, -8).value(Price(mantissa: .min), signed: .min) != nil)
  }

  @Test func worthOfSmallerUnitsIsRoundedOnce() {
    #expect(instrument(-9, -8).value(Price(mantissa: 5), signed: 3)?.units == 2)
    #expect(instrument(-9, -8).value(Price(mantissa: 5), signed: 5)?.units == 2)
    #expect(instrument(-9, -8).value(Price(mantissa: 5), signed: -3)?.units == -2)
  }

  @Test func steps() {
    let instrument = instrument(0, 0)
    #expect(instrument.isOnTick(Price(mantissa: -15)) && !instrument.isOnTick(Price(mantissa: 4)))
    #expect(instrument.isOnLot(.zero) && !instrument.isOnLot(Quantity(mantissa: 15)))
    #expect(instrument.roundedDown(Quantity(mantissa: 29)) == Quantity(mantissa: 20))
    #expect(instrument.roundedDown(Quantity(mantissa: 9)).isZero)
  }

  @Test func timeStopsAtItsEnds() {
    let far = Timestamp.distantFuture
    #expect(far + Nanoseconds(1) == far)
    #expect(Timestamp.distantPast + Nanoseconds(-5) == .distantPast)
    #expect(far - Timestamp.distantPast == Nanoseconds(.max))
    #expect(Timestamp.distantPast - far == Nanoseconds(.min))
  }
}
