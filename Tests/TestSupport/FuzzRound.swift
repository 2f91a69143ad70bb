import Foundation

/// One round of a fuzz suite. Its seed decides everything in it, so that
/// `KEEL_FUZZ_SEED=17 swift test --filter SomeFuzz` repeats it alone. KEEL_FUZZ_ROUNDS says how
/// many there are. Should the code under test end the process, the seed of the round it died in
/// stands in `.build/fuzz`, in a file named for the suite.
package struct FuzzRound: CustomStringConvertible {
  package let seed: UInt64
  package var random: SeededGenerator
  private let suite: String

  package var description: String { "repeat with KEEL_FUZZ_SEED=\(seed) and --filter \(suite)" }

  /// `usual` rounds when nothing else is asked for; `share` divides those asked for, where one
  /// round costs so much more than elsewhere.
  package static func run(
    _ suite: String, usual: Int, share: Int = 1, _ body: (inout FuzzRound) throws -> Void
  ) throws {
    let environment = ProcessInfo.processInfo.environment
    let asked = environment["KEEL_FUZZ_ROUNDS"].flatMap(Int.init).map { max(1, $0 / share) }
    let only = environment["KEEL_FUZZ_SEED"].flatMap(UInt64.init)
    let seeds = only.map { $0..<$0 + 1 } ?? 0..<UInt64(asked ?? usual)
    let folder = "\(CPluginCompiler.root)/.build/fuzz"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let place = open("\(folder)/\(suite)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    defer { close(place) }
    for seed in seeds {
      var text = "\(seed)\n"
      _ = text.withUTF8 { pwrite(place, $0.baseAddress, $0.count, 0) }
      var round = FuzzRound(seed: seed, random: SeededGenerator(seed: seed), suite: suite)
      do { try body(&round) } catch { throw ToolFailure(text: "\(round): \(error)") }
    }
    ftruncate(place, 0)
  }

  package mutating func number(_ range: Range<Int>) -> Int {
    Int.random(in: range, using: &random)
  }
  package mutating func chance(_ oneIn: Int) -> Bool { number(0..<oneIn) == 0 }
  package mutating func pick<C: RandomAccessCollection<E>, E>(_ choices: C) -> E {
    choices.randomElement(using: &random)!
  }

  /// Changes a few bytes in place; half of the changes are in `places`, where there are any.
  package mutating func change(_ bytes: inout [UInt8], in places: [Range<Int>] = []) {
    for _ in 0..<number(1..<5) where !bytes.isEmpty {
      var range = 0..<bytes.count
      if !places.isEmpty, chance(2) {
        let place = pick(places).clamped(to: range)
        if !place.isEmpty { range = place }
      }
      let index = number(range)
      switch number(0..<4) {
      case 0: bytes[index] ^= 1 << UInt8(number(0..<8))
      case 1: bytes[index] = UInt8(number(0..<256))
      case 2: bytes[index] = pick([0, 1, 0x7f, 0x80, 0xff])
      default: store(hostileNumber(), of: pick([2, 4, 8]), at: index, in: &bytes)
      }
    }
  }

  /// Sizes and offsets that arithmetic trips over.
  private mutating func hostileNumber() -> UInt64 {
    let base: UInt64 = pick([0, 0x7fff_ffff, 0xffff_ffff, 1 << 63, .max, 1 << 32, 4096])
    return base &+ UInt64(number(0..<17)) &- 8
  }

  private func store(_ value: UInt64, of size: Int, at index: Int, in bytes: inout [UInt8]) {
    let start = index / size * size
    for offset in 0..<size where start + offset < bytes.count {
      bytes[start + offset] = UInt8(truncatingIfNeeded: value >> UInt64(8 * offset))
    }
  }

  /// Changes a text, also in length: parts go, come twice, or are replaced by one of `words`.
  package mutating func rewrite(_ bytes: inout [UInt8], with words: [String]) {
    for _ in 0..<number(1..<5) {
      let start = number(0..<bytes.count + 1)
      let end = min(bytes.count, start + number(0..<(chance(8) ? 64 : 6)))
      switch number(0..<5) {
      case 0: bytes.removeSubrange(start..<end)
      case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
      case 2: bytes.insert(contentsOf: pick(words).utf8, at: start)
      case 3: bytes.replaceSubrange(start..<end, with: pick(words).utf8)
      default: change(&bytes)
      }
    }
    if chance(10) { bytes.removeLast(number(0..<bytes.count + 1)) }
  }
}
