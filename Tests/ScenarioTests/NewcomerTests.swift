import Foundation
import JSON
import PluginABI
import PluginBridge
import PluginHost
import Storage
import TestSupport
import Testing

@testable import Sessions

/// Does what README.md says, word for word: its strategy, its configuration, its commands.
@Suite(.serialized) struct NewcomerTests {
  private let readme: ReadmeText

  init() throws { readme = try ReadmeText() }

  /// The README's strategy and a later build of it, made once.
  private static let builds = Result { () throws -> (first: String, second: String) in
    let source = try ReadmeText().block("swift", with: "struct Breakout")
    let later = source.replacingOccurrences(of: "\"1.0.0\"", with: "\"1.1.0\"")
    try #require(later != source, "the README's strategy has version 1.0.0")
    return (try build(source, "breakout"), try build(later, "breakout_later"))
  }

  /// By the script that the README names. Other tests use the SDK's usual place in `.build`.
  private static func build(_ source: String, _ name: String) throws -> String {
    let root = CPluginCompiler.root
    let folder = "\(root)/.build/newcomer"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try source.write(toFile: "\(folder)/\(name).swift", atomically: true, encoding: .utf8)
    try ToolRun.require([
      "KEEL_SDK_CACHE=\(folder)/sdk", "\(root)/PluginAPI/build-plugin", "-o",
      "\(folder)/\(name).so", "\(folder)/\(name).swift",
    ])
    return "\(folder)/\(name).so"
  }

  /// A bar a second, so that ten of them pass quickly.
  private static func quickBars(_ text: inout String) {
    text = text.replacingOccurrences(
      of: "\"tradeEvery\"", with: "\"barSeconds\": 1, \"tradeEvery\"")
  }

  private func place(_ build: String, as name: String, in fixture: SessionFixture) throws {
    let path = fixture.folder.file("plugins/\(name)")
    try FileManager.default.copyItem(atPath: build, toPath: path + ".new")
    try #require(rename(path + ".new", path) == 0)
  }

  /// The README's entry behind the strategies that are there.
  private func configure(_ fixture: SessionFixture) throws {
    let entry = try readme.block("json", with: "com.example.breakout")
    let text = fixture.configurationText { text in
      Self.quickBars(&text)
      let last = "{ \"name\": \"watch\""
      text = text.replacingOccurrences(of: last, with: "\(entry),\n\(last)")
    }
    try #require(text.contains("com.example.breakout"))
    try fixture.folder.write("strategies.json", Array(text.utf8))
  }

  @Test func everyStepOfTheReadmeWorks() throws {
    let fixture = try SessionFixture()
    let builds = try Self.builds.get()
    try place(builds.first, as: "breakout.so", in: fixture)
    let info = try SpawnedKeel.run(try readme.command("plugin info"), in: fixture.folder)
    #expect(info.status == 0 && info.output.contains("length"), "\(info.errors)")

    for step in ["pack", "keygen", "sign", "trust add", "verify", "install"] {
      // Nobody is there to be asked.
      let words = try readme.command("plugin \(step)") + (step == "install" ? ["--yes"] : [])
      let answer = try SpawnedKeel.run(words, in: fixture.folder)
      #expect(answer.status == 0, "\(words): \(answer.output)\(answer.errors)")
    }

    try configure(fixture)
    let check = try SpawnedKeel.run(try readme.command("config check"), in: fixture.folder)
    #expect(check.status == 0, "\(check.errors)")
    var backtest = try readme.command("backtest --events")
    backtest[try #require(backtest.firstIndex(of: "--events")) + 1] = "1000"
    let tested = try SpawnedKeel.run(backtest, in: fixture.folder)
    #expect(tested.status == 0 && tested.output.contains("breakout 1.0.0"), "\(tested.errors)")

    var generate = try readme.command("data generate day")
    generate[try #require(generate.firstIndex(of: "--events")) + 1] = "3000"
    for words in [
      generate, try readme.command("data check"), try readme.command("backtest --tape"),
    ] {
      let answer = try SpawnedKeel.run(words, in: fixture.folder)
      #expect(answer.status == 0, "\(words): \(answer.output)\(answer.errors)")
    }
    #expect(FileManager.default.fileExists(atPath: fixture.folder.file("report/report.html")))

    var pace = try readme.command("paper")
    pace[try #require(pace.firstIndex(of: "--speed")) + 1] = "40"
    let paper = try PaperKeel(pace, fixture: fixture)
    func keel(_ words: [String]) throws -> SpawnedKeel.Outcome {
      try SpawnedKeel.run(words, in: fixture.folder)
    }
    let status = try keel(try readme.command("status"))
    #expect(status.status == 0 && status.output.contains("mine"), "\(status.errors)")

    // Built again to the same file.
    try place(builds.second, as: "breakout.so", in: fixture)
    let swap = try keel(try readme.command("swap mine"))
    #expect(swap.status == 0, "\(swap.output)\(swap.errors)")
    #expect(try paper.slot("mine")?["version"]?.string == "1.1.0")
    let rollback = try keel(try readme.command("rollback mine"))
    #expect(rollback.status == 0, "\(rollback.errors)")
    try paper.until("the first build decides again") {
      try paper.slot("mine")?["version"]?.string == "1.0.0"
    }

    let other = try keel(try readme.command("swap trend"))
    #expect(other.status == 0, "\(other.output)\(other.errors)")
    let trend = try paper.slot("trend")
    #expect(trend?["plugin"]?.string == "com.example.breakout")
    let orders = trend?["orders"]?.integer ?? 0
    try paper.until("the new code of trend orders") {
      try paper.slot("trend")?["orders"]?.integer ?? 0 > orders
    }

    #expect(try keel(try readme.command("stop")).status == 0)
    let end = try paper.keel.wait()
    #expect(end.status == 0, "\(end.errors)")
    for command in ["verify", "replay"] {
      let answer = try keel(["journal", command, "run.journal"])
      #expect(answer.status == 0, "\(command): \(answer.errors)")
    }
  }

  /// A slot that was started with quotes alone: what its new code asks for, it is given.
  @Test func codeThatLivesOnBarsIsGivenBars() throws {
    let fixture = try SessionFixture()
    let journal = fixture.journalPath()
    let session = try fixture.session(journal: journal, Self.quickBars)
    try session.run(turns: 100)
    var options = SwapOptions.brief()
    options.parameters = [("length", .integer(10))]
    let report = try session.swap("trend", to: try Self.builds.get().first, options)
    #expect(report.outcome == .confirmed)
    try session.run(turns: 4_000)
    let generation = session.generation(of: "trend")
    try session.finish()
    #expect(fixture.errors == [])
    // It acts in onBar alone.
    var approved = 0
    var reader = try JournalReader(directory: journal)
    while let record = try reader.next() {
      guard record.type == KEEL_REC_DECISION, record.source == session.number(of: "trend"),
        let decision = record.cast(to: keel_rec_decision.self)?.pointee
      else { continue }
      if decision.generation == generation, decision.approved == 1 { approved += 1 }
    }
    #expect(generation == 2 && approved > 3, "\(approved) orders of the new code")
    try JournalFacts.expectReplay(journal)
  }
}
