import Foundation
import TestSupport
import Testing

/// Every rule is seen to fail: a bad example, a line that it names, and a good one beside it.
@Suite struct RuleTests {
  private func swift(_ text: String, _ path: String = "Host/Kernel/Thing.swift") -> SourceFile {
    SourceFile(path, text)
  }

  private func repeated(_ line: String, _ count: Int) -> String {
    String(repeating: line + "\n", count: count)
  }

  @Test func longFilesAndLines() {
    #expect(LengthRules.fileLength(swift(repeated("a", 499))).isEmpty)
    #expect(LengthRules.fileLength(swift(repeated("a", 500))).count == 1)
    let wide = String(repeating: "x", count: 101)
    #expect(LengthRules.columns(swift("a\n" + wide)).map(\.line) == [2])
    #expect(LengthRules.columns(SourceFile("a.h", wide)).isEmpty)
    #expect(LengthRules.columns(SourceFile("a.h", wide + wide)).count == 1)
  }

  @Test func longFunctions() {
    func body(_ count: Int) -> String {
      "struct A {\n  func a(\n    b: Int\n  ) -> Int {\n" + repeated("    x()", count)
        + "  }\n}\n"
    }
    #expect(LengthRules.functions(swift(body(66))).isEmpty)
    #expect(LengthRules.functions(swift(body(67))).map(\.line) == [2])
    let text =
      "struct A {\n  let s = \"func { \\\" {\"  // func a() {\n" + repeated("  let x = 1", 90)
    #expect(LengthRules.functions(swift(text + "}\n")).isEmpty)
    let bodiless = "protocol P {\n  func a()\n}\nstruct A {\n" + repeated("  let x = 1", 90) + "}\n"
    #expect(LengthRules.functions(swift(bodiless)).isEmpty)
    let c = "static int f(void)\n{\n" + repeated("  x();", 70) + "}\n"
    #expect(LengthRules.functions(SourceFile("a.c", c)).map(\.line) == [1])
    #expect(LengthRules.functions(SourceFile("a.c", "typedef struct a {\n} a;\n")).isEmpty)
  }

  @Test func codeIsToldFromTextAndComments() {
    let text = """
      let a = "{ \\" {" // {
      /* { /* { */ { */ let b = #"{ " {"#
      let c = \"\"\"
        { "
        \"\"\" + d
      """
    let code = CodeText.blanked(text).joined(separator: "\n")
    #expect(!code.contains("{"))
    #expect(code.contains("let b"))
    #expect(code.contains("+ d"))
  }

  @Test func emptyNames() {
    #expect(NameRules.path("Host/StringUtils.swift").count == 1)
    #expect(NameRules.path("Host/Common/A.swift").count == 1)
    #expect(NameRules.path("Host/a b.swift").count == 1)
    #expect(NameRules.path("Host/Commons.swift").isEmpty)
    #expect(
      NameRules.types(swift("struct A {\n  final class OrderManager {}\n}")).map(\.line) == [2])
    #expect(NameRules.types(swift("// class OrderManager\nstruct A {}")).isEmpty)
  }

  @Test func filesHoldWhatTheyAreNamedFor() {
    func defects(_ path: String, _ text: String) -> Int {
      NameRules.mainType(SourceFile(path, text)).count
    }
    #expect(defects("A.swift", "struct A {}\nenum B {}") == 0)
    #expect(defects("A.swift", "struct B {\n  struct A {}\n}") == 1)
    #expect(defects("A+Snapshot.swift", "extension A {}") == 0)
    #expect(defects("A+Snapshot.swift", "extension B {}") == 1)
    #expect(defects("OrderViews.swift", "struct FillView {}\nstruct OrderView {}") == 0)
    #expect(defects("OrderViews.swift", "struct Fill {}\nstruct OrderView {}") == 1)
    #expect(defects("Entry.swift", "func keel_entry_v0() {}") == 0)
  }

  @Test(arguments: [
    ("Host/Kernel/A.swift", "import Foundation"), ("Host/Simulation/A.swift", "import Glibc"),
    ("Host/Kernel/A.swift", "package import Storage"),
    ("PluginAPI/Market/A.swift", "public import Glibc"),
    ("PluginAPI/PluginSDK/A.swift", "import Foundation"),
    ("Host/Edges/Storage/A.swift", "import Sessions"),
    ("Host/Edges/Storage/A.swift", "package import Kernel"),
    ("Host/CommandLine/A.swift", "import PluginSDK"),
    ("Host/Projections/History/A.swift", "import Kernel"),
    ("Host/Projections/History/A.swift", "import Sessions"),
    ("Plugins/Strategies/S/A.swift", "import PluginABI"),
    ("Tests/Fixtures/F/A.swift", "import Foundation"),
    ("Plugins/Strategies/S/A.swift", "import struct Foundation.Date"),
  ])
  func wrongImports(path: String, line: String) {
    #expect(ImportRules.check(SourceFile(path, "\n" + line)).map(\.line) == [2])
  }

  @Test(arguments: [
    ("Host/Kernel/A.swift", "package import Market"), ("Host/Edges/JSON/A.swift", "import Glibc"),
    ("Plugins/Strategies/S/A.swift", "import PluginSDK"),
    ("Host/Kernel/A.swift", "// import Foundation"),
  ])
  func rightImports(path: String, line: String) {
    #expect(ImportRules.check(SourceFile(path, line)).isEmpty)
  }

  @Test func stagesFlowOneWay() {
    let book = SourceFile("Host/Kernel/1-State/Book.swift", "struct Book {}\nlet r: Refusal")
    let risk = SourceFile("Host/Kernel/4-Risk/Refusal.swift", "enum Refusal {}\nlet b: Book")
    let kernel = SourceFile("Host/Kernel/Kernel.swift", "struct Kernel { let r: Refusal }")
    let defects = StageRules.check([book, risk, kernel])
    #expect(
      defects.map(\.description)
        == ["Host/Kernel/1-State/Book.swift:2: names Refusal, which stage 4 declares"])
  }

  @Test func aFloatInTheLedger() {
    let text = "struct Cash {\n  var total: Double\n}\n"
    let paths = [
      "Host/Kernel/1-State/Cash.swift", "Host/Kernel/2-Signals/Cash.swift", "Host/Runs/Cash.swift",
    ]
    #expect(
      LedgerRules.check(paths.map { SourceFile($0, text) }).map(\.description) == [
        "Host/Kernel/1-State/Cash.swift:2: money is a fixed-point decimal, never a float"
      ])
  }

  @Test func whatNoSnapshotHolds() {
    let state = SourceFile(
      "Host/Kernel/1-State/Thing.swift",
      """
      package struct Thing: Sendable {
        package internal(set) var kept = 0
        private var lost = [1, 2].map { $0 + 1 }
        static let none = 0
        var computed: Int {
          let inner = 1
          return inner
        }
        struct Part {
          let missing: Int
          var short: Int { missing }
        }
        let last: Int
      }
      """)
    let codes = SourceFile(
      "Host/Kernel/Snapshot/Thing+Snapshot.swift",
      """
      extension Thing: SnapshotValue {
        mutating func code(_ codec: inout SnapshotCodec) {
          codec.value(&kept)  // lost
        }
      }

      extension Thing.Part: SnapshotElement {
        mutating func code(_ codec: inout SnapshotCodec) {}
      }
      """)
    #expect(SnapshotRules.check([state, codes]).map(\.line) == [3, 10, 13])
    #expect(SnapshotRules.check([state]).isEmpty)
  }

  @Test func wordsThatDoNotBelong() {
    for word in WordRules.unfinished + WordRules.ofOneMachine {
      #expect(WordRules.check(SourceFile("a.md", "x \(word) y")).count == 1, "\(word)")
    }
    for word in WordRules.inCode {
      #expect(WordRules.check(swift("\(word)()")).count == 1)
      #expect(WordRules.check(swift("// \(word) is not used")).isEmpty)
    }
  }

  @Test func theTopIsFixed() {
    #expect(
      TreeRules.topLevel(["Scripts", "Host", "Host/x", "README.md"]).map(\.path) == ["Scripts"])
  }

  @Test func targetsMatchTheirFolders() {
    typealias Target = TreeRules.Target
    let good = [Target(name: "A", path: "Host/A"), Target(name: "B", path: "Host/Group/B")]
    #expect(TreeRules.targets(good, files: ["Host/A/a.swift", "Package.swift"]).isEmpty)
    #expect(TreeRules.targets([Target(name: "A", path: "Host/B")], files: []).count == 1)
    let nested = good + [Target(name: "C", path: "Host/A/C")]
    #expect(TreeRules.targets(nested, files: []).map(\.path) == ["Host/A"])
    #expect(TreeRules.targets(good, files: ["Host/Group/b.swift"]).count == 1)
    #expect(TreeRules.targets(good, files: ["Plugins/Strategies/M/m.c"]).isEmpty)
  }

  @Test func targetsAreReadFromTheManifest() {
    let text = """
      func part(_ name: String) -> Target { .target(name: name, path: "\\(folder)") }
      let pluginTargets = [ plugin("S", in: "Plugins/Strategies") ]
      let package = Package(name: "k", targets: [
        cTarget("C", "Host/C", ["D"]), part("P", in: "Host/Edges", ["Q"]), tests("T", []),
        .executableTarget(
          name: "keel", dependencies: ["P"], path: "Host/CommandLine"),
      ])
      """
    let expected = [
      "P Host/Edges/P", "S Plugins/Strategies/S", "T Tests/T", "C Host/C",
      "keel Host/CommandLine",
    ]
    let targets = PackageManifest.targets(text)
    #expect(targets.map { "\($0.name) \($0.path)" } == expected)
    let dependencies: [Set<String>] = [["Q"], ["PluginSDK"], ["TestSupport"], ["D"], ["P"]]
    #expect(targets.map(\.dependencies) == dependencies)
  }

  @Test func importsStandInTheManifest() {
    let targets = [
      TreeRules.Target(name: "A", path: "Host/A", dependencies: ["B"]),
      TreeRules.Target(name: "B", path: "Host/B"), TreeRules.Target(name: "C", path: "Host/C"),
    ]
    let file = SourceFile("Host/A/a.swift", "import B\nimport Glibc\npackage import C\n")
    #expect(DependencyRules.check([file], targets).map(\.line) == [3])
    let shared = SourceFile("Host/A/a.swift", "#if KEEL_MODULES\nimport C\n#endif\nimport C\n")
    #expect(DependencyRules.check([shared], targets).map(\.line) == [4])
  }

  @Test func undrivenConstantsSayDraft() {
    let header = SourceFile(
      "a.h",
      """
      enum { /* kinds */
          KEEL_A = 1, /* driven */
          KEEL_B,     /* nobody names it */
          KEEL_C      /* (DRAFT) */
      };
      enum { KEEL_D }; /* (DRAFT) */
      enum { KEEL_E };
      """)
    let code = [
      swift("let a = KEEL_A  // KEEL_B"), SourceFile("Host/RecordKind.swift", "KEEL_E"),
    ]
    #expect(DraftRules.check([header], code: code).map(\.line) == [3, 7])
    let file = SourceFile("b.h", "/* x\n * DRAFT: laid out. */\nenum { KEEL_F };\n")
    #expect(DraftRules.check([file], code: []).isEmpty)
    #expect(DraftRules.check([SourceFile("keel.h", file.text)], code: []).map(\.line) == [3])
  }

  @Test func emptyFoldersAreFound() throws {
    try TemporaryDirectory.lend { folder in
      let manager = FileManager.default
      for name in ["full", "void", ".build/inner"] {
        try manager.createDirectory(
          at: folder.appending(path: name), withIntermediateDirectories: true)
      }
      try "x".write(to: folder.appending(path: "full/a"), atomically: true, encoding: .utf8)
      try manager.createSymbolicLink(
        at: folder.appending(path: "link"), withDestinationURL: folder.appending(path: "void"))
      let tree = SourceTree(root: folder)
      #expect(tree.emptyFolders == ["void"])
      #expect(tree.paths == ["full", "full/a", "void"])
    }
  }
}
