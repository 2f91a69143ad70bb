import Foundation
import TestSupport
import Testing

/// `PluginAPI/REFERENCE.md` is what the headers say.
@Suite struct ReferenceTests {
  private let reference: HeaderReference
  private let written: String

  private static let path = Workbench.root + "/PluginAPI/REFERENCE.md"

  init() throws {
    let layout = Workbench.root + "/Tests/Fixtures/abi-layout.txt"
    reference = try HeaderReference(
      folder: Workbench.includes + "/keel", layout: String(contentsOfFile: layout, encoding: .utf8))
    if ProcessInfo.processInfo.environment["KEEL_UPDATE_SNAPSHOTS"] != nil {
      try reference.document().write(toFile: Self.path, atomically: true, encoding: .utf8)
    }
    written = (try? String(contentsOfFile: Self.path, encoding: .utf8)) ?? ""
  }

  /// After a change of a header run once with KEEL_UPDATE_SNAPSHOTS=1 and commit the document; when
  /// the layout changed as well, twice.
  @Test func itIsUpToDate() {
    let now = reference.document().components(separatedBy: "\n")
    let before = written.components(separatedBy: "\n")
    let change = zip(now + [""], before + [""]).first { $0 != $1 }
    #expect(change == nil, "\(Self.path) says \(change?.1 ?? ""), the headers \(change?.0 ?? "")")
    #expect(now.count == before.count)
  }

  /// Structs, functions, enums and types without a word of what they are.
  @Test func nothingPublicIsWithoutAComment() { #expect(reference.undocumented == []) }

  @Test func aMissingCommentIsNamed() {
    let reader = HeaderReader(
      """
      /* About. */
      #ifndef A_H
      #define A_H
      typedef struct bare { int a; } bare;
      /* Said. */
      typedef struct told {
          int a; /* A field needs none. */
          KEEL_ANY int (*silent)(int);
          /* Said. */
          KEEL_ANY int (*spoken)(int);
      } told;
      enum { LOOSE = 1 };
      #endif
      """)
    #expect(reader.items.flatMap(\.undocumented) == ["bare", "told.silent", "enum of LOOSE"])
  }

  /// The document is read as its reader would: nothing that the headers declare is left out.
  @Test func everythingDeclaredIsInIt() throws {
    let scan = try HeaderScan()
    #expect(Set(reference.headers.map(\.path)).union(["keel.h"]) == Set(scan.files))
    for each in scan.structs {
      let start = try #require(
        written.firstRange(of: "### <a id=\"\(each.name)\"></a>"), "\(each.name)")
      let rest = written[start.upperBound...]
      let part = rest[..<(rest.firstRange(of: "\n### ")?.lowerBound ?? rest.endIndex)]
      for field in each.fields {
        #expect(part.contains("| `\(field)` |"), "\(each.name).\(field)")
      }
      for function in each.functions {
        let name = function.components(separatedBy: "(*").dropFirst().first?.prefix { $0 != ")" }
        #expect(
          part.contains("#### `\(each.name).\(name ?? "?")` \\["), "\(each.name): \(function)")
      }
    }
    for constant in scan.constants + scan.strings {
      #expect(written.contains("| `\(constant)` |"), "\(constant)")
    }
    #expect(!written.contains("| ? |"))
  }

  @Test func everyLinkLeadsSomewhere() {
    let anchors = written.components(separatedBy: "<a id=\"").dropFirst().map {
      $0.prefix { $0 != "\"" }
    }
    let links = written.components(separatedBy: "](#").dropFirst().map { $0.prefix { $0 != ")" } }
    #expect(links.count > 100)
    #expect(Set(links).subtracting(anchors).sorted() == [])
    #expect(Set(anchors).count == anchors.count, "an anchor stands twice")
  }
}
