import PluginHost
import TestSupport
import Testing

/// Real plugins with changed bytes: read and judged, never trusted, never mapped.
@Suite struct ElfLintFuzz {
  private struct Library {
    let bytes: [UInt8]
    /// Where the reader looks: header, program headers, sections, symbols, dynamic section.
    let places: [Range<Int>]

    init(_ path: String) throws {
      bytes = try TemporaryDirectory.bytes(of: path)
      let bytes = bytes
      func number(_ offset: Int, _ size: Int) -> Int {
        (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
      }
      let sections = number(40, 8)
      var places = [0..<64, 64..<64 + 56 * number(56, 2), sections..<bytes.count]
      for section in 0..<number(60, 2) {
        let header = sections + 64 * section
        // SHT_DYNAMIC, SHT_DYNSYM, SHT_STRTAB.
        guard [6, 11, 3].contains(number(header + 4, 4)) else { continue }
        places.append(number(header + 24, 8)..<number(header + 24, 8) + number(header + 32, 8))
      }
      self.places = places
    }
  }

  private static func libraries() throws -> [Library] {
    let files =
      ["Plugins/Strategies/MeanReversion/mean_reversion.c"]
      + ["traps", "static_tls", "null_call"].map { "Tests/Fixtures/BadPlugins/\($0).c" }
    return try files.map { try Library(try CPluginCompiler.compile($0)) }
  }

  @Test func changedLibrariesAreJudged() throws {
    let libraries = try Self.libraries()
    let scratch = TemporaryDirectory()
    var verdicts: [String: Int] = [:]
    try FuzzRound.run("ElfLintFuzz", usual: 1_500) { round in
      let library = round.pick(libraries)
      var bytes = library.bytes
      round.change(&bytes, in: library.places)
      if round.chance(10) { bytes.removeLast(round.number(0..<bytes.count)) }
      var verdict = "accepted"
      do throws(PluginHostError) {
        var file = PluginFile(path: "changed.so", bytes: bytes)
        if round.chance(20), !bytes.isEmpty {
          let path = scratch.file("changed.so")
          do { try TemporaryDirectory.write(path, bytes) } catch { Issue.record(error) }
          file = try PluginFile(path: path, bytesMax: 1 << 20)
          #expect(file.bytes == bytes, "\(round)")
        }
        try ElfLint.check(file, policy: LoadPolicy())
      } catch {
        verdict = error.code.rawValue
        #expect([.notASharedObject, .foreign, .lint].contains(error.code), "\(round)")
        #expect(error.defects.allSatisfy { !$0.remedy.isEmpty && !$0.message.isEmpty }, "\(round)")
      }
      verdicts[verdict, default: 0] += 1
    }
    let maps = String(decoding: try TemporaryDirectory.bytes(of: "/proc/self/maps"), as: UTF8.self)
    #expect(!maps.contains("changed.so"))
    // The changes reach every judgement, so that none of them is untried.
    if verdicts.values.reduce(0, +) >= 1_500 {
      #expect(verdicts.keys.sorted() == ["accepted", "foreign", "lint", "notASharedObject"])
    }
  }
}
