import JSON
import TestSupport
import Testing

@Suite struct JSONTests {
  private func check(
    _ text: String, refusedAs code: JSONError.Code, line: Int = 1, column: Int,
    _ words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: JSONError.self, sourceLocation: sourceLocation) {
      try JSONValue.parse(text)
    }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    #expect(
      error?.position == JSONPosition(line: line, column: column), sourceLocation: sourceLocation)
    #expect(
      error?.message.contains(words) == true, "\(error?.message ?? "")",
      sourceLocation: sourceLocation)
    #expect(error?.remedy.isEmpty == false, sourceLocation: sourceLocation)
  }

  @Test func keepsOrderTextAndPlace() throws {
    let value = try JSONValue.parse(
      """
      {"z": 1.50, "a": [true, null, "x"],
        "b": {"deep": -0}}
      """)
    #expect(value.members?.map(\.key) == ["z", "a", "b"])
    #expect(value["z"]?.numberText == "1.50")
    #expect(value["a"]?[2]?.string == "x")
    #expect(value["b"]?["deep"]?.position == JSONPosition(line: 2, column: 17))
    #expect(value.members?[2].keyPosition == JSONPosition(line: 2, column: 3))
    #expect(value.text() == #"{"z":1.50,"a":[true,null,"x"],"b":{"deep":-0}}"#)
  }

  @Test func prettyTextReadsBackTheSame() throws {
    let value: JSONValue = [
      "name": "a \"quoted\" \u{1}\n é 🂡", "list": [1, 2, 3], "none": [], "empty": [:],
      "nested": [["a": .double(0.1)], ["b": nil]], "big": .integer(UInt64.max),
      "nan": .double(.nan),
    ]
    #expect(try JSONValue.parse(value.text(pretty: true)) == value)
    #expect(try JSONValue.parse(value.text()) == value)
    #expect(
      value.text(pretty: true) == """
        {
          "name": "a \\"quoted\\" \\u0001\\n é 🂡",
          "list": [1, 2, 3],
          "none": [],
          "empty": {},
          "nested": [
            {
              "a": 0.1
            },
            {
              "b": null
            }
          ],
          "big": 18446744073709551615,
          "nan": null
        }
        """)
  }

  @Test func refusesWithPlaceAndRemedy() {
    check("", refusedAs: .syntax, column: 1, "the end of the text")
    check("{\"a\": 1,}", refusedAs: .syntax, column: 8, "',' stands before '}'")
    check("[1 2]", refusedAs: .syntax, column: 4, "expected ',' or ']', found '2'")
    check(
      "{\n  \"a\": 1,\n  \"a\": 2}", refusedAs: .duplicateKey, line: 3, column: 3,
      "\"a\" stands twice")
    check("{a: 1}", refusedAs: .syntax, column: 2, "a key in double quotes")
    check("[1] x", refusedAs: .syntax, column: 5, "behind the end")
    check("\"abc", refusedAs: .syntax, column: 1, "never closed")
    check("\"a\nb\"", refusedAs: .text, column: 3, "control character 10")
    check(#""\ud83c""#, refusedAs: .text, column: 2, "surrogate")
    check(#""\udca1\ud83c""#, refusedAs: .text, column: 2, "surrogate")
    check(#""\ud83cA""#, refusedAs: .text, column: 2, "surrogate")
    check(#""\u12x4""#, refusedAs: .text, column: 2, "four hexadecimal")
    check(#""\q""#, refusedAs: .text, column: 2, "does not exist")
    for number in ["01", "1.", "-", "1e", "1e+", ".5", "+1", "NaN", "0x10"] {
      #expect(throws: JSONError.self, "\(number)") { try JSONValue.parse(number) }
    }
    #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0xC3, 0x28, 0x22]) }
    #expect(throws: JSONError.self) { try JSONValue.parse([0xEF, 0xBB, 0xBF, 0x31]) }
    #expect(throws: JSONError.self) { try JSONValue.parse([0x22, 0xED, 0xA0, 0x80, 0x22]) }
  }

  @Test func readsSurrogatePairsAndEscapes() throws {
    #expect(try JSONValue.parse(#""\ud83c\udca1\u00e9\/\t""#).string == "🂡é/\t")
  }

  @Test func everythingHasALimit() throws {
    let bomb = String(repeating: "[", count: 200_000)
    #expect(try failure(bomb)?.code == .tooDeep)
    #expect(try failure(String(repeating: "{\"a\":", count: 100_000))?.code == .tooDeep)
    let nested = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(try failure(nested) == nil)
    #expect(try failure(String(repeating: " ", count: 1 << 20) + "1")?.code == .tooLarge)
    #expect(try failure(String(repeating: "9", count: 257))?.code == .number)
    let huge = try JSONValue.parse("[1e999999, 9223372036854775808, -9223372036854775808]")
    #expect(huge[0]?.double == nil && huge[0]?.numberText == "1e999999")
    #expect(huge[1]?.integer == nil && huge[2]?.integer == .min)
  }

  private func failure(_ text: String) throws -> JSONError? {
    do throws(JSONError) { _ = try JSONValue.parse(text) } catch { return error }
    return nil
  }

  @Test(arguments: 0..<4) func anyMutationIsReadOrRefused(_ seed: UInt64) throws {
    let whole = Array(
      #"{"a": [1, -2.5e3, true, null, "x\u00e9\ud83c\udca1"], "b": {"c": [[], {}]}}"#.utf8)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: bytes.remove(at: index)
        case 1: bytes.insert(whole[Int.random(in: 0..<whole.count, using: &random)], at: index)
        case 2: bytes.removeLast(bytes.count - index)
        default: bytes[index] = UInt8.random(in: 0...255, using: &random)
        }
      }
      guard let value = try? JSONValue.parse(bytes) else { continue }
      #expect(try JSONValue.parse(value.text()) == value)
      #expect(try JSONValue.parse(value.text(pretty: true)) == value)
    }
  }
}
