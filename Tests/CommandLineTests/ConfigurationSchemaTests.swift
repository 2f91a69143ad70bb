import Configuration
import Glibc
import JSON
import Testing

@Suite struct ConfigurationSchemaTests {
  static let file = "Host/Runs/Configuration/strategies.schema.json"

  /// KEEL_WRITE_SCHEMA=1 swift test --filter ConfigurationSchemaTests writes the file anew.
  @Test func thePublishedFileIsWhatValidates() throws {
    if getenv("KEEL_WRITE_SCHEMA") != nil {
      let stream = try #require(fopen(Self.file, "w"))
      fputs(Configuration.schema, stream)
      fclose(stream)
    }
    let stream = try #require(fopen(Self.file, "r"))
    defer { fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, stream)
    let published = String(decoding: bytes.prefix(count), as: UTF8.self)
    #expect(
      published == Configuration.schema,
      "regenerate: KEEL_WRITE_SCHEMA=1 swift test --filter ConfigurationSchemaTests")
  }

  @Test func describesEveryObjectStrictly() throws {
    let schema = try JSONValue.parse(Configuration.schema)
    #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
    #expect(schema["additionalProperties"]?.bool == false)
    #expect(
      schema["required"]?.elements?.compactMap(\.string) == ["instruments", "venues", "account"])
    let instrument = schema["properties"]?["instruments"]?["items"]
    #expect(
      instrument?["properties"]?["tick"]?["pattern"]?.string
        == "^[0-9]{1,34}(\\.[0-9]{1,12})?$")
    let preset = schema["properties"]?["risk"]?["properties"]?["preset"]
    #expect(
      preset?["enum"]?.elements?.compactMap(\.string) == [
        "research", "systematic", "institutional", "trend",
      ])
    #expect(preset?["default"]?.string == "systematic")
    func check(_ value: JSONValue, _ path: String) {
      for member in value["properties"]?.members ?? [] {
        #expect(member.value["description"]?.string?.isEmpty == false, "\(path).\(member.key)")
        check(member.value, "\(path).\(member.key)")
        if let items = member.value["items"] { check(items, "\(path).\(member.key)[]") }
      }
    }
    check(schema, "")
  }
}
