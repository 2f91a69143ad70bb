import TestSupport
import Testing

@testable import keel

/// Any words are a run, a manual or a mistake that is named; nothing is run here.
@Suite struct ArgumentFuzz {
  private static let words = [
    "backtest", "paper", "status", "swap", "rollback", "stop", "risk", "set", "halt", "kill",
    "prune", "plugin", "list", "info", "journal",
    "verify", "dump", "replay", "data", "generate", "config", "check", "schema", "demo", "version",
    "help", "--help", "-h", "--version", "--", "-", "--json", "--events", "--events=5", "--speed",
    "max", "--set", "a=b", "--set=", "--shadow", "-1", "99999999999999999999", "--limit", "--type",
    "-c", "-cq", "--config=", "--no-wait", "--no-wait=1", "", "=", "é", "a.tape", "trend",
  ]

  @Test func anyWordsAreReadOrNamed() throws {
    let parsers = [
      ArgumentParser(root: .keel, environment: [:]),
      ArgumentParser(root: SampleProgram.root, environment: ["KEEL_CONFIG": "x.json"]),
    ]
    var runs = 0
    try FuzzRound.run("ArgumentFuzz", usual: 1_000) { round in
      let words = (0..<round.number(0..<7)).map { _ in
        var bytes = Array(round.pick(Self.words).utf8)
        if round.chance(6) { round.rewrite(&bytes, with: Self.words) }
        return String(decoding: bytes, as: UTF8.self)
      }
      do throws(UsageError) {
        switch try round.pick(parsers).parse(words) {
        case .run: runs += 1
        case .manual(let path, _): #expect(!path.isEmpty, "\(round)")
        case .version: break
        }
      } catch {
        #expect(!error.message.isEmpty && error.command.hasPrefix("keel"), "\(round)")
      }
    }
    #expect(runs > 0)
  }
}
