import Configuration
import JSON
import TestSupport
import Testing

/// Changed configurations: every defect has a place and a remedy; what is accepted means the same
/// when it is read again.
@Suite struct ConfigurationFuzz {
  private static let words = [
    "{", "}", "[", "]", ",", ":", "null", "true", "-1", "0", "1e9", "0.5", "99999999999999999999",
    "\"\"", "\"1e-2\"", "\"-0.01\"", "\"0.00000000000000001\"", "\"9223372036854775808\"",
    "\"sim\"", "\"BTCUSDT\"", "\"momentum\"", "\"tick\"", "\"venue\": \"sim\",",
    "\"session\": {\"start\": \"9999-12-31T23:59:59Z\"},", "\"risk\": {\"preset\": \"research\"},",
    "\"plugins\": {\"directories\": [\"\"]},", "é", "\\u0000",
  ]

  @Test func changedConfigurationsAreReadOrRefused() throws {
    let whole = Array(SampleConfiguration.text.utf8)
    var accepted = 0
    try FuzzRound.run("ConfigurationFuzz", usual: 200, share: 4) { round in
      var bytes = whole
      if round.chance(3) { round.rewrite(&bytes, with: Self.words) } else { edit(&bytes, &round) }
      let text = String(decoding: bytes, as: UTF8.self)
      do throws(ConfigurationErrors) {
        let first = try Configuration.parse(text: text, file: "dir/strategies.json")
        let again = try Configuration.parse(
          text: first.canonicalText, file: "dir/strategies.json")
        #expect(again.canonicalText == first.canonicalText, "\(round)")
        accepted += 1
      } catch {
        #expect(!error.errors.isEmpty, "\(round)")
        #expect(error.errors.allSatisfy { !$0.description.isEmpty }, "\(round)")
      }
    }
    #expect(accepted > 0)
  }

  /// Keeps it JSON: one scalar becomes another, so that the rules behind the syntax are reached.
  private func edit(_ bytes: inout [UInt8], _ round: inout FuzzRound) {
    var quotes = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\"") }
    if quotes.count % 2 != 0 { quotes.removeLast() }
    for _ in 0..<round.number(1..<3) {
      let pair = round.number(0..<quotes.count / 2) * 2
      let scalars = Self.words.filter { (try? JSONValue.parse($0)) != nil }
      bytes.replaceSubrange(quotes[pair]...quotes[pair + 1], with: round.pick(scalars).utf8)
      quotes = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\"") }
      if quotes.count % 2 != 0 { quotes.removeLast() }
    }
  }
}
