import Foundation
import JSON
import TestSupport
import Testing

/// `keel sweep` and `keel walkforward` as somebody types them, over a small tape.
@Suite struct SweepCommandTests {
  private let fixture: SessionFixture
  private static let parameters = [
    "--param", "trend.fast=2:4", "--param", "trend.slow=6,9", "--where", "trend.fast<trend.slow",
  ]

  init() throws {
    fixture = try SessionFixture()
    let made = try SpawnedKeel.run(
      ["data", "generate", "day.tape", "--events", "6000"], in: fixture.folder)
    try #require(made.status == 0, "\(made.errors)")
  }

  private func run(_ words: [String]) throws -> SpawnedKeel.Outcome {
    try SpawnedKeel(words, in: fixture.folder).wait(seconds: 120)
  }

  private func sweep(_ further: [String]) throws -> SpawnedKeel.Outcome {
    try run(["sweep", "--tape", "day.tape", "-o", "out"] + Self.parameters + further)
  }

  private func text(_ file: String) throws -> String {
    String(decoding: try TemporaryDirectory.bytes(of: fixture.folder.file(file)), as: UTF8.self)
  }

  @Test func aSweepTriesEveryPointAndSaysWhatTheBestIsWorth() throws {
    let answer = try sweep(["--json", "--objective", "totalReturn", "--jobs", "2"])
    #expect(answer.status == 0, "\(answer.errors)")
    let found = try answer.json
    #expect(found["trials"]?["finished"]?.integer == 6)
    let best = try #require(found["best"]?.elements)
    #expect(best.count == 6)
    let values = best.compactMap { $0["value"]?.double }
    #expect(values == values.sorted(by: >))
    // Other parameters trade otherwise: the points really were set.
    #expect(Set(values).count > 1)
    // A trial alone says the same.
    let point = try #require(best[0]["parameters"]?.members)
    let alone = try run(
      ["backtest", "--tape", "day.tape", "--json"]
        + point.flatMap { ["--set", "\($0.key)=\($0.value.numberText ?? "")"] })
    #expect(try alone.json["summary"]?["total_return"]?.double == values[0])
    #expect(try text("out/trials.ndjson").split(separator: "\n").count == 7)
    #expect(try text("out/results.csv").split(separator: "\r\n").count == 7)
    let page = try text("out/report.html")
    #expect(page.contains("Best trials by total_return"))
    let trades = try #require(best[0]["trades"]?.integer)
    #expect(page.contains("<span>Trades</span><strong class=\"\">\(trades)</strong>"))

    // The same again runs nothing, and says the same.
    let again = try sweep(["--json", "--objective", "totalReturn", "--jobs", "1"])
    #expect(try again.json["resumed"]?.integer == 6)
    #expect(try again.json["best"] == found["best"])

    // In words: a table, a map, and what it is worth.
    let said = try sweep([])
    #expect(said.errors.contains("6 trials done before"))
    for part in ["TRIAL", "trend.fast", "SHARPE_RATIO", "neighbours", "overfitting", "deflated"] {
      #expect(said.output.contains(part), "\(part)")
    }
    #expect(said.output.contains("sharpe_ratio by trend.fast (down) and trend.slow (across)"))
  }

  @Test func anotherSearchIsRefusedInTheSameDirectory() throws {
    #expect(try sweep([]).status == 0)
    let other = try sweep(["--param", "trend.quantity=0.01,0.02"])
    #expect(other.status == 1)
    #expect(
      other.errors.contains(
        "it holds another search: --param trend.quantity was not given, now 0.01,0.02"))
    try FileManager.default.removeItem(atPath: fixture.folder.file("day.tape"))
    let made = try run(["data", "generate", "day.tape", "--events", "5000"])
    try #require(made.status == 0)
    let changed = try sweep([])
    #expect(changed.errors.contains("it holds another search: tape 1 changed since"))
  }

  @Test func aLibraryThatNoSlotRunsDoesNotMakeItAnotherSearch() throws {
    let further = fixture.folder.file("further")
    try FileManager.default.createDirectory(atPath: further, withIntermediateDirectories: true)
    let text = fixture.configurationText { text in
      text = text.replacingOccurrences(
        of: "[\"plugins\"]", with: "[\"plugins\", \"\(further)\"]")
    }
    try fixture.folder.write("more.json", Array(text.utf8))
    #expect(try sweep(["--config", "more.json"]).status == 0)
    try FileManager.default.copyItem(
      atPath: CPluginCompiler.compile("Plugins/Strategies/MeanReversion/mean_reversion.c"),
      toPath: further + "/other.so")
    let again = try sweep(["--config", "more.json", "--json"])
    #expect(try again.status == 0 && again.json["resumed"]?.integer == 6, "\(again.errors)")
  }

  @Test func aKilledSweepGoesOnWhereItStopped() throws {
    let words =
      ["sweep", "--tape", "day.tape", "-o", "out", "--jobs", "1", "--param", "trend.fast=2:5"]
      + ["--param", "trend.slow=6:11"]
    func lines() -> Int {
      ((try? text("out/trials.ndjson")) ?? "").split(separator: "\n").count
    }
    for signal in [SIGKILL, SIGINT] {
      let keel = try SpawnedKeel(words, in: fixture.folder)
      let before = lines()
      let deadline = Date(timeIntervalSinceNow: 60)
      while lines() < before + 3, keel.isRunning, Date() < deadline { usleep(2_000) }
      keel.send(signal: signal)
      let ended = try keel.wait()
      if signal == SIGINT {
        #expect(ended.status == 1)
        #expect(ended.errors.contains("of 24 trials, which are kept"))
        #expect(ended.errors.contains("Go on with the same command"))
      }
    }
    let done = lines() - 1
    #expect(done >= 4 && done < 24)
    let whole = try run(words + ["--json"])
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(try whole.json["resumed"]?.integer == Int64(done))
    #expect(try whole.json["trials"]?["finished"]?.integer == 24)
    #expect(lines() == 25)
  }

  @Test func aSweepWhoseTrialsAllFailFails() throws {
    let words = ["sweep", "--tape", "day.tape", "-o", "out", "--param", "trend.fast=10001:10003"]
    let failed = try run(words)
    #expect(failed.status == 1)
    #expect(failed.errors.contains("all 3 trials failed"))
    #expect(failed.errors.contains("fast"), "\(failed.errors)")
  }

  @Test(arguments: [
    ("--param nobody.fast=1:3", 2, "there is no 'nobody'"),
    ("--param trend.fsat=1:3", 2, "has no parameter 'fsat'"),
    ("--param trend.fast=1:3 --set trend.slwo=9", 2, "has no parameter 'slwo'"),
    ("--param trend.fast", 2, "names no values"),
    ("", 2, "no parameter is searched"),
    ("--param trend.fast=1:3 --where trend.fats<2", 2, "no --param is named trend.fats"),
    ("--param trend.fast=1:3 --objective joy", 2, "there is no figure \"joy\""),
    ("--param trend.fast=1:3 --trials 2", 2, "a grid is tried whole"),
    ("--param trend.fast=1:3 --set trend.fast=2", 2, "trend.fast is searched"),
    ("--param trend.fast=1:3 --timeout soon", 2, "'soon' is no length of time"),
    ("--param trend.fast=1:3 --tape none.tape", 1, "none.tape"),
    ("--param trend.fast=1:3 --config none.json", 3, "none.json"),
    ("--param trend.fast=1:3 -o strategies.json", 1, "strategies.json"),
  ])
  func nonsenseIsRefusedBeforeAnythingRuns(words: String, status: Int32, message: String) throws {
    let words = words.split(separator: " ").map(String.init)
    let place = words.contains("-o") ? [] : ["-o", "out"]
    let answer = try run(["sweep"] + place + words)
    #expect(answer.status == status, "\(answer.errors)")
    #expect(answer.errors.contains(message), "\(answer.errors)")
    #expect(!FileManager.default.fileExists(atPath: fixture.folder.file("out/trials.ndjson")))
  }

  @Test func aWalkForwardFitsAndTradesWhatFollows() throws {
    let words =
      ["walkforward", "--tape", "day.tape", "--fit", "90s", "--test", "45s", "--purge", "5s"]
      + ["--embargo", "5s", "-o", "forward", "--objective", "total_return"] + Self.parameters
    let answer = try run(words + ["--json"])
    #expect(answer.status == 0, "\(answer.errors)")
    let found = try answer.json
    let segments = try #require(found["segments"]?.elements)
    #expect(segments.count >= 3)
    #expect(segments.allSatisfy { $0["traded"]?.double != nil })
    // Chained: what all tests leave together is the product of what each leaves.
    let product = segments.compactMap { $0["test_return"]?.double }.reduce(1) { $0 * (1 + $1) }
    let whole = try #require(found["summary"]?["total_return"]?.double)
    #expect(abs(product - 1 - whole) < 1e-9)
    #expect(try text("forward/report.html").contains("Walk forward"))
    let lines = try text("forward/trials.ndjson").split(separator: "\n").count
    #expect(lines == segments.count + 1)
    let again = try run(words)
    #expect(again.status == 0)
    #expect(again.output.contains("SEGMENT") && again.output.contains("efficiency"))
    #expect(try text("forward/trials.ndjson").split(separator: "\n").count == lines)
    let without = try run(
      ["walkforward", "--fit", "2m", "--test", "1m", "-o", "other"] + Self.parameters)
    #expect(without.status == 2 && without.errors.contains("Name a tape"))
  }
}
