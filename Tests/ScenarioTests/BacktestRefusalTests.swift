import Foundation
import Glibc
import JSON
import TestSupport
import Testing

/// What a backtest does not do in silence: data that is damaged or there twice, what would change
/// nothing, what the venue refuses, and an end before the end.
@Suite struct BacktestRefusalTests {
  private let fixture: BacktestFixture
  private var folder: TemporaryDirectory { fixture.folder }

  init() throws { fixture = try BacktestFixture() }

  private func refused(
    _ arguments: [String], status: Int32 = 2, saying words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try SpawnedKeel.run(["backtest", "--paths", "0"] + arguments, in: folder)
    #expect(
      run.status == status && (words.isEmpty || run.errors.contains(words)),
      "\(run.status): \(run.errors)",
      sourceLocation: sourceLocation)
  }

  // MARK: data

  /// Opening looks at the first block and the last; the run finds what is between them.
  @Test func aDamagedBlockEndsTheRunWhereItBegins() throws {
    try fixture.write(BacktestFixture.rows(4_000), to: "bars.tape")
    var bytes = try TemporaryDirectory.bytes(of: folder.file("bars.tape"))
    bytes[bytes.count / 2] ^= 1
    try folder.write("bad.tape", bytes)
    try refused(["--tape", "bars.tape"], status: 0, saying: "")
    try refused(["--tape", "bad.tape"], status: 1, saying: "is damaged: the checksum")
    let run = try fixture.keel("backtest", "--tape", "bad.tape", "--output", "out")
    #expect(run.errors.contains("block ") && run.errors.contains("at byte "), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    // What is not read is not looked at.
    try refused(
      ["--tape", "bad.tape", "--to", "2020-01-01T03:00:00Z"], status: 0, saying: "")
  }

  @Test func oneTapeTwiceIsRefused() throws {
    try fixture.write(BacktestFixture.rows(300), to: "bars.tape")
    try FileManager.default.copyItem(
      atPath: folder.file("bars.tape"), toPath: folder.file("copy.tape"))
    try FileManager.default.linkItem(
      atPath: folder.file("bars.tape"), toPath: folder.file("link.tape"))
    for other in ["bars.tape", "./bars.tape", "copy.tape", "link.tape"] {
      try refused(
        ["--tape", "bars.tape", "--tape", other], saying: "the same records as bars.tape")
    }
    // Another hour of the same instrument is another tape.
    try fixture.write(BacktestFixture.rows(301), to: "longer.tape")
    try refused(["--tape", "bars.tape", "--tape", "longer.tape"], status: 0, saying: "")
  }

  @Test func anEmptySpanIsRefused() throws {
    try fixture.write(BacktestFixture.rows(100), to: "bars.tape")
    for to in ["2020-01-01T00:30:00Z", "2020-01-01T00:10:00Z"] {
      try refused(
        ["--tape", "bars.tape", "--from", "2020-01-01T00:30:00Z", "--to", to],
        saying: "is not after --from")
    }
  }

  // MARK: scenarios

  @Test func aScenarioThatChangesNothingIsRefused() throws {
    try fixture.write(BacktestFixture.rows(600), to: "bars.tape")
    for (scenario, words) in [
      ("crash:at=2019-12-31T00:00:00Z", "the data is from 2020-01-01T00:01:00"),
      ("gap:at=2020-01-02T00:00:00Z", "Name a time within the data"),
      ("outage:size=0.5", "the scenario outage has no 'size'"),
      ("illiquidity:recovery=1h", "the scenario illiquidity has no 'recovery'"),
      ("crash:size=-0.2", "between 0 and 0.99"),
      ("illiquidity", "barVolumeShare"),
    ] {
      try refused(["--tape", "bars.tape", "--scenario", scenario], saying: words)
    }
  }

  /// A tenth of a bar's volume may be filled: ten thousand, and in the dry hours a thousand.
  @Test func illiquidityBindsBarsByTheirVolume() throws {
    try fixture.configure(
      parameters: #""fast": 10, "slow": 50, "quantity": 5000.0"#,
      venue: #""fills": { "barVolumeShare": "0.1" }"#, balance: "10000000000")
    try fixture.write(BacktestFixture.rows(1_000), to: "bars.tape")
    func quantities(_ arguments: String...) throws -> Set<Substring> {
      let name = "out\(arguments.count)"
      try refused(
        ["--tape", "bars.tape", "--output", name] + arguments, status: 0, saying: "")
      return Set(
        try fixture.lines("\(name)/fills.csv").map {
          $0.split(separator: ",", omittingEmptySubsequences: false)[6]
        })
    }
    #expect(try quantities() == ["5000"])
    #expect(
      try quantities("--scenario", "illiquidity:size=0.9,length=6h").isSuperset(
        of: ["5000", "1000"]))
  }

  // MARK: the venue

  @Test func whatTheVenueRejectsIsShownApart() throws {
    try fixture.configure(venue: #""latencyMilliseconds": 1000, "faults": { "rejects": "1" }"#)
    try fixture.write(BacktestFixture.rows(300), to: "bars.tape")
    let run = try fixture.keel(
      "backtest", "--tape", "bars.tape", "--output", "out", "--paths", "0")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("REJECTED") && run.output.contains("rejected by the venue: "))
    let answer = try fixture.keel("backtest", "--tape", "bars.tape", "--json", "--paths", "0").json
    let slot = try #require(answer["session"]?["slots"]?.elements?.first)
    let orders = try #require(slot["orders"]?.integer)
    #expect(orders > 3 && slot["rejections"]?.integer == orders && slot["refusals"]?.integer == 0)
    #expect(slot["rejectionReasons"]?["venue"]?.integer == orders)
    // Each with its reason in words, when it was sent and when it ended.
    for row in try fixture.lines("out/orders.csv") {
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      #expect(fields.last == "venue" && fields[0] < fields[1], "\(row)")
    }
  }

  /// Half of all commands never arrive. Nobody limits how long an answer may take: the host asks
  /// all the same.
  @Test func anOrderThatWasLostIsAskedAbout() throws {
    try fixture.configure(venue: #""faults": { "losses": "0.5" }"#)
    try fixture.write(BacktestFixture.rows(1_000), to: "bars.tape")
    let run = try fixture.keel(
      "backtest", "--tape", "bars.tape", "--journal", "run.journal", "--json", "--paths", "0")
    #expect(run.status == 0, "\(run.errors)")
    let asked = try fixture.keel("journal", "dump", "run.journal", "--type", "query").output
    #expect(asked.split(separator: "\n").count > 3)
    let slot = try #require(try run.json["session"]?["slots"]?.elements?.first)
    #expect(slot["rejectionReasons"]?["notFound"]?.integer ?? 0 > 0, "\(slot.text())")
    #expect(try #require(slot["fills"]?.integer) > 3)
  }

  // MARK: options and signals

  @Test func aCheckForLookAheadTakesNothingOfOneRun() throws {
    try fixture.write(BacktestFixture.rows(400), to: "bars.tape")
    for (option, value) in [
      ("--output", "out"), ("-o", "out"), ("--journal", "run.journal"), ("--scenario", "crash"),
      ("--record", "new.tape"),
    ] {
      try refused(
        ["--tape", "bars.tape", "--check-lookahead", option, value],
        saying: "--check-lookahead makes several")
    }
    let run = try fixture.keel("backtest", "--tape", "bars.tape", "--check-lookahead")
    #expect(run.status == 0)
    #expect(run.errors.split(separator: "every limit is off").count == 2, "\(run.errors)")
  }

  @Test func anInterruptedRunLeavesWholeFilesAndSaysSo() throws {
    try fixture.write(BacktestFixture.rows(300_000), to: "bars.tape")
    let keel = try SpawnedKeel(
      ["backtest", "--tape", "bars.tape", "--output", "out", "--paths", "0"], in: folder)
    let deadline = Date(timeIntervalSinceNow: 20)
    while (try? fixture.lines("out/fills.csv").count) ?? 0 < 5 {
      try #require(Date() < deadline && keel.isRunning, "it was over too soon")
      usleep(5_000)
    }
    keel.send(signal: SIGINT)
    let run = try keel.wait()
    #expect(run.status == 130 && run.errors.contains("interrupted before the data's end"))
    let report = try String(contentsOfFile: folder.file("out/report.json"), encoding: .utf8)
    #expect(try JSONValue.parse(report)["facts"]?.text().contains("interrupted") == true)
    for name in ["report.html", "equity.csv", "trades.csv", "orders.csv"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("out/\(name)")), "\(name)")
    }
  }
}
