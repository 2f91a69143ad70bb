import Foundation
import TestSupport
import Testing

/// The ABI is what closed plugins were built against: its layout is compared with a committed text,
/// byte by byte, and its headers are compiled as their users compile them.
@Suite struct ABITests {
  private let scan: HeaderScan

  init() throws { scan = try HeaderScan() }

  @Test func theScanSeesTheHeaders() {
    #expect(scan.structs.count > 50)
    #expect(scan.structs.contains { $0.name == "keel_ev_quote" && $0.fields.contains("ask_qty") })
    #expect(scan.constants.contains("KEEL_IN_CANCEL_ALL") && scan.constants.contains("KEEL_NULL"))
    #expect(scan.strings.contains("KEEL_STRATEGY"))
  }

  /// A size, an offset or a number that changed. After a deliberate change of the draft, run once
  /// with KEEL_UPDATE_SNAPSHOTS=1 and commit the text.
  @Test func layoutIsTheCommittedOne() throws {
    let printed = try Workbench.compileAndRun(layoutProgram())
    try #require(printed.status == 0, "\(printed.output)")
    let path = Workbench.root + "/Tests/Fixtures/abi-layout.txt"
    if ProcessInfo.processInfo.environment["KEEL_UPDATE_SNAPSHOTS"] != nil {
      try printed.output.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let committed = try String(contentsOfFile: path, encoding: .utf8)
    let now = Set(printed.output.split(separator: "\n"))
    let before = Set(committed.split(separator: "\n"))
    let lost = before.subtracting(now).sorted().map { "- \($0)" }
    let new = now.subtracting(before).sorted().map { "+ \($0)" }
    #expect(lost.isEmpty && new.isEmpty, "\((lost + new).joined(separator: "\n"))")
  }

  private func layoutProgram() -> String {
    var lines = ["#include <keel/keel.h>", "#include <stdio.h>", "int main(void) {"]
    for each in scan.structs {
      lines.append("  printf(\"\(each.name) size %zu\\n\", sizeof(\(each.name)));")
      for field in each.fields {
        lines.append(
          """
            printf("\(each.name).\(field) at %zu size %zu\\n", offsetof(\(each.name), \(field)), \
          sizeof(((\(each.name) *)0)->\(field)));
          """)
      }
    }
    for each in scan.constants {
      lines.append("  printf(\"\(each) = %lld\\n\", (long long)\(each));")
    }
    for each in scan.strings { lines.append("  printf(\"\(each) = %s\\n\", \(each));") }
    return (lines + ["  return 0;", "}", ""]).joined(separator: "\n")
  }

  /// Each header by itself, so that none leans on what stands before it.
  @Test(arguments: ["cc", "gcc", "clang"], ["c11", "c++17"])
  func headersCompile(compiler: String, standard: String) throws {
    guard let program = Workbench.find(compiler) else { return }
    let language = standard == "c11" ? "c" : "c++"
    let probe = try ToolRun.run([program, "-x", language, "-fsyntax-only", "-"])
    // A C compiler without its C++ half, or a stripped toolchain.
    guard probe.status == 0 else { return }
    for file in scan.files {
      let outcome = try ToolRun.run(
        [
          program, "-std=\(standard)", "-Wall", "-Wextra", "-pedantic", "-Werror", "-x", language,
          "-fsyntax-only", "-I", Workbench.includes, "-",
        ],
        input: "#include <keel/\(file)>\n" + (file == "keel.h" ? Self.guards : "")
          + "int main(void) { return 0; }\n")
      #expect(outcome.status == 0, "\(file): \(outcome.output)")
    }
  }

  /// The macros that ask what the other side is new enough for, in every language.
  private static let guards = """
    int has(const keel_host *h) { return KEEL_HAS(h, timer) && KEEL_COVERS(h, abi_minor); }
    int reads(const keel_ev_quote *q) { return KEEL_RECORD_HAS(q, venue_seq); }

    """

  /// Without its tag a function has no thread, and nobody may call it.
  @Test func everyFunctionPointerCarriesOneTag() {
    let tags = ["KEEL_CONTROL", "KEEL_EVENT", "KEEL_IO", "KEEL_ANY"]
    var count = 0
    for each in scan.structs {
      for function in each.functions {
        let words = function.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
        let found = words.filter { tags.contains($0) }
        #expect(found.count == 1, "\(each.name): \(function)")
        count += 1
      }
    }
    #expect(count > 40)
  }
}
