import JSON
import TestSupport
import Testing

/// Any text is refused with a place and a remedy, or read and written back the same.
@Suite struct JSONFuzz {
  private static let samples = [
    #"{"a": [1, -2.5e3, true, null, "x\u00e9\ud83c\udca1"], "b": {"c": [[], {}]}}"#,
    "[0.1, 1e999, 18446744073709551615, -9223372036854775808, \"\\\\\\\"\\/\\b\\f\\n\\r\\t\"]",
    "{\n  \"é\": \"🂡\",\n  \"deep\": [[[[[[{\"a\": {}}]]]]]]\n}\n",
  ]
  private static let words = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "true", "nul", "-", "0",
    "1e", "1E+9", ".5", "é", "\u{0}", "\n", "/*", "\"a\":", "99999999999999999999", "\u{feff}",
  ]

  @Test func changedTextsAreReadOrRefused() throws {
    try FuzzRound.run("JSONFuzz", usual: 1_500) { round in
      var bytes = Array(round.pick(Self.samples).utf8)
      round.rewrite(&bytes, with: Self.words)
      let value: JSONValue
      do throws(JSONError) { value = try JSONValue.parse(bytes) } catch {
        #expect(!error.message.isEmpty && !error.remedy.isEmpty, "\(round)")
        #expect(error.position.line >= 1 && error.position.column >= 1, "\(round)")
        return
      }
      for text in [value.text(), value.text(pretty: true)] {
        let again = try JSONValue.parse(text)
        #expect(again == value, "\(round)")
      }
    }
  }
}
