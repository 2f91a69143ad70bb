import Foundation
import JSON
import TestSupport
import Testing

@testable import Sessions

/// Bundles by the command line, from a library to code that trades.
@Suite struct BundleCommandTests {
  private let fixture: SessionFixture

  /// The plugins directory takes what it has; `vendor` takes signed bundles alone.
  init() throws {
    fixture = try SessionFixture()
    try FileManager.default.createDirectory(
      atPath: fixture.folder.file("vendor"), withIntermediateDirectories: true)
    let text = fixture.configurationText { text in
      text = text.replacingOccurrences(
        of: "[\"plugins\"]",
        with: "[\"plugins\", { \"path\": \"vendor\", \"policy\": \"signed\" }]")
    }
    try fixture.folder.write("strategies.json", Array(text.utf8))
  }

  @discardableResult
  private func keel(_ line: String, status: Int32 = 0) throws -> SpawnedKeel.Outcome {
    let words = line.split(separator: " ").map(String.init)
    let answer = try SpawnedKeel.run(words, in: fixture.folder)
    #expect(answer.status == status, "\(line): \(answer.output)\(answer.errors)")
    return answer
  }

  /// A later watcher as a signed bundle, and its key trusted.
  private func makeBundle(_ version: String = "2.0.0", extra: String = "") throws {
    let library = try SessionFixture.watcher(["VERSION": "\"\(version)\""])
    try keel("plugin pack \(library) -o watcher-\(version).keel \(extra)")
    if !FileManager.default.fileExists(atPath: fixture.folder.file("acme.key")) {
      try keel("plugin keygen acme")
      try keel("plugin trust add acme.pub --name acme --namespace test")
    }
    try keel("plugin sign watcher-\(version).keel --key acme.key")
  }

  /// Or its revocations would be forgotten in silence.
  @Test func aMisspeltTrustStoreIsAnError() throws {
    let text = fixture.configurationText { text in
      text = text.replacingOccurrences(
        of: "\"trust\": \"unsigned\"",
        with: "\"trust\": \"unsigned\", \"trustStore\": \"none.json\"")
    }
    try fixture.folder.write("strategies.json", Array(text.utf8))
    let answer = try SpawnedKeel.run(["backtest", "--events", "10"], in: fixture.folder)
    #expect(answer.status != 0 && answer.errors.contains("none.json"), "\(answer.errors)")
    let verified = try SpawnedKeel.run(
      ["plugin", "verify", "x.keel", "--store", "none.json"], in: fixture.folder)
    #expect(verified.status != 0 && verified.errors.contains("no trust store"))
  }

  @Test func whatABundleAsksForIsShownBeforeItIsInstalled() throws {
    try makeBundle(extra: "--network api.acme.com/v1/ --memory 64 --licence MIT")
    let refused = try keel("plugin install watcher-2.0.0.keel --directory vendor", status: 2)
    #expect(refused.output.contains("asks     network: api.acme.com/v1/"))
    #expect(refused.output.contains("asks     memory: at most 64 MB"))
    let none = "note     it asks for hosts, none are given by this version"
    #expect(refused.output.contains(none))
    #expect(try keel("plugin verify watcher-2.0.0.keel").output.contains(none))
    #expect(refused.errors.contains("nobody is there to answer"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: fixture.folder.file("vendor")).isEmpty)
    try keel("plugin install watcher-2.0.0.keel --directory vendor --yes")
    let list = try keel("plugin list --json").json
    let found = list["plugins"]?.elements?.first { $0["version"]?.string == "2.0.0" }
    #expect(found?["bundle"]?["signers"]?[0]?["name"]?.string == "acme")
    #expect(try keel("plugin info test.watcher@2.0.0").output.contains("signed  by acme"))
    try keel("plugin remove test.watcher@2.0.0")
    #expect(try keel("plugin info test.watcher@2.0.0", status: 3).errors.contains("oaded: 1.0.0"))
  }

  /// A folder of bundles and a trust store are enough.
  @Test func aBundleIsInstalledWithoutAConfiguration() throws {
    try makeBundle()
    try FileManager.default.removeItem(atPath: fixture.folder.file("strategies.json"))
    let line = "plugin install watcher-2.0.0.keel --directory vendor --yes"
    try keel(line + " --config none.json", status: 3)
    try keel("plugin install watcher-2.0.0.keel --yes", status: 3)
    #expect(try keel(line).output.contains("installed as vendor/test.watcher-2.0.0.keel"))
    try keel("plugin remove test.watcher --directory vendor")
    try keel("plugin trust remove acme")
    #expect(try keel(line, status: 4).errors.contains("not among those trusted here"))
    try keel("plugin trust add acme.pub --name acme --store other.json")
    try keel(line + " --store other.json")
    #expect(
      FileManager.default.fileExists(
        atPath: fixture.folder.file("vendor/test.watcher-2.0.0.keel")))
  }

  /// To look into it runs it, too: in a worker, which is where its bundle wants to be.
  @Test func aBundleForWorkersIsInstalledLookedIntoAndRun() throws {
    try makeBundle(extra: "--worker-only --memory 64")
    let install = try keel("plugin install watcher-2.0.0.keel --directory vendor --yes")
    #expect(install.output.contains("asks     runs in a worker process only"))
    #expect(try keel("plugin info test.watcher@2.0.0").output.contains("signed  by acme"))
    let paper = try PaperKeel(["paper", "--speed", "20"], fixture: fixture)
    #expect(try paper.slot("watch")?["version"]?.string == "2.0.0")
    #expect(try paper.slot("watch")?["isolation"]?.string == "process")
    _ = try paper.run("stop")
    #expect(try paper.keel.wait().status == 0)
    let text = try String(contentsOfFile: fixture.folder.file("strategies.json"), encoding: .utf8)
    try fixture.folder.write(
      "strategies.json",
      Array(
        text.replacingOccurrences(
          of: "{ \"name\": \"watch\", ",
          with: "{ \"name\": \"watch\", \"isolation\": \"guard\", "
        ).utf8))
    let refused = try keel("paper --speed max --events 10", status: 3)
    #expect(refused.errors.contains("strategies[1].isolation"), "\(refused.errors)")
    #expect(refused.errors.contains("its bundle asks for a worker process"))
  }

  @Test func aBoundOfMemoryThatBindsNobodyIsSaid() throws {
    try makeBundle(extra: "--memory 64")
    try keel("plugin install watcher-2.0.0.keel --directory vendor --yes")
    let run = try keel("paper --speed max --events 10")
    #expect(
      run.errors.contains("at most 64 MB of memory, which nothing enforces in the host"),
      "\(run.errors)")
  }

  @Test func trustIsTakenAway() throws {
    try makeBundle()
    #expect(
      try keel("plugin verify watcher-2.0.0.keel").output.contains("accepted: signed by acme"))
    try keel("plugin trust remove acme")
    try keel("plugin verify watcher-2.0.0.keel", status: 4)
    try keel("plugin verify watcher-2.0.0.keel --policy trusted")
    try keel("plugin trust add acme.pub --name acme --namespace com.acme")
    #expect(
      try keel("plugin verify watcher-2.0.0.keel", status: 4).errors
        .contains("test.watcher is outside com.acme"))
    try keel("plugin trust add acme.pub --name acme --expires 2020-01-01T00:00:00Z")
    #expect(
      try keel("plugin verify watcher-2.0.0.keel", status: 4).errors.contains("has expired"))
    try keel("plugin trust add acme.pub --name acme")
    try keel("plugin verify watcher-2.0.0.keel")
    try keel("plugin trust revoke watcher-2.0.0.keel")
    #expect(
      try keel("plugin verify watcher-2.0.0.keel --policy trusted", status: 4).errors
        .contains("this bundle is revoked"))
    try keel("plugin trust revoke acme")
    #expect(try keel("plugin trust list").output.contains("revoked key "))
    #expect(
      try keel("plugin trust add acme.pub --name acme", status: 4).errors.contains("is revoked"))
  }

  @Test func mistakesAreNamed() throws {
    try makeBundle()
    func expect(_ line: String, _ status: Int32, _ message: String) throws {
      #expect(try keel(line, status: status).errors.contains(message), "\(line)")
    }
    try expect("plugin pack plugins/watcher.so -o watcher.zip", 2, "ends with .keel")
    try expect("plugin pack plugins/none.so -o none.keel", 1, "there is no such file")
    try expect(
      "plugin pack plugins/watcher.so -o w.keel --network https://api.acme.com", 4,
      "is no host and path")
    try expect("plugin pack plugins/watcher.so -o watcher-2.0.0.keel", 1, "is there already")
    try expect("plugin keygen acme", 1, "is there already")
    try expect("plugin sign watcher-2.0.0.keel --key acme.pub", 1, "others may read")
    try expect("plugin trust add acme.key --name acme", 1, "is a private key")
    try expect("plugin trust add acme.pub --name acme --expires soon", 2, "--expires")
    try expect("plugin trust remove acne", 3, "no trusted key")
    try expect("plugin verify strategies.json", 4, "not named as a file of a bundle is")
    // A bundle is never written half; one whose library crashes is never packed.
    let crashing = try CPluginCompiler.compile("Tests/Fixtures/BadPlugins/entry_crashes.c")
    try expect("plugin pack \(crashing) -o crashing.keel", 4, "the probe ended with status 1")
    #expect(!FileManager.default.fileExists(atPath: fixture.folder.file("crashing.keel")))
  }

  /// Three seconds in a child are three seconds of trading.
  @Test func tradingGoesOnWhileNewCodeIsTried() throws {
    let library = try CPluginCompiler.compile(
      text: """
        #include <stdlib.h>
        #include <unistd.h>
        __attribute__((constructor)) static void slow(void)
        {
            if (!getenv("PATH")) sleep(3);
        }
        #define VERSION "5.0.0"
        #include "watcher.c"
        """, flags: ["-D_DEFAULT_SOURCE"],
      folder: CPluginCompiler.root + "/Tests/Fixtures/GoodPlugins")
    let paper = try PaperKeel(["paper", "--speed", "20"], fixture: fixture)
    let swap = try SpawnedKeel(
      ["swap", "watch", library, "--shadow", "2", "--probation", "2"], in: fixture.folder)
    usleep(500_000)
    let begin = Date()
    let turns = try paper.status()["turns"]?.integer ?? 0
    try paper.until("the session goes on", seconds: 2) {
      try paper.status()["turns"]?.integer ?? 0 > turns + 20
    }
    #expect(Date().timeIntervalSince(begin) < 2)
    // Who asks for the same slot meanwhile is told.
    let second = try paper.run("swap", "watch", library, "--no-wait")
    #expect(second.status == 4 && second.errors.contains("is being prepared"), "\(second.errors)")
    #expect(try paper.slot("watch")?["version"]?.string == "1.0.0")
    #expect(swap.isRunning)
    let outcome = try swap.wait()
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(try paper.slot("watch")?["version"]?.string == "5.0.0")
    _ = try paper.run("stop")
    #expect(try paper.keel.wait().status == 0)
  }

  /// Dropped into a watched directory of a trading session, offered, and swapped in by its id.
  @Test func aBundleDroppedInIsOfferedAndSwappedIn() throws {
    try makeBundle()
    let paper = try PaperKeel(["paper", "--speed", "20"], fixture: fixture)
    let bytes = try TemporaryDirectory.bytes(of: fixture.folder.file("watcher-2.0.0.keel"))
    try fixture.folder.write("vendor/new.keel", Array(bytes.prefix(bytes.count / 2)))
    func offer() throws -> JSONValue? {
      try paper.status()["offers"]?.elements?.first {
        $0["path"]?.string?.hasSuffix("new.keel") == true
      }
    }
    try paper.until("the half of it is seen") {
      try offer()?["state"]?.string == "incomplete"
    }
    try fixture.folder.write("vendor/new.keel", bytes)
    try paper.until("it is whole and offered") { try offer()?["state"]?.string == "available" }
    #expect(try offer()?["plugins"]?[0]?["version"]?.string == "2.0.0")
    #expect(try offer()?["signedBy"]?.string?.hasPrefix("acme") == true)
    #expect(try paper.run("status").output.contains("on offer: vendor/new.keel: available"))
    let swap = try paper.run("swap", "watch", "test.watcher@2.0.0", "--shadow", "2")
    #expect(swap.status == 0, "\(swap.output)\(swap.errors)")
    #expect(try paper.slot("watch")?["version"]?.string == "2.0.0")
    // It goes; what runs of it runs on.
    try TemporaryDirectory.remove(fixture.folder.file("vendor/new.keel"))
    try paper.until("it is no longer offered") { try offer() == nil }
    let turns = try paper.status()["turns"]?.integer ?? 0
    try paper.until("the session goes on") { try paper.status()["turns"]?.integer ?? 0 > turns }
    #expect(try paper.slot("watch")?["version"]?.string == "2.0.0")
    // A bare library where they are trusted is found by its id, too.
    try fixture.folder.write(
      "plugins/bare.so",
      TemporaryDirectory.bytes(of: SessionFixture.watcher(["VERSION": "\"3.0.0\""])))
    try paper.until("the library is offered") {
      try paper.status()["offers"]?.elements?.contains {
        $0["path"]?.string?.hasSuffix("bare.so") == true && $0["state"]?.string == "available"
      } == true
    }
    let bareSwap = try paper.run(
      "swap", "watch", "test.watcher@3.0.0", "--shadow", "2", "--probation", "2")
    #expect(bareSwap.status == 0, "\(bareSwap.output)\(bareSwap.errors)")
    #expect(try paper.slot("watch")?["version"]?.string == "3.0.0")
    // A bare library there is no plugin, also by its path.
    let bare = try TemporaryDirectory.bytes(
      of: SessionFixture.watcher(["VERSION": "\"4.0.0\""]))
    try fixture.folder.write("vendor/bare.so", bare)
    let refused = try paper.run("swap", "trend", "vendor/bare.so", "--no-wait")
    #expect(refused.status == 4 && refused.errors.contains("it is not signed"), "\(refused.errors)")
    #expect(try paper.run("stop").status == 0)
    #expect(try paper.keel.wait().status == 0)
  }
}
