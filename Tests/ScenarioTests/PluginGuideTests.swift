import Foundation
import TestSupport
import Testing

/// Does what `PluginAPI/README.md` says, word for word.
@Suite(.serialized) struct PluginGuideTests {
  private let guide: GuideText
  private let folder = TemporaryDirectory()

  init() throws { guide = try GuideText() }

  /// Both sides of a sale: what the vendor made is what the buyer takes, in a folder of its own.
  @Test func aBundleIsMadeSignedSoldAndRun() throws {
    let made = try guide.follow("From nothing to a signed bundle", in: folder)
    #expect(made.contains("0 failed") && made.contains("breakout 1.0.0"))
    #expect(made.contains("breakout.keel: signed by key "))
    let shop = TemporaryDirectory()
    for file in ["breakout/build/breakout.keel", "acme.pub"] {
      try FileManager.default.copyItem(
        atPath: folder.file(file), toPath: shop.file((file as NSString).lastPathComponent))
    }
    let bought = try guide.follow("With one bundle in hand", in: shop)
    #expect(bought.contains("accepted: signed by acme"))
    #expect(bought.contains("breakout 1.0.0"))
  }

  /// The buyer's commands are refused where the key is not known.
  @Test func aBundleOfNobodyIsNotInstalled() throws {
    let steps = try guide.steps("With one bundle in hand")
    let commands = try #require(steps.first { $0.language == "sh" }).text
    let lines = commands.split(separator: "\n")
    #expect(lines.first?.hasPrefix("keel plugin trust add acme.pub") == true)
    #expect(lines.contains { $0.hasPrefix("keel plugin install breakout.keel") })
    let library = try SessionFixture.watcher([:])
    let pack = try SpawnedKeel.run(
      ["plugin", "pack", library, "-o", "breakout.keel"], in: folder)
    try #require(pack.status == 0, "\(pack.errors)")
    let settings = try #require(steps.first { $0.language == "json" })
    try folder.write("strategies.json", Array(settings.text.utf8))
    let refused = try SpawnedKeel.run(
      ["plugin", "install", "breakout.keel", "--yes"], in: folder)
    #expect(refused.status == 4, "\(refused.output)\(refused.errors)")
  }

  @Test func theHeadersAloneAreEnough() throws {
    try key()
    let run = try guide.follow("With the headers alone", in: folder)
    #expect(run.contains(" 0 warned, 0 failed") && run.contains("holder.keel: signed by key "))
  }

  @Test(.enabled(if: CPluginCompiler.isInstalled("c++"), "there is no C++ compiler"))
  func theAlphaInCPlusPlus() throws { try followAlpha("C++", "cpp") }

  @Test func theAlphaInSwift() throws { try followAlpha("Swift", "swift") }

  @Test(.enabled(if: CPluginCompiler.isInstalled("rustc"), "there is no rustc"))
  func theAlphaInRust() throws { try followAlpha("Rust", "rust") }

  /// No block stands under a heading that no test follows.
  @Test func everyBlockIsFollowed() {
    #expect(
      guide.headings == [
        "From nothing to a signed bundle", "With one bundle in hand", "With the headers alone",
        "C++", "Swift", "Rust",
      ])
  }

  private func followAlpha(_ heading: String, _ language: String) throws {
    try key()
    let steps = try guide.steps(heading)
    #expect(steps.map(\.language) == ["sh", language, "sh"])
    let run = try guide.follow(heading, in: folder)
    #expect(run.contains(" 0 warned, 0 failed") && run.contains("pulse.keel: signed by key "))
    // The guide's own text was built, not the template it replaces.
    let source = try String(contentsOfFile: folder.file(steps[1].file), encoding: .utf8)
    #expect(source == steps[1].text)
  }

  /// What the first part of the guide left behind.
  private func key() throws {
    let made = try SpawnedKeel.run(["plugin", "keygen", "acme"], in: folder)
    try #require(made.status == 0, "\(made.errors)")
  }
}
