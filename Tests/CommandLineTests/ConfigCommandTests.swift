import Foundation
import JSON
import Testing

@testable import keel

@Suite struct ConfigCommandTests {
  private func run(_ words: [String]) -> (code: ExitCode, answer: String, errors: String) {
    var code = ExitCode.ok
    let result = SampleProgram.result { output in
      code = Program(root: .keel, output: output, environment: [:]).run(words)
    }
    return (code, result.answer, result.errors)
  }

  private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result
  {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "keel-\(UUID().uuidString).json").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  private var sample: String {
    let top = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return top.appending(path: "strategies.json").path
  }

  @Test func theSampleIsValid() {
    let text = run(["config", "check", sample])
    #expect(text.code == .ok)
    #expect(text.answer.contains("is valid: 2 strategies"))
    #expect(
      run(["config", "check", "--config", sample, "--json"]).answer.contains(#""isValid":true"#))
  }

  @Test func defectsAreAllReportedWithTheirLines() throws {
    try withFile("{\n  \"sesion\": {},\n  \"risk\": 3\n}\n") { path in
      let text = run(["config", "check", path])
      #expect(text.code == .configuration)
      #expect(text.answer.isEmpty)
      #expect(text.errors.contains("  line 2: sesion: "))
      #expect(text.errors.contains("  line 3: risk: "))
      let json = run(["config", "check", path, "--json"])
      let value = try JSONSerialization.jsonObject(with: Data(json.answer.utf8)) as? [String: Any]
      let error = try #require(value?["error"] as? [String: Any])
      #expect(error["exitCode"] as? Int == 3)
      let details = try #require(error["details"] as? [[String: Any]])
      #expect(details.contains { $0["path"] as? String == "risk" && $0["line"] as? Int == 3 })
    }
  }

  @Test func aMissingFileIsNamed() {
    let result = run(["config", "check", "/no/such/strategies.json"])
    #expect(result.code == .configuration)
    #expect(result.errors.hasPrefix("keel: error: /no/such/strategies.json: 1 defect\n"))
  }

  @Test func theSchemaIsJSON() throws {
    let result = run(["config", "schema"])
    #expect(result.code == .ok)
    _ = try JSONSerialization.jsonObject(with: Data(result.answer.utf8))
  }
}
