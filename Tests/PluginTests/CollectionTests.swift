import PluginABI
import PluginTesting
import Testing

/// Containers and statistics against the plainest computation of the same, on seeded chance.
@Suite struct CollectionTests {
  @Test(arguments: [1, 2, 3, 17, 64]) func ringBufferKeepsTheNewest(_ capacity: Int) {
    var random = SeededRandom(seed: UInt64(capacity))
    var ring = RingBuffer<Int>(capacity: capacity)
    var naive: [Int] = []
    for _ in 0..<500 {
      let value = Int.random(in: 0..<1000, using: &random)
      let dropped = ring.push(value)
      naive.append(value)
      #expect(dropped == (naive.count > capacity ? naive.removeFirst() : nil))
      #expect((0..<ring.count).map { ring[$0] } == naive)
      #expect(ring.first == naive.first && ring.last == naive.last)
      #expect(ring.isFull == (naive.count == capacity))
    }
  }

  @Test(arguments: 1...5) func sortedArrayStaysSorted(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var sorted = SortedArray<Int>()
    var naive: [Int] = []
    for _ in 0..<1000 {
      let value = Int.random(in: 0..<50, using: &random)
      if random.unit() < 0.6 {
        sorted.insert(value)
        naive.append(value)
      } else {
        let index = naive.firstIndex(of: value)
        #expect(sorted.remove(value) == (index != nil))
        if let index { naive.remove(at: index) }
      }
      #expect(sorted.elements == naive.sorted())
      #expect(sorted.contains(value) == naive.contains(value))
    }
  }

  @Test(arguments: 1...5) func sortedMapIsADictionaryInOrder(_ seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    var map = SortedMap<Int, Int64>()
    var naive: [Int: Int64] = [:]
    for step in 0..<1000 {
      let key = Int.random(in: 0..<60, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0:
        map[key] = Int64(step)
        naive[key] = Int64(step)
      case 1:
        map[key] = nil
        naive[key] = nil
      default:
        map[key, default: 5] += 1
        naive[key, default: 5] += 1
      }
      #expect(map.keys == naive.keys.sorted())
      #expect(map[key] == naive[key])
    }
    var writer = StateWriter()
    map.write(to: &writer)
    var reader = StateReader(writer.bytes)
    let read = try SortedMap<Int, Int64>(from: &reader)
    #expect(read.keys == map.keys && read.values == map.values && reader.remaining == 0)
  }

  /// A large mean and a small spread, where the schoolbook sum of squares loses everything.
  @Test(arguments: [1, 2, 10, 97], [0.0, 1e9]) func rollingStatistics(count: Int, base: Double) {
    var random = SeededRandom(seed: UInt64(count))
    var mean = RollingMean(count)
    var variance = RollingVariance(count)
    var extremes = RollingExtremes(count)
    var naive: [Double] = []
    for _ in 0..<2000 {
      let value = base + random.normal()
      mean.push(value)
      variance.push(value)
      extremes.push(value)
      naive.append(value)
      if naive.count > count { naive.removeFirst() }
      let size = Double(naive.count)
      let expected = naive.reduce(0) { $0 + ($1 - base) } / size + base
      let squares = naive.reduce(0) { $0 + ($1 - expected) * ($1 - expected) }
      let tolerance = 1e-12 * (1 + base)
      #expect(abs(mean.mean - expected) <= tolerance)
      #expect(abs(variance.mean - expected) <= tolerance)
      let spread = naive.count < 2 ? 0 : squares / (size - 1)
      #expect(abs(variance.variance - spread) <= 1e-5)
      #expect(extremes.min == naive.min() && extremes.max == naive.max())
      #expect(mean.isFull == (naive.count == count) && extremes.isFull == mean.isFull)
    }
  }

  @Test func roundingDoesNotBuildUp() {
    var mean = RollingMean(10)
    var variance = RollingVariance(10)
    for value in [1e15, -3e14, 7e14] {
      mean.push(value)
      variance.push(value)
    }
    for _ in 0..<30 {
      mean.push(0.1)
      variance.push(0.1)
    }
    #expect(abs(mean.mean - 0.1) < 1e-15)
    #expect(variance.variance < 1e-30)
    #expect(variance.score(0.1) == nil || variance.variance > 0)
  }

  @Test func scoreCountsDeviations() throws {
    var variance = RollingVariance(3)
    for value in [1.0, 2, 3] { variance.push(value) }
    #expect(variance.score(4) == 2)
    var flat = RollingVariance(3)
    for _ in 0..<3 { flat.push(5) }
    #expect(flat.score(6) == nil)
  }

  @Test func exponentialMeanIsTheTextbook() {
    var mean = ExponentialMean(9)
    var expected = 0.0
    for step in 0..<50 {
      let value = Double(step * step % 13)
      expected = step == 0 ? value : value * 0.2 + expected * 0.8
      mean.push(value)
      #expect(abs(mean.mean - expected) < 1e-12)
      #expect(mean.isFull == (step >= 8))
    }
  }

  @Test func seededRandomIsFixedForEver() {
    var random = SeededRandom(seed: 1)
    let expected: [UInt64] = [
      0xB3F2_AF6D_0FC7_10C5, 0x853B_5596_4736_4CEA, 0x92F8_9756_082A_4514,
    ]
    #expect((0..<3).map { _ in random.next() } == expected)
    var sum = 0.0
    var squares = 0.0
    for _ in 0..<100_000 {
      let value = random.normal()
      sum += value
      squares += value * value
    }
    #expect(abs(sum / 1e5) < 0.02 && abs(squares / 1e5 - 1) < 0.02)
  }

  @Test func doublesAsText() {
    #expect(DoubleText.format(-12.5, decimals: 2) == "-12.50")
    #expect(DoubleText.format(0.1 + 0.2, decimals: 3) == "0.300")
    #expect(DoubleText.format(1e21, decimals: 0) == "1000000000000000000000")
    #expect(DoubleText.format(.nan, decimals: 1) == "nan")
    #expect(DoubleText.format(-.infinity, decimals: 1) == "-inf")
    for text in ["0", "-1.5", "12345.678", "1e3", "-2.5E-4", "+7", ".5", "9007199254740991"] {
      #expect(DoubleText.parse(text) == Double(text), "\(text)")
    }
    for text in ["", "-", "1e", "1.2.3", "abc", "1 ", "0x10", "e5"] {
      #expect(DoubleText.parse(text) == nil, "\(text)")
    }
    var random = SeededRandom(seed: 3)
    for _ in 0..<2000 {
      let value = random.normal() * 1e6
      let parsed = DoubleText.parse("\(value)") ?? .nan
      #expect(abs(parsed - value) <= 2 * value.ulp)
    }
  }

  @Test func amountsBecomeLotsAndTicks() throws {
    var raw = keel_ev_instrument.fake()
    raw.lot = 100
    raw.tick = 5
    let instrument = try #require(
      withUnsafePointer(to: raw) { InstrumentDefinition($0).instrument })
    #expect(instrument.quantity(0.29)?.mantissa == 29_000)
    #expect(instrument.quantity(0.00199)?.mantissa == 100)
    #expect(instrument.quantity(-1) == nil && instrument.quantity(.nan) == nil)
    #expect(instrument.quantity(1e300) == nil)
    #expect(instrument.price(100.03)?.mantissa == 10_005)
    #expect(instrument.price(100.02)?.mantissa == 10_000)
    #expect(instrument.value(Price(mantissa: 10_005)) == 100.05)
  }
}
