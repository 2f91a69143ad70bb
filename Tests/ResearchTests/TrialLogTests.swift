import Foundation
import JSON
import Market
import TestSupport
import Testing

@testable import Research

@Suite struct TrialLogTests {
  private func record(_ number: Int) -> TrialRecord {
    TrialRecord(
      number: number, point: SearchPoint([.integer(Int64(number)), .decimal(0.5)]),
      outcome: .success(
        TrialResult(
          currency: "USD", figures: .object([("sharpe_ratio", .double(1.5))]),
          times: [Timestamp(nanoseconds: 0), Timestamp(nanoseconds: 86_400_000_000_000)],
          equity: [100, 101.25])), seconds: 0.125)
  }

  private func failure(_ number: Int) -> TrialRecord {
    TrialRecord(
      number: number, point: SearchPoint([.integer(1), .word("a \"b\"\n")]),
      outcome: .failure(TrialFailure("it died: \"x\"\n\u{1}", status: 3)), seconds: 2)
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let fake = try FakeTrial()
    let records = [record(0), failure(1), record(2)]
    try {
      let log = try fake.log()
      for record in records { try log.append(record) }
    }()
    let log = try fake.log()
    #expect(log.records == records)
    #expect(log.tornBytes == 0)
  }

  @Test func aTornLastLineIsDroppedAndToldWhereverItWasCut() throws {
    let fake = try FakeTrial()
    try {
      let log = try fake.log()
      try log.append(record(0))
      try log.append(failure(1))
    }()
    let whole = try TemporaryDirectory.bytes(of: fake.trialsFile)
    let ends = whole.indices.filter { whole[$0] == 10 }
    for cut in stride(from: 1, to: whole.count, by: 3) {
      try TemporaryDirectory.write(fake.trialsFile, Array(whole[..<cut]))
      let log = try fake.log()
      let complete = ends.count { $0 < cut }
      let lastEnd = ends.last { $0 < cut }.map { $0 + 1 } ?? 0
      #expect(log.records.count == max(0, complete - 1), "cut at \(cut)")
      #expect(log.tornBytes == cut - lastEnd, "cut at \(cut)")
    }
    // And what follows stands on a line of its own.
    try {
      let log = try fake.log()
      try log.append(record(7))
    }()
    #expect(try fake.log().records.last == record(7))
  }

  @Test func aLineThatIsNoTrialIsNamed() throws {
    let fake = try FakeTrial()
    try {
      let log = try fake.log()
      try log.append(record(0))
      try log.append(record(1))
    }()
    let lines = try fake.lines()
    for damage in [
      "{", "{}", "null", lines[1].replacing("\"finished\"", with: "\"done\""),
      lines[1].replacing("a.x", with: "a.z"), lines[1].replacing("101.25", with: "null"),
      lines[1].replacing("\"trial\":0", with: "\"trial\":-1"),
    ] {
      let text = [lines[0], damage, lines[2]].joined(separator: "\n") + "\n"
      try TemporaryDirectory.write(fake.trialsFile, Array(text.utf8))
      let error = try #require(throws: ResearchError.self) { try fake.log() }
      #expect(error.code == .damaged && error.message == "line 2 is no trial of this search")
    }
  }

  @Test func anotherSearchFindsTheDirectoryOccupied() throws {
    let fake = try FakeTrial()
    let header = SearchHeader(
      kind: "sweep",
      facts: [
        .init("the configuration", "aa", isHash: true), .init("--seed", "1"),
        .init("--events", "100"),
      ])
    _ = try fake.log(header)
    func refusal(_ kind: String, _ facts: [SearchHeader.Fact]) throws -> String {
      let error = try #require(throws: ResearchError.self) {
        try fake.log(SearchHeader(kind: kind, facts: facts))
      }
      #expect(error.code == .occupied)
      return error.message
    }
    #expect(
      try refusal(
        "sweep", [.init("the configuration", "ab", isHash: true), .init("--seed", "2")])
        == "it holds another search: the configuration changed since; --seed was 1, now 2; "
        + "--events was 100, now not given")
    #expect(
      try refusal("sweep", header.facts + [.init("--to", "9")])
        == "it holds another search: --to was not given, now 9")
    #expect(
      try refusal("walkforward", header.facts)
        == "it holds another search: it holds a sweep, not a walkforward")
    _ = try fake.log(header)
  }

  @Test func aTamperedHeaderIsRefused() throws {
    let fake = try FakeTrial()
    _ = try fake.log()
    let line = try fake.lines()[0]
    let hash = try #require(try JSONValue.parse(line)["hash"]?.string)
    for (damage, message) in [
      (line.replacing("\"value\":\"1\"", with: "\"value\":\"2\""), "its header was changed"),
      (line.replacing(hash, with: String(hash.reversed())), "its header was changed"),
      (line.replacing("\"isHash\":false", with: "\"isHash\":0"), "its header was changed"),
      (line + " ", "its header was changed"),
      (
        line.replacing("\"format\":1", with: "\"format\":2"),
        "it was written by another version of keel"
      ),
      ("hello", "its first line is no header of a search"),
      ("{}", "its first line is no header of a search"),
    ] {
      #expect(damage != line)
      try TemporaryDirectory.write(fake.trialsFile, Array((damage + "\n").utf8))
      let error = try #require(throws: ResearchError.self) { try fake.log() }
      #expect(error.code == .damaged && error.message == message, "\(damage)")
    }
    // Nor is a file of somebody else overwritten.
    try TemporaryDirectory.write(fake.trialsFile, Array("mine".utf8))
    #expect(throws: ResearchError.self) { try fake.log() }
    #expect(try TemporaryDirectory.bytes(of: fake.trialsFile) == Array("mine".utf8))
  }

  @Test func oneSearchAtATimeHoldsADirectory() throws {
    let fake = try FakeTrial()
    let log = try fake.log()
    let error = try #require(throws: ResearchError.self) { try fake.log() }
    #expect(error.message == "another search is writing to it")
    withExtendedLifetime(log) {}
  }

  @Test func aPlaceThatIsNoDirectoryIsRefused() throws {
    let folder = TemporaryDirectory()
    try folder.write("file", [1])
    for path in [folder.file("file"), folder.file("file/below"), ""] {
      #expect(throws: ResearchError.self, "\(path)") {
        try TrialLog(directory: path, header: FakeTrial.header, parameters: [])
      }
    }
    _ = try TrialLog(
      directory: folder.file("a/b/c"), header: FakeTrial.header, parameters: [])
  }

  @Test func aFingerprintSeesEveryByteOfASmallFileAndTheEndsOfALargeOne() throws {
    let folder = TemporaryDirectory()
    let path = try folder.write("data", [1, 2, 3])
    let first = try Fingerprint.file(path)
    #expect(try Fingerprint.file(path) == first)
    try folder.write("data", [1, 2, 4])
    #expect(try Fingerprint.file(path) != first)
    var large = [UInt8](repeating: 7, count: (16 << 20) + 100)
    let whole = try Fingerprint.file(try folder.write("large", large))
    for place in [0, large.count - 1] {
      large[place] = 8
      #expect(try Fingerprint.file(try folder.write("large", large)) != whole)
      large[place] = 7
    }
    #expect(try Fingerprint.file(try folder.write("large", large)) == whole)
    #expect(throws: ResearchError.self) { try Fingerprint.file(folder.file("none")) }
    #expect(throws: ResearchError.self) { try Fingerprint.file(folder.path) }
  }

  @Test func aWholeFileReplacesTheOldOne() throws {
    let folder = TemporaryDirectory()
    let path = folder.file("report.html")
    try WholeFile.write(path, "one")
    try WholeFile.write(path, "two")
    #expect(try TemporaryDirectory.bytes(of: path) == Array("two".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["report.html"])
    #expect(throws: ResearchError.self) { try WholeFile.write(folder.file("no/report"), "x") }
  }
}
